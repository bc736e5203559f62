import type { FastifyInstance } from 'fastify';
import type { Ctx } from '../../src/context.js';
import { registerApi } from '../../src/http/api.js';
import { registerHealth, type HealthDeps } from '../../src/http/health.js';
import { createServer } from '../../src/http/server.js';
import type { TestClock } from './test-clock.js';
import { testCtx } from './test-ctx.js';

export const TOKEN = 'document-system-token-1';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Record<string, unknown>;
}

/** The REST API alone, without channels and background work, on a database of its own. */
export interface ApiStory {
  ctx: Ctx;
  clock: TestClock;
  http: FastifyInstance;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Like post, and the story fails unless something was made. Returns the answer's body. */
  make(path: string, body?: unknown): Promise<Record<string, string>>;
  close(): Promise<void>;
}

const quiet: HealthDeps = { channels: () => ({}), lastTickAt: () => ({}) };

export async function openApiStory(env: Record<string, string> = { API_TOKEN: TOKEN }, deps: HealthDeps = quiet): Promise<ApiStory> {
  const { ctx, clock, close } = await testCtx('2026-11-19T02:00:00Z', env);
  const http = await createServer(ctx);
  await registerHealth(http, ctx, deps);
  await registerApi(http, ctx);
  await http.ready();
  const call = async (method: 'GET' | 'POST', url: string, body: unknown, headers: Record<string, string>): Promise<Answer> => {
    const response = await http.inject({ method, url, headers: { authorization: `Bearer ${TOKEN}`, ...headers }, ...(body === undefined ? {} : { payload: body as object }) });
    return { status: response.statusCode, body: response.json<Record<string, unknown>>(), headers: response.headers };
  };
  const post: ApiStory['post'] = (path, body, headers = {}) => call('POST', path, body, headers);
  return {
    ctx,
    clock,
    http,
    get: (path) => call('GET', path, undefined, {}),
    post,
    make: async (path, body) => {
      const answer = await post(path, body);
      if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as Record<string, string>;
    },
    close: async () => {
      await http.close();
      await close();
    },
  };
}

/** The Office and one department with an officer: enough to give work. */
export async function smallProvince(story: ApiStory): Promise<{ leader: string; officer: string; monitor: string }> {
  await story.make('/api/v1/agencies', { code: 'UBND', name: 'UBND tỉnh Lào Cai', type: 'province' });
  await story.make('/api/v1/agencies', { code: 'VP', name: 'Văn phòng UBND tỉnh', type: 'office', parentCode: 'UBND' });
  await story.make('/api/v1/agencies', { code: 'STC', name: 'Sở Tài chính', type: 'department', parentCode: 'UBND' });
  const person = async (name: string, position: string, agencyCode: string, role: string) =>
    (await story.make('/api/v1/people', { name, position, agencyCode, roles: [role] }))['id'] ?? '';
  return {
    leader: await person('Hoàng Văn Dật', 'Giám đốc Sở Tài chính', 'STC', 'leader'),
    officer: await person('Nguyễn Tố Quyên', 'Chuyên viên Sở Tài chính', 'STC', 'officer'),
    monitor: await person('Trần Thục Nhi', 'Chuyên viên Văn phòng UBND tỉnh', 'VP', 'office'),
  };
}
