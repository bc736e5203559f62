import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorKinds } from '../../src/kernel/errors.js';
import { openApiStory, TOKEN, type ApiStory } from '../support/api.js';

let story: ApiStory;
beforeEach(async () => void (story = await openApiStory()));
afterEach(() => story.close());

const agency = { code: 'SNV', name: 'Sở Nội vụ', type: 'department' };
const paths = [
  ['POST', '/api/v1/agencies'], ['GET', '/api/v1/agencies/STC'], ['POST', '/api/v1/agencies/STC/change'], ['POST', '/api/v1/people'], ['POST', '/api/v1/people/0/link-codes'], ['POST', '/api/v1/directives'], ['GET', '/api/v1/tasks'],
  ['GET', '/api/v1/tasks/NV-2026-00001'], ['GET', '/api/v1/deliveries'], ['POST', '/api/v1/meetings'], ['GET', '/api/v1/meetings/HOP-2026-00001'],
  ['POST', '/api/v1/meetings/HOP-2026-00001/postpone'], ['POST', '/api/v1/meetings/HOP-2026-00001/cancel'],
  ['GET', '/api/v1/people/0'], ['POST', '/api/v1/people/0/change'], ['POST', '/api/v1/people/0/deactivate'], ['POST', '/api/v1/people/0/reactivate'], ['POST', '/api/v1/directives/0/files'], ['POST', '/api/v1/meetings/HOP-2026-00001/files'], ['GET', '/api/v1/meetings/HOP-2026-00001/files'], ['GET', '/api/v1/tasks/NV-2026-00001/files'], ['GET', '/api/v1/files/0'],
] as const;

describe('who may call', () => {
  test.each(paths)('%s %s is closed without the token and with another one', async (method, url) => {
    for (const authorization of [undefined, 'Bearer', 'Bearer another-token-0000', `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN} ${TOKEN}`]) {
      const answer = await story.http.inject({ method, url, headers: authorization === undefined ? {} : { authorization }, ...(method === 'POST' ? { payload: agency } : {}) });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.json()).toMatchObject({ code: 'not-signed-in' });
    }
    expect(await story.ctx.db.Agency.countDocuments()).toBe(0);
  });

  test('who calls without end is asked to wait', async () => {
    const codes = new Set<number>();
    for (let call = 0; call < 3_001; call++) codes.add((await story.http.inject('/api/v1/tasks')).statusCode);
    expect([...codes]).toEqual([401, 429]);
    const answer = await story.get('/api/v1/tasks');
    expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('without a configured token nobody gets in, not even with an empty one', async () => {
    await story.close();
    story = await openApiStory({});
    for (const authorization of ['Bearer ', 'Bearer undefined', `Bearer ${TOKEN}`]) {
      expect((await story.http.inject({ url: '/api/v1/tasks', headers: { authorization } })).statusCode).toBe(401);
    }
  });
});

describe('what is not a request of ours', () => {
  const raw = (payload: string, type = 'application/json') => story.http.inject({ method: 'POST', url: '/api/v1/agencies', headers: { authorization: `Bearer ${TOKEN}`, 'content-type': type }, payload });

  test.each([
    ['broken JSON', () => raw('{"code": "SNV",'), 400, 'input-invalid'],
    ['another kind of content', () => raw('<agency/>', 'application/xml'), 415, 'media-type-unsupported'],
    ['a body too large', () => raw(JSON.stringify({ ...agency, name: 'x'.repeat(1_100_000) })), 413, 'body-too-large'],
    ['no body', () => raw(''), 400, 'input-invalid'],
    ['an address nobody knows', () => story.http.inject('/api/v1/khong-co?token=abc'), 404, 'not-found'],
    ['an address that cannot be read', () => story.http.inject('/api/v1/tasks/%ff'), 404, 'not-found'],
  ])('%s', async (_what, ask, status, code) => {
    const answer = await ask();
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code });
  });

  test('a bug answers 500 without telling anything', async () => {
    story.ctx.db.Agency.exists = () => { throw new Error('secret detail'); };
    const answer = await story.post('/api/v1/agencies', { ...agency, parentCode: 'UBND' });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal', requestId: answer.headers['x-request-id'] } });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});

describe('the document', () => {
  test('is OpenAPI 3.1, public, and lists every path and every error code', async () => {
    const answer = await story.http.inject('/api/v1/openapi.json');
    const document = answer.json<{ openapi: string; paths: Record<string, Record<string, { responses: Record<string, unknown> }>>; components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } } }>();
    expect(document.openapi).toMatch(/^3\.1\./);
    const listed = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(listed.sort()).toEqual([
      'GET /api/v1/agencies/{code}', 'GET /api/v1/deliveries', 'GET /api/v1/files/{id}', 'GET /api/v1/meetings/{code}', 'GET /api/v1/meetings/{code}/files',
      'GET /api/v1/people/{id}', 'GET /api/v1/tasks', 'GET /api/v1/tasks/{code}', 'GET /api/v1/tasks/{code}/files',
      'POST /api/v1/agencies', 'POST /api/v1/agencies/{code}/change', 'POST /api/v1/directives', 'POST /api/v1/directives/dry-run', 'POST /api/v1/directives/{id}/files', 'POST /api/v1/meetings',
      'POST /api/v1/meetings/{code}/attendees', 'POST /api/v1/meetings/{code}/cancel', 'POST /api/v1/meetings/{code}/files', 'POST /api/v1/meetings/{code}/postpone', 'POST /api/v1/people',
      'POST /api/v1/people/{id}/change', 'POST /api/v1/people/{id}/deactivate', 'POST /api/v1/people/{id}/link-codes', 'POST /api/v1/people/{id}/reactivate',
    ]);
    expect(document.components.schemas.Problem.properties.code.enum).toEqual([...Object.keys(errorKinds), 'internal']);
    expect(JSON.stringify(document.paths['/api/v1/directives']?.['post']?.responses['4XX'])).toContain('#/components/schemas/Problem');
  });

  test.each(['/api/docs', '/api/docs/'])('can be browsed at %s with local assets only', async (address) => {
    const page = await story.http.inject(address);
    expect(page.statusCode).toBe(200);
    const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset]) => asset ?? '');
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      expect(asset).not.toMatch(/^(https?:)?\/\//);
      expect((await story.http.inject(new URL(asset, `http://x${address}`).pathname)).statusCode, asset).toBe(200);
    }
  });
});
