import type { Ctx } from '../../context.js';
import { agencyReader } from '../../people/mailbox.js';
import type { Person } from '../../people/person.model.js';
import { digest, type DigestFacts, type DigestLine } from '../../texts/digest-texts.js';
import type { Message } from '../../texts/message.js';
import { isSecret, speak, type Tongue } from '../content/speak.js';
import type { Delivery } from '../delivery.model.js';
import { IN_DIGEST } from '../delivery-states.js';
import { knowingNotices } from '../notices/known-facts.js';
import type { Rendered } from '../renderer.js';
import { firstKey, memberIds, onItsOwn } from './digest-keys.js';
import { MOST } from './plan-digest.js';

/** Members asked at once what they still say. */
const AT_ONCE = 20;
const LATER_MS = 60_000;

interface Live {
  message: Message;
  secret: boolean;
  line: DigestLine;
}

/**
 * A digest in words: each member says what it says now, and who has nothing to say any more ends with its own reason. What
 * cannot be said yet goes on alone. A single one left speaks for itself, with its own buttons.
 */
export async function renderDigest(tongue: Tongue, carrier: Delivery, person: Person | null): Promise<Rendered> {
  const { ctx } = tongue;
  const reader = person ?? (await agencyReader(ctx, carrier.data));
  if (!reader) return { suppress: 'person-inactive' };
  const ids = memberIds(carrier.data);
  const marked = await ctx.db.Delivery.find({ state: { $in: ['planned', 'suppressed'] }, digestKey: firstKey(carrier.key) }).sort({ createdAt: 1, _id: 1 }).limit(2 * MOST).lean<Delivery[]>();
  // A further attempt says again what the first one said.
  const members = marked.filter((member) => ids.has(String(member._id)) && (member.state === 'planned' || member.reason === IN_DIGEST));
  const knowing: Tongue = { ...tongue, ctx: await knowingNotices(ctx, members) };
  const live: Live[] = [];
  for (let i = 0; i < members.length; i += AT_ONCE) {
    const said = await Promise.all(members.slice(i, i + AT_ONCE).map((member) => sayOne(knowing, member, person)));
    live.push(...said.filter((one) => one !== null));
  }
  const [only] = live;
  if (!only) return { suppress: 'digest-empty' };
  if (live.length === 1) return { message: only.message, secret: only.secret };
  const { PUBLIC_URL } = ctx.config;
  const style = (typeof carrier.data['style'] === 'string' ? carrier.data['style'] : 'daily') as DigestFacts['style'];
  const page = PUBLIC_URL ? { page: `${PUBLIC_URL}/admin/resources/Delivery?filters.state=problem` } : {};
  const lines = live.map(({ line }) => line);
  const urgent = carrier.lane === 'urgent' ? { urgent: true } : {};
  return { message: digest({ style, reader, lines: style === 'others' ? await withDeadlines(ctx, lines) : lines, now: ctx.clock.now(), ...page, ...urgent }), secret: false };
}

/** Each line with the deadline of its task or the beginning of its meeting. */
async function withDeadlines(ctx: Ctx, lines: readonly DigestLine[]): Promise<DigestLine[]> {
  const codes = [...new Set(lines.flatMap(({ code }) => (code ? [code] : [])))];
  const [tasks, meetings] = await Promise.all([
    ctx.db.Task.find({ code: { $in: codes } }, { code: 1, dueAt: 1 }).lean<{ code: string; dueAt: Date | null }[]>(),
    ctx.db.Meeting.find({ code: { $in: codes } }, { code: 1, startsAt: 1 }).lean<{ code: string; startsAt: Date }[]>(),
  ]);
  const by = new Map([...tasks.map((one) => [one.code, one.dueAt] as const), ...meetings.map((one) => [one.code, one.startsAt] as const)]);
  return lines.map((line) => ({ ...line, by: (line.code && by.get(line.code)) || null }));
}

async function sayOne(tongue: Tongue, member: Delivery, person: Person | null): Promise<Live | null> {
  const { ctx } = tongue;
  try {
    const { rendered, absent, also } = await speak(tongue, member, person);
    if ('suppress' in rendered) return nothing(end(tongue, member, rendered.suppress));
    if ('laterMs' in rendered) return nothing(aside(tongue, member, rendered.laterMs));
    // A line carries no files.
    if (rendered.message.attachments?.length) return nothing(aside(tongue, member, 0));
    const secret = await isSecret(ctx, member, rendered);
    if (secret && ctx.config.SECRET_NOTICES === 'none') return nothing(end(tongue, member, 'secret-kept'));
    return { message: rendered.message, secret, line: lineOf(member, rendered.message, { secret, absent, also }) };
  } catch (error) {
    // Alone it fails alone, and is counted and parked as any other.
    ctx.log.error({ event: 'digest.member-failed', kind: member.kind, id: String(member._id), err: error });
    return nothing(aside(tongue, member, LATER_MS));
  }
}

function lineOf(member: Delivery, message: Message, { secret, absent, also }: { secret: boolean; absent: Person | null; also: Person[] }): DigestLine {
  const lines = message.text.split('\n');
  // A meeting without its time says nothing.
  const said = message.summary ?? (member.kind.startsWith('meeting-') ? lines.slice(0, 2).join(' — ') : (lines[0] ?? ''));
  const asks = member.kind === 'task-reminder' || member.kind === 'task-assigned' ? 'progress' : member.kind === 'meeting-alert' ? 'receipt' : null;
  return {
    text: `${bare(said)}${inWhosePlace(absent, also)}`,
    kind: member.kind,
    ...(message.group ? { group: message.group } : {}),
    code: secret ? null : (member.taskCode ?? member.meetingCode),
    // A mailbox reports on tasks and answers for nobody who is invited.
    asks: absent || (asks === 'receipt' && !member.personId) ? null : asks,
    secret,
  };
}

/** Names on one line of a digest. */
const NAMED = 3;

function inWhosePlace(absent: Person | null, also: readonly Person[]): string {
  const all = [...(absent ? [absent] : []), ...also];
  const names = all.slice(0, NAMED).map(({ name }) => `đồng chí ${name}`).join(', ') + (all.length > NAMED ? ` và ${all.length - NAMED} người khác` : '');
  return names && ` (${absent ? '' : 'đồng thời '}thay ${names})`;
}

/** The one mark of a digest stands in its heading. */
const bare = (line: string): string => line.replace(/^\p{Extended_Pictographic}\uFE0F?\s*/u, '');

async function nothing(written: Promise<void>): Promise<null> {
  await written;
  return null;
}

async function end({ ctx }: Tongue, member: Delivery, reason: string): Promise<void> {
  await ctx.db.Delivery.updateOne({ _id: member._id, digestKey: member.digestKey, state: 'planned' }, { $set: { state: 'suppressed', reason, finishedAt: ctx.clock.now(), unsealed: true }, $inc: { rev: 1 } });
}

async function aside({ ctx }: Tongue, member: Delivery, ms: number): Promise<void> {
  await ctx.db.Delivery.updateOne({ _id: member._id, digestKey: member.digestKey, state: 'planned' }, { $set: onItsOwn(new Date(ctx.clock.now().getTime() + ms)) });
}
