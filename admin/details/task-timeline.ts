import type { Ctx } from '../../src/context.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { readHold } from '../../src/delivery/hold/hold.js';
import { taskFiles } from '../../src/directives/task-files.js';
import type { Task } from '../../src/directives/task.model.js';
import { unreadAbout } from '../../src/inbox/keep-unread.js';
import { formatInstant, formatTime } from '../../src/kernel/local-date.js';
import { cut } from '../../src/texts/common-texts.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { channelWords, deliveryReasonWords, deliveryWords, wordOf } from '../locale/words.js';
import { deliveryTone } from '../resources/delivery-resource.js';
import { formerDue } from '../resources/due-in-words.js';
import { peopleNames, receiverNames } from '../resources/names.js';

/** Who was told something, and what became of it. */
interface Told {
  person: string;
  state: string;
  tone: string;
}

interface Moment {
  at: Date;
  what: string;
  note: string;
  by: string;
  tone: '' | 'warn' | 'good';
  told?: Told[];
  /** Something of it has not left yet. */
  pending?: boolean;
}

/** What happened to a task, newest first: given, told, taken note of, reminded, reported, files, deadlines moved, confirmed. */
export async function taskTimeline(ctx: Ctx, actor: Actor, task: Task) {
  const moments = [...factsOf(task, await doneBy(ctx, task)), ...(await filesOf(ctx, task)), ...(await unreadOf(ctx, task)), ...(can(actor, 'delivery.read') ? await tellingsOf(ctx, task) : [])];
  // Of what happened in the same minute the later comes first too: the sort is stable, then all is turned over.
  return moments.sort((a, b) => a.at.getTime() - b.at.getTime()).reverse().map(({ at, told = [], pending = false, ...rest }) => ({ at: formatInstant(at), told, pending, ...rest }));
}

const who = (by: { name: string; channel: string }): string => `${by.name} · ${wordOf(channelWords, by.channel)}`;

interface DoneBy {
  given: string;
  confirmed: string;
}

/** Who gave the task (alone, or with its document) and who confirmed its result: the task itself keeps only when. */
async function doneBy(ctx: Ctx, { code, directiveId }: Task): Promise<DoneBy> {
  const about = { $or: [{ entity: 'task', entityKey: code, action: { $in: ['task.assign', 'task.confirm'] } }, { entity: 'directive', entityKey: String(directiveId), action: 'directive.create' }] };
  const entries = await ctx.db.AuditEntry.find(about, { action: 1, by: 1 }).sort({ at: 1 }).lean().exec();
  const by = (action: string): string => entries.filter((entry) => entry.action === action).map((entry) => who(entry.by)).at(-1) ?? '';
  return { given: by('task.assign') || by('directive.create'), confirmed: by('task.confirm') };
}

function factsOf(task: Task, { given, confirmed }: DoneBy): Moment[] {
  return [
    { at: task.assignedAt, what: 'Giao nhiệm vụ', note: '', by: given, tone: '' },
    ...(task.acknowledgements ?? []).map(({ at, by }): Moment => ({ at, what: 'Đã nhận nhiệm vụ', note: '', by: who(by), tone: 'good' })),
    ...task.progress.map((entry): Moment => {
      const returned = entry.stage === 'returned';
      return { at: entry.at, what: returned ? `Văn phòng trả lại, tiến độ ghi nhận ${entry.percent}%` : `Báo cáo tiến độ: ${entry.percent}%`, note: entry.note, by: who(entry.by), tone: returned ? 'warn' : entry.percent >= 100 ? 'good' : '' };
    }),
    ...task.extensions.map((entry): Moment => ({ at: entry.at, what: `Đổi hạn${entry.fromDueAt ? ` từ ${formerDue(entry.fromDueAt)}` : ''} sang ${formerDue(entry.toDueAt, entry.toDueOn)}`, note: entry.reason, by: who(entry.by), tone: 'warn' })),
    ...(task.confirmedAt ? [{ at: task.confirmedAt, what: 'Văn phòng xác nhận hoàn thành', note: '', by: confirmed, tone: 'good' } as const] : []),
  ];
}

async function filesOf(ctx: Ctx, task: Task): Promise<Moment[]> {
  if (task.secret) return [];
  return (await taskFiles(ctx, task)).map((file) => ({ at: file.at, what: `Tệp: ${file.name}`, note: '', by: file.by, tone: '' }));
}

/** What people wrote about it that was not understood. */
async function unreadOf(ctx: Ctx, task: Task): Promise<Moment[]> {
  const reportedSince = (personId: string, at: Date): boolean => task.progress.some((entry) => entry.by.personId === personId && entry.at >= at);
  const kept = task.secret ? [] : (await unreadAbout(ctx, task.code)).filter(({ personId, at }) => !reportedSince(String(personId), at));
  const personOf = await peopleNames(ctx, kept.map(({ personId }) => String(personId)));
  return kept.map(({ at, text, channel, personId }) => ({ at, what: 'Viết, chưa tính là báo cáo', note: cut(text, 300), by: who({ name: personOf(String(personId))?.name ?? '', channel }), tone: 'warn' }));
}

const tellingWords: Readonly<Record<string, string>> = {
  'task-assigned': 'Báo giao nhiệm vụ', 'task-coordinating': 'Báo cơ quan phối hợp', 'task-reminder': 'Nhắc việc', 'task-deadline-moved': 'Báo thay đổi hạn', 'task-confirmed': 'Báo đã xác nhận', 'task-returned': 'Báo trả lại', 'task-progress': 'Báo Văn phòng',
};
const waiting: readonly string[] = ['planned', 'claimed', 'sending'];
const SHOWN = 400;
const HELD = 'chờ (đang tạm dừng gửi)';

type Row = Pick<Delivery, 'key' | 'kind' | 'personId' | 'channel' | 'state' | 'reason' | 'createdAt' | 'acceptedAt' | 'deliveredAt' | 'seenAt' | 'acknowledgedAt' | 'cause' | 'data' | 'notBefore' | 'lane'>;

/** One moment per thing said, with everybody it was said to; what was just asked for stands here before it is even planned. */
async function tellingsOf(ctx: Ctx, task: Task): Promise<Moment[]> {
  const rows = await ctx.db.Delivery.find({ taskCode: task.code, kind: { $in: Object.keys(tellingWords) } }).select('key kind personId channel state reason createdAt acceptedAt deliveredAt seenAt acknowledgedAt cause data notBefore lane').sort({ createdAt: -1, _id: -1 }).limit(SHOWN).lean<Row[]>().exec();
  const receiverOf = await receiverNames(ctx, rows);
  const [askedBy, hold] = [await remindersAsked(ctx, task.code), await readHold(ctx)];
  const held = ({ lane }: { lane: string }): boolean => hold !== null && !(hold.urgentPasses && lane === 'urgent');
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(matterOf(row), [...(groups.get(matterOf(row)) ?? []), row]);
  const told = [...groups].map(([key, group]): Moment => {
    const first = group.reduce((a, b) => (a.createdAt <= b.createdAt ? a : b));
    const pending = group.some(({ state }) => waiting.includes(state));
    const lines = group.map((row) => ({ person: toldName(receiverOf(row)), state: stateOf(row, ctx.clock.now(), held(row)), tone: deliveryTone(row.state) }));
    return { at: first.createdAt, what: whatOf(first), note: '', by: askedBy.get(key) ?? '', tone: '', told: lines, pending };
  });
  const planned = task.intents.filter((intent) => intent.kind in tellingWords && !groups.has(intent.key));
  return [...told, ...planned.map((intent): Moment => ({ at: ctx.clock.now(), what: whatOf(intent), note: intent.to.length === 0 ? 'Chưa có ai để báo' : held(intent) ? HELD : 'Đang gửi…', by: askedBy.get(intent.key) ?? '', tone: '', pending: true }))];
}

/** "Hoàng Văn Dật", or "Sở Tài chính (hộp thư cơ quan)". */
const toldName = ({ person, personNote }: { person: string; personNote: string }): string => (personNote === 'Hộp thư cơ quan' ? `${person} (hộp thư cơ quan)` : person);

/** Deliveries of one intent share its key up to the person. */
const matterOf = ({ key, personId }: Row): string => (personId && key.endsWith(`:${personId.toString()}`) ? key.slice(0, -personId.toString().length - 1) : key.replace(/(?::agency)?[:@][^:@]*$/, ''));

const whatOf = ({ kind, data }: { kind: string; data: Row['data'] }): string =>
  kind === 'task-reminder' ? (data['slot'] === 'now' ? 'Nhắc ngay' : 'Nhắc việc theo lịch') : (tellingWords[kind] ?? kind);

/** "Zalo, đã xem 08:05"; what has not left: "đang gửi…", or from when on it may, or that sending is held. */
function stateOf(row: Row, now: Date, held: boolean): string {
  if (held && row.state === 'planned') return HELD;
  if (waiting.includes(row.state)) return row.state === 'planned' && row.notBefore > now ? `chờ gửi ${formatInstant(row.notBefore)}` : 'đang gửi…';
  const at = row.acknowledgedAt ?? row.seenAt ?? row.deliveredAt ?? row.acceptedAt;
  const reason = row.reason ? `: ${wordOf(deliveryReasonWords, row.reason).toLowerCase()}` : '';
  return [wordOf(channelWords, row.channel), `${wordOf(deliveryWords, row.state).toLowerCase()}${reason}${at ? ` ${formatTime(at)}` : ''}`].filter(Boolean).join(', ');
}

/** Who pressed "Nhắc ngay", by the key of what followed. */
async function remindersAsked(ctx: Ctx, code: string): Promise<Map<string, string>> {
  const entries = await ctx.db.AuditEntry.find({ entity: 'task', entityKey: code, action: 'task.remind' }, { by: 1, cause: 1 }).lean().exec();
  return new Map(entries.map(({ by, cause }) => [`remind-now:${code}:${cause}`, who(by)]));
}
