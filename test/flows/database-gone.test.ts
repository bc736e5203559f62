import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApiStory, type ApiStory } from '../support/api.js';
import { breakableWire, type BreakableWire } from '../support/breakable-wire.js';
import { testUri } from '../support/test-ctx.js';

let wire: BreakableWire;
let story: ApiStory;

beforeEach(async () => {
  wire = await breakableWire(testUri());
  process.env['NV_TEST_DB'] = wire.uri;
  story = await openApiStory();
});
afterEach(async () => {
  await story.close();
  wire.cut();
});

const agency = { code: 'STC', name: 'Sở Tài chính', type: 'department' };
const key = { 'idempotency-key': 'gd-1' };

test('the database is gone: other systems are asked to come back later, and can when it is back', { timeout: 60_000 }, async () => {
  wire.cut();
  const [read, write, ready] = await Promise.all([story.get('/api/v1/tasks'), story.post('/api/v1/agencies', agency, key), story.get('/readyz')]);
  for (const answer of [read, write]) expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '10' } });
  expect(ready).toMatchObject({ status: 503, body: { problems: [{ part: 'database' }] } });

  await wire.mend();
  expect(await story.post('/api/v1/agencies', agency, key)).toMatchObject({ status: 201, body: { code: 'STC' } });
  expect((await story.get('/readyz')).status).toBe(200);
});
