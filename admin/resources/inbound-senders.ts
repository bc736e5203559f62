import type { Ctx } from '../../src/context.js';
import type { InboundRecord } from '../../src/inbox/inbound.model.js';
import type { Agency } from '../../src/people/agency.model.js';
import type { Person } from '../../src/people/person.model.js';
import { readablePhone } from '../../src/texts/delivery-texts.js';

/** A mail's writer stands in its chat id: "p:<person>" or "a:<agency>" (inbox/inbound.ts). */
const idsOf = (rows: readonly InboundRecord[], mark: 'p:' | 'a:'): string[] => rows.flatMap(({ chatId }) => (chatId.startsWith(mark) ? [chatId.slice(mark.length)] : [])).filter((id) => /^[0-9a-f]{24}$/.test(id));

/** Who wrote each of these, in words; an unlinked chat has no name. */
export async function sendersOf(ctx: Ctx, rows: readonly InboundRecord[]): Promise<(row: InboundRecord) => string> {
  const chats = rows.map(({ channel, chatId }) => ({ channel: channel as never, chatId }));
  const links = chats.length > 0 ? await ctx.db.ChatLink.find({ $or: chats }, { channel: 1, chatId: 1, personId: 1 }).lean() : [];
  const [people, agencies] = await Promise.all([
    ctx.db.Person.find({ _id: { $in: [...links.map(({ personId }) => personId), ...idsOf(rows, 'p:')] } }, { name: 1, position: 1 }).lean<Person[]>(),
    ctx.db.Agency.find({ _id: { $in: idsOf(rows, 'a:') } }, { name: 1 }).lean<Agency[]>(),
  ]);
  const named = new Map<string, string>([...people.map((one) => [String(one._id), `${one.name}, ${one.position}`] as const), ...agencies.map((one) => [String(one._id), one.name] as const)]);
  const linked = new Map(links.map((link) => [`${link.channel}:${link.chatId}`, named.get(String(link.personId))]));
  return ({ channel, chatId }) => {
    if (channel === 'sms') return readablePhone(chatId);
    return linked.get(`${channel}:${chatId}`) ?? named.get(chatId.slice(2)) ?? 'Chưa liên kết với cán bộ nào';
  };
}
