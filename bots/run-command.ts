import type { Ctx } from '../src/context.js';
import { mayConcern } from '../src/directives/task-rights.js';
import type { Task } from '../src/directives/task.model.js';
import { keepUnread } from '../src/inbox/keep-unread.js';
import { DomainError } from '../src/kernel/errors.js';
import type { Actor } from '../src/people/actor.js';
import { setAwaiting } from '../src/people/links/who-is.js';
import { withPresiding } from '../src/people/presiding.js';
import { personActor, personById } from '../src/people/receivers.js';
import { notPassedOn, refused } from '../src/texts/chat-texts.js';
import type { Message } from '../src/texts/message.js';
import type { Known } from './answer-person.js';
import { capnhat } from './commands/capnhat.js';
import type { Command, MeetingPlace } from './commands/command.js';
import { parseProgress } from './commands/parse-progress.js';

/** Does what somebody we know asked for; a rule's "no" is answered with what to do instead. */
export async function run(ctx: Ctx, command: Command, { person, link, files }: Known, { text, task, place }: { text: string; task: string | undefined; place?: MeetingPlace | undefined }): Promise<Message> {
  const actor = await withPresiding(ctx, personActor(person, link.channel));
  try {
    return await command.run(ctx, actor, { text, link, ...(files ? { files } : {}), ...(task ? { replyTask: task } : {}), ...(place ? { replyPlace: place } : {}) });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // A matter that is over will not take the next words either.
    if (link.awaiting && /^(task-(unknown|not-yours|closed)|meeting-(unknown|over)|not-invited|forbidden)$/.test(error.code)) await setAwaiting(ctx, link, null);
    return (command === capnhat && (await wordsOfOthers(ctx, actor, { error, text }))) || refused(error);
  }
}

/**
 * Words on a task by somebody who may read it and does not report on it, such as a leader's order: nobody is told of them. They
 * are kept with the task, where the Office reads them. Undefined: no words, or a task that is not theirs to read.
 */
async function wordsOfOthers(ctx: Ctx, actor: Actor, { error, text }: { error: DomainError; text: string }): Promise<Message | undefined> {
  const { kind } = parseProgress(text);
  if (!/^task-(given|not-yours)$/.test(error.code) || actor.kind !== 'person' || kind === 'code-only' || kind === 'empty') return undefined;
  const task = await ctx.db.Task.findOne({ code: String(error.params?.['code']), secret: { $ne: true } }).lean<Task>();
  if (!task || !(await mayConcern(ctx, actor, 'task.read', task))) return undefined;
  await keepUnread(ctx, { matter: task.code, personId: actor.personId, channel: actor.channel, text });
  const monitor = task.monitorId ? await personById(ctx, task.monitorId) : null;
  return notPassedOn(error, { follower: monitor?.active ? { name: monitor.name, phone: monitor.phone ?? null } : null, office: ctx.config.OFFICE_PHONE });
}
