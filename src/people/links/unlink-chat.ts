import { recordAudit } from '../../audit/record-audit.js';
import type { AuditEntry } from '../../audit/audit-entry.model.js';
import type { Ctx } from '../../context.js';
import type { ChatChannel } from '../../kernel/channels.js';
import type { ChatLink } from './chat-link.model.js';
import type { Person } from '../person.model.js';
import { personActor, personById } from '../receivers.js';

/** Ends the link of a chat. Returns whose it was, null where it was nobody's; a repeated cause gives the same answer. */
export async function unlinkChat(ctx: Ctx, input: { channel: ChatChannel; chatId: string }): Promise<Person | null> {
  const { channel, chatId } = input;
  const link = await ctx.db.ChatLink.findOne({ channel, chatId }).lean<ChatLink>();
  if (!link) return unlinkedBefore(ctx);
  const person = await personById(ctx, link.personId);
  // The book first: after a crash between the two the repeat still knows whom to name.
  if (person) await recordAudit(ctx, personActor(person, channel), { action: 'chat.unlink', entity: 'person', entityKey: person._id.toString(), before: { channel } });
  await ctx.db.ChatLink.deleteOne({ _id: link._id });
  return person;
}

async function unlinkedBefore(ctx: Ctx): Promise<Person | null> {
  const entry = await ctx.db.AuditEntry.findOne({ cause: ctx.cause, action: 'chat.unlink' }).lean<AuditEntry>();
  return entry ? personById(ctx, entry.entityKey) : null;
}
