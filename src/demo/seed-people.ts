import { because, type Ctx } from '../context.js';
import type { Channel, ChatChannel } from '../kernel/channels.js';
import type { Actor } from '../people/actor.js';
import { createAccount } from '../people/accounts/accounts.js';
import { changeAccount } from '../people/accounts/change-account.js';
import { issueLinkCode } from '../people/links/issue-link-code.js';
import { linkChat, linkChatByContact } from '../people/links/link-chat.js';
import type { Person } from '../people/person.model.js';
import { registerAgency } from '../people/register-agency.js';
import { registerPerson } from '../people/register-person.js';
import { phonesOf, type SamplePerson, type SampleProvince } from './sample-province.js';

/** Who enters the sample. */
export const OFFICE: Actor = { kind: 'system', name: 'Văn phòng UBND tỉnh' };

/** Sample people by their id in the file ("P12"). */
export type Cast = ReadonlyMap<string, Person>;

/** Where people read first, so that every kind of phone is in use; the others read Zalo. */
const preferences: Readonly<Record<string, Channel>> = {
  P07: 'telegram', P11: 'telegram', P13: 'telegram', P38: 'telegram', P37: 'zalo-bot', P40: 'zalo-bot', P43: 'zalo-bot', P17: 'sms', P35: 'sms', P20: 'zbs', P44: 'zbs', P16: 'email', P21: 'email', P39: 'email', P42: 'email',
};

/** The pilot of the free bot: those who read it first, and the two whose phones lie on the table. */
const pilots = new Set(['P07', 'P12', ...Object.keys(preferences).filter((id) => preferences[id] === 'zalo-bot')]);
export const hasZaloBot = (sampleId: string): boolean => pilots.has(sampleId);

/** The channel on which a sample person's phone opens. */
export const homeOf = (sampleId: string): Channel => preferences[sampleId] ?? 'zalo';

/** Agencies and people, each with a Zalo and a Telegram phone linked by a real one-time code. Repeating it changes nothing. */
export async function seedPeople(ctx: Ctx, province: SampleProvince): Promise<Cast> {
  // Parents stand before their children in the file; the two that have some are entered first.
  const parents = new Set(province.agencies.map((agency) => agency.parentCode));
  for (const agency of province.agencies.filter(({ code }) => parents.has(code))) await enterAgency(ctx, agency);
  await Promise.all(province.agencies.filter(({ code }) => !parents.has(code)).map((agency) => enterAgency(ctx, agency)));
  const people = await Promise.all(province.people.map((sample) => enterPerson(ctx, sample)));
  return new Map(people);
}

const enterAgency = (ctx: Ctx, agency: SampleProvince['agencies'][number]) => registerAgency(because(ctx, `demo:agency:${agency.code}`), OFFICE, agency);

async function enterPerson(ctx: Ctx, { id, ...input }: SamplePerson): Promise<[string, Person]> {
  const person = await registerPerson(because(ctx, `demo:person:${id}`), OFFICE, input);
  // No screen sets this yet; it is the person's own wish and concerns nobody else.
  // Their numbers are invented, so nobody can be asked for a code: those who read SMS or template messages count as asked.
  const home = homeOf(id);
  const wishes = { ...(home === 'zalo' ? {} : { channelOrder: [home, 'zalo'] }), ...(home === 'sms' || home === 'zbs' ? { phoneVerifiedAt: ctx.clock.now() } : {}) };
  if (home !== 'zalo') await ctx.db.Person.updateOne({ _id: person._id }, { $set: wishes });
  await linkPhones(ctx, id, person);
  return [id, person];
}

/** Zalo and Zalo Bot by one-time codes, Telegram by the person's own shared contact. */
async function linkPhones(ctx: Ctx, sampleId: string, person: Person): Promise<void> {
  const phones = phonesOf(sampleId);
  const linked = await ctx.db.ChatLink.find({ personId: person._id }, { channel: 1 }).lean();
  const link = (channel: ChatChannel) => because(ctx, `demo:link:${channel}:${sampleId}`);
  const chat = (channel: ChatChannel) => ({ channel, chatId: phones[channel], senderId: phones[channel] });
  for (const byCode of ['zalo', 'zalo-bot'] as const) {
    if (linked.some(({ channel }) => channel === byCode) || (byCode === 'zalo-bot' && !hasZaloBot(sampleId))) continue;
    const { code } = await issueLinkCode(link(byCode), OFFICE, { personId: person._id.toString() });
    await linkChat(link(byCode), { ...chat(byCode), code });
  }
  if (!linked.some(({ channel }) => channel === 'telegram')) {
    await linkChatByContact(link('telegram'), { ...chat('telegram'), phone: person.phone ?? '', ownerId: phones.telegram });
  }
}

const idOf = (cast: Cast, sampleId: string): string => String(cast.get(sampleId)?._id ?? '');

/** A login of each kind besides the administrator. Only for the demo: everybody knows the password. */
export async function seedAccounts(ctx: Ctx, password: string, cast: Cast): Promise<{ email: string; name: string }[]> {
  const accounts = [
    { email: 'vanphong@demo.invalid', name: 'Trần Thục Nhi, chuyên viên Văn phòng', role: 'office', personId: idOf(cast, 'P07') },
    { email: 'lanhdao@demo.invalid', name: 'Lãnh đạo UBND tỉnh', role: 'leader', personId: idOf(cast, 'P01') },
    { email: 'taichinh@demo.invalid', name: 'Sở Tài chính', role: 'agency', agencyCode: 'STC' },
  ] as const;
  // The administrator is somebody too, or "Gửi thử" on the page "Kênh" would have nobody to reach.
  const admin = await ctx.db.Account.findOne({ role: 'admin', personId: null }).sort({ _id: 1 }).lean();
  if (admin) await changeAccount(because(ctx, 'demo:account:admin'), OFFICE, { id: String(admin._id), personId: idOf(cast, 'P10') });
  for (const account of accounts) await createAccount(because(ctx, `demo:account:${account.email}`), OFFICE, { ...account, password });
  return accounts.map(({ email, name }) => ({ email, name }));
}
