import { configurableChannels, missingForChannel } from '../../src/config.js';
import type { Ctx } from '../../src/context.js';
import { DomainError } from '../../src/kernel/errors.js';
import type { Channel } from '../../src/kernel/channels.js';
import { formatDay, formatInstant, localDateOf } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { onlyTelegram } from '../../src/people/links/only-telegram.js';
import { phoneHintsFor } from '../../src/people/links/phone-hints.js';
import type { Person } from '../../src/people/person.model.js';
import { can, mustBeAllowed } from '../../src/people/policy.js';
import { personById } from '../../src/people/receivers.js';
import { onlyTelegramHint, phoneHint } from '../../src/texts/person-hints.js';
import { readablePhone } from '../../src/texts/delivery-texts.js';
import { accountRoleWords, channelWords, personRoleWords, wordOf } from '../locale/words.js';
import { agencyNames } from '../resources/names.js';
import { deliveriesAbout } from './deliveries-about.js';
import { hoursValues } from './own-hours.js';

/** All about one person: how they are reached, who stands in, what was sent. Throws forbidden, person-unknown. */
export async function personDetail(ctx: Ctx, actor: Actor, id: string) {
  mustBeAllowed(actor, 'task.read');
  const person = await personById(ctx, id);
  if (!person) throw new DomainError('person-unknown', { id });
  const [agencyOf, deputy, chats, logins, standsInFor, deliveries] = await Promise.all([
    agencyNames(ctx),
    person.deputyId ? personById(ctx, person.deputyId) : null,
    chatsOf(ctx, person),
    can(actor, 'account.write') ? ctx.db.Account.find({ personId: person._id }).sort({ email: 1 }).lean().exec() : [],
    ctx.db.Person.find({ deputyId: person._id }, { name: 1, position: 1 }).sort({ nameFold: 1 }).lean().exec(),
    deliveriesAbout(ctx, actor, { personId: person._id }),
  ]);
  const { leave } = person;
  return {
    ...formValues(person),
    active: person.active,
    leftAt: person.leftAt ? formatInstant(person.leftAt) : '',
    agency: agencyOf(person.agencyCode),
    roleWords: person.roles.map((role) => wordOf(personRoleWords, role)).join(', '),
    phoneVerified: person.phoneVerifiedAt ? `đã xác minh ${formatInstant(person.phoneVerifiedAt)}` : 'chưa xác minh',
    deputy: deputy ? `${deputy.name}, ${deputy.position}${deputy.active ? '' : ' (không còn công tác)'}` : '',
    standsInFor: standsInFor.map(({ name, position }) => `${name}, ${position}`),
    leave: leave ? `từ ${formatDay(localDateOf(leave.from))} đến hết ${formatDay(lastDay(leave))}${person.deputyId ? '' : ' (chưa có người thay: tin vẫn gửi đến đồng chí này)'}` : '',
    awayNow: leave ? leave.from <= ctx.clock.now() && ctx.clock.now() < leave.until : false,
    channels: person.channelOrder.map((channel) => wordOf(channelWords, channel)).join(', rồi '),
    chats,
    hints: await hintsOf(ctx, person),
    logins: logins.map((account) => ({ id: String(account._id), email: account.email, role: wordOf(accountRoleWords, account.role), off: account.disabledAt !== null })),
    deliveries,
  };
}

/** The values the form "Sửa thông tin" begins with. */
const formValues = (person: Person) => ({
  id: person._id.toString(),
  rev: person.rev ?? 0,
  name: person.name,
  position: person.position,
  agencyCode: person.agencyCode,
  roles: person.roles,
  phone: person.phone ? readablePhone(person.phone) : '',
  email: person.email ?? '',
  deputyId: person.deputyId?.toString() ?? '',
  leaveFrom: person.leave ? localDateOf(person.leave.from) : '',
  leaveUntil: person.leave ? lastDay(person.leave) : '',
  ...hoursValues(person),
  channelOrder: person.channelOrder,
});

/** What the Office should look at: only one shaky way to the person, and numbers nobody has proven. */
async function hintsOf(ctx: Ctx, person: Person): Promise<string[]> {
  const links = await ctx.db.ChatLink.find({ personId: person._id, deadAt: null }, { channel: 1 }).lean().exec();
  const open = new Set<Channel>(configurableChannels.filter((channel) => missingForChannel(ctx.config, channel).length === 0));
  const ways = { chats: links.map(({ channel }) => channel), phone: Boolean(person.phone) && (Boolean(person.phoneVerifiedAt) || !ctx.config.SMS_REQUIRE_VERIFIED), email: Boolean(person.email) };
  const claimed = (await phoneHintsFor(ctx, person)).map(phoneHint);
  return [...(person.active && onlyTelegram(ways, open) ? [onlyTelegramHint] : []), ...claimed];
}

const lastDay = (leave: { until: Date }): string => localDateOf(new Date(leave.until.getTime() - 1));

async function chatsOf(ctx: Ctx, person: Person) {
  const links = await ctx.db.ChatLink.find({ personId: person._id }).sort({ linkedAt: 1 }).lean().exec();
  return links.map((link) => ({
    channel: wordOf(channelWords, link.channel),
    linkedAt: formatInstant(link.linkedAt),
    by: link.linkedBy === 'code' ? 'bằng mã' : 'bằng số điện thoại chia sẻ',
    lastInboundAt: formatInstant(link.lastInboundAt),
    dead: link.deadAt ? `không nhận tin từ ${formatInstant(link.deadAt)}` : '',
  }));
}
