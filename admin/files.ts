import type { FastifyInstance } from 'fastify';
import { because, type Ctx } from '../src/context.js';
import { attachToDirective } from '../src/directives/attach-to-directive.js';
import { getTask } from '../src/directives/find-tasks.js';
import { mustReadTaskFile, taskFiles } from '../src/directives/task-files.js';
import { receiversOf } from '../src/directives/task-intents.js';
import { isClosed } from '../src/directives/task-rights.js';
import type { Task } from '../src/directives/task.model.js';
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
import { orHeld } from './held.js';

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
    receivers: mayAdd(me(), params.kind) ? await receiversFor(here, me(), params) : 0,
    files: (await list(here, me(), params)).map((file) => ({ id: String(file._id), name: file.name, size: sizeText(file.size), by: file.by, at: formatInstant(file.at), report: file.owner.kind === 'progress' })),
    mayAdd: mayAdd(me(), params.kind),
  }));
  http.post<{ Params: About; Body: { name?: unknown; content?: unknown; nonce?: unknown } | null }>('/admin/api/office/files/:kind/:code', { bodyLimit: BODY_LIMIT }, async ({ params, body, id }) => {
    const { name, content, nonce } = body ?? {};
    if (typeof name !== 'string' || typeof content !== 'string') throw new DomainError('input-invalid', { path: 'content', expected: 'cần một tệp' });
    const own = because(ctx, `admin:${typeof nonce === 'string' && /^[0-9a-f]{32}$/.test(nonce) ? nonce : id}`);
    const file = await add(own, me(), params, { name, bytes: Buffer.from(content, 'base64') });
    const message = await orHeld(own, { sent: `Đã đính kèm ${file.name}; người nhận sẽ được gửi tệp.`, noted: `Đã đính kèm ${file.name}`, urgent: await isUrgent(own, me(), params) });
    return { notice: { type: 'success', message } };
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

const mayAdd = (actor: Actor, kind: Kind): boolean => kind !== 'task' && can(actor, kind === 'meeting' ? 'meeting.write' : 'directive.write');

/** To how many a new file is sent, mailboxes of agencies included: the same rule as attachToMeeting and attachToDirective. */
async function receiversFor(ctx: Ctx, actor: Actor, { kind, code }: About): Promise<number> {
  if (kind === 'meeting') return (await getMeeting(ctx, actor, code)).meeting.attendees.length;
  if (!/^[0-9a-f]{24}$/i.test(code)) return 0;
  const tasks = await ctx.db.Task.find({ directiveId: code }, { stage: 1, leadAgencyCode: 1, officerId: 1 }).lean<Task[]>().exec();
  const receivers = await Promise.all(tasks.filter((task) => !isClosed(task)).map((task) => receiversOf(ctx, task)));
  return new Set(receivers.flat().map((one) => JSON.stringify(one))).size;
}

async function isUrgent(ctx: Ctx, actor: Actor, { kind, code }: About): Promise<boolean> {
  if (kind === 'meeting') return (await getMeeting(ctx, actor, code)).meeting.kind === 'urgent';
  return (await ctx.db.Directive.findById(code, { urgency: 1 }).lean().exec())?.urgency === 'express';
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
