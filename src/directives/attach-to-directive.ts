import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import type { Rendered, Renderers } from '../delivery/renderer.js';
import type { StoredFile } from '../files/file.model.js';
import { keepFile } from '../files/keep-file.js';
import { findFile, readBytes } from '../files/read-file.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { agencyReader } from '../people/mailbox.js';
import { taskReceiverIds } from '../people/receivers.js';
import { taskFile } from '../texts/file-texts.js';
import { changeTask } from './change-task.js';
import { objectId, type Directive } from './directive.model.js';
import { receiversOf } from './task-intents.js';
import { isClosed } from './task-rights.js';
import type { Task } from './task.model.js';

/**
 * The Office adds a file (PDF, JPEG, PNG up to 5 MB) to a document; everybody who carries out one of its open tasks gets it.
 * The same cause again adds nothing. Throws forbidden, directive-unknown, file-of-secret, file-empty, file-too-large,
 * file-type-unsupported.
 */
export async function attachToDirective(ctx: Ctx, actor: Actor, input: { id: string; name: string; bytes: Uint8Array }): Promise<StoredFile> {
  mustBeAllowed(actor, 'directive.write');
  const directive = await directiveOf(ctx, input.id);
  if (directive.secret) throw new DomainError('file-of-secret');
  const owner = { kind: 'directive' as const, code: directive._id.toString() };
  const file = await keepFile(ctx, { key: `directive:${owner.code}:${ctx.cause}`, name: input.name, bytes: input.bytes, owner, by: actor.name, rule: 'handout' });
  const tasks = await ctx.db.Task.find({ directiveId: directive._id }, { code: 1, stage: 1 }).lean<Task[]>();
  for (const task of tasks.filter((one) => !isClosed(one))) await tellFile(ctx, task.code, file);
  await recordAudit(ctx, actor, { action: 'directive.attach', entity: 'directive', entityKey: directive.symbol, after: { file: file.name, size: file.size } });
  return file;
}

async function directiveOf(ctx: Ctx, id: string): Promise<Directive> {
  const directive = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Directive.findById(objectId(id)).lean<Directive>() : null;
  if (!directive) throw new DomainError('directive-unknown');
  return directive;
}

const tellFile = (ctx: Ctx, code: string, file: StoredFile): Promise<unknown> =>
  changeTask(ctx, 'attach', code, async (task, version) => ({
    intents: [{
      key: `file:${file._id.toString()}:${task.code}`,
      kind: 'task-file',
      to: await receiversOf(ctx, task),
      lane: task.urgency === 'express' ? 'urgent' : 'normal',
      data: { taskCode: task.code, version, fileId: file._id.toString() },
      asked: 'by-day',
    }],
  }));

/** Says the file to those who still carry the task out; a secret task says nothing at all about it. */
export const directiveFileRenderers: Renderers = {
  'task-file': async (ctx, { data }, person): Promise<Rendered> => {
    const task = await ctx.db.Task.findOne({ code: String(data['taskCode']) }).lean<Task>();
    const agency = person ? null : await agencyReader(ctx, data);
    if (!task || !(person?.active || agency)) return { suppress: task ? 'person-inactive' : 'task-unknown' };
    if (task.secret) return { suppress: 'secret' };
    if (isClosed(task)) return { suppress: 'task-finished' };
    const concerned = agency ? agency.agencyCode === task.leadAgencyCode : (await taskReceiverIds(ctx, task)).includes(String(person?._id));
    if (!concerned) return { suppress: 'reassigned' };
    const file = await findFile(ctx, String(data['fileId']));
    return { message: { ...taskFile(task, file), thread: task.code, attachments: [{ name: file.name, contentType: file.contentType, content: await readBytes(ctx, file) }] } };
  },
};
