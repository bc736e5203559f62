import type { FastifyInstance } from 'fastify';
import { because, type Ctx } from '../src/context.js';
import { attachToDirective } from '../src/directives/attach-to-directive.js';
import { getTask } from '../src/directives/find-tasks.js';
import { mustReadTaskFile, taskFiles } from '../src/directives/task-files.js';
import { downloadHeaders } from '../src/files/download-headers.js';
import type { StoredFile } from '../src/files/file.model.js';
import { findFile, filesOf, readBytes } from '../src/files/read-file.js';
import { DomainError } from '../src/kernel/errors.js';
import { formatInstant } from '../src/kernel/local-date.js';
import { attachToMeeting } from '../src/meetings/attach-to-meeting.js';
import { getMeeting } from '../src/meetings/find-meetings.js';
import type { Actor } from '../src/people/actor.js';
import { can } from '../src/people/policy.js';
import { sizeText } from '../src/texts/file-texts.js';
import { currentUser } from './current.js';

/** Five megabytes in base64, with room for the rest of the form. */
const BODY_LIMIT = 7_200_000;

/** What a file hangs on, as the screens name it. */
type Kind = 'task' | 'directive' | 'meeting';
interface About {
  kind: Kind;
  code: string;
}

/** Files of tasks, documents and meetings: the list, a new one, the download. The rules are those of what a file belongs to. */
export function registerFileRoutes(http: FastifyInstance, ctx: Ctx): void {
  const here = because(ctx, 'admin:read');
  http.get<{ Params: About }>('/admin/api/office/files/:kind/:code', async ({ params }) => ({
    files: (await list(here, me(), params)).map((file) => ({ id: String(file._id), name: file.name, size: sizeText(file.size), by: file.by, at: formatInstant(file.at), report: file.owner.kind === 'progress' })),
    mayAdd: params.kind !== 'task' && can(me(), params.kind === 'meeting' ? 'meeting.write' : 'directive.write'),
  }));
  http.post<{ Params: About; Body: { name?: unknown; content?: unknown; nonce?: unknown } | null }>('/admin/api/office/files/:kind/:code', { bodyLimit: BODY_LIMIT }, async ({ params, body, id }) => {
    const { name, content, nonce } = body ?? {};
    if (typeof name !== 'string' || typeof content !== 'string') throw new DomainError('input-invalid', { path: 'content', expected: 'cần một tệp' });
    const own = because(ctx, `admin:${typeof nonce === 'string' && /^[0-9a-f]{32}$/.test(nonce) ? nonce : id}`);
    const file = await add(own, me(), params, { name, bytes: Buffer.from(content, 'base64') });
    return { notice: { type: 'success', message: `Đã đính kèm ${file.name}; người nhận sẽ được gửi tệp.` } };
  });
  http.get<{ Params: { id: string } }>('/admin/files/:id', async ({ params }, reply) => {
    const file = await findFile(here, params.id);
    if (file.owner.kind === 'meeting') await getMeeting(here, me(), file.owner.code);
    else await mustReadTaskFile(here, me(), file);
    return reply.headers(downloadHeaders(file)).send(await readBytes(here, file));
  });
}

function me(): Actor {
  const user = currentUser();
  if (!user) throw new DomainError('not-signed-in');
  return user.actor;
}

async function list(ctx: Ctx, actor: Actor, { kind, code }: About): Promise<StoredFile[]> {
  if (kind === 'task') return taskFiles(ctx, await getTask(ctx, actor, code));
  if (kind === 'meeting') return filesOf(ctx, 'meeting', [(await getMeeting(ctx, actor, code)).meeting.code]);
  const files = await filesOf(ctx, 'directive', [code]);
  const [first] = files;
  if (first) await mustReadTaskFile(ctx, actor, first);
  return files;
}

function add(ctx: Ctx, actor: Actor, { kind, code }: About, file: { name: string; bytes: Buffer }): Promise<StoredFile> {
  if (kind === 'meeting') return attachToMeeting(ctx, actor, { code, ...file });
  if (kind === 'directive') return attachToDirective(ctx, actor, { id: code, ...file });
  throw new DomainError('not-found');
}
