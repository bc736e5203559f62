import { loadCalendar } from '../calendar/load-calendar.js';
import { because, type Ctx } from '../context.js';
import type { Renderers } from '../delivery/renderer.js';
import { remindNow } from '../directives/remind-now.js';
import { chatChannels } from '../kernel/channels.js';
import { addDays, instantAt, localDateOf, type LocalDate } from '../kernel/local-date.js';
import { touchChat } from '../people/links/who-is.js';
import { historyEngine, type HistoryEngine, type PastMail } from './history-engine.js';
import { phonesOf, type SampleProvince } from './sample-province.js';
import type { SampleDates } from './sample-dates.js';
import { call, historyOf, type Happening, type Stage } from './seed-events.js';
import { attachToDocument } from './seed-files.js';
import { OFFICE, seedPeople } from './seed-people.js';

const MARK = 'demo-province';

interface Mark {
  anchor: LocalDate;
  openedAt: Date;
  done: boolean;
}

/** What the opening needs, and the simulator: who is who, and the codes given. */
export type Province = Stage & { sample: SampleProvince };

/**
 * Brings the sample province to life: agencies, people with linked phones, and some weeks of history, all through the use
 * cases and at their own times. A second run, also after a crash half-way, changes nothing that is there.
 */
export async function seed(ctx: Ctx, sample: SampleProvince, options: { renderers: Renderers; mail?: PastMail; say?: (line: string) => void }): Promise<Province> {
  const say = options.say ?? (() => {});
  const mark = await takeMark(ctx);
  const dates: SampleDates = { anchor: mark.anchor, now: mark.openedAt, calendar: await loadCalendar(ctx) };
  const past = clockOf(ctx, instantAt(addDays(mark.anchor, -60), '08:00'));
  say(`Nạp ${sample.agencies.length} cơ quan, ${sample.people.length} người, liên kết điện thoại …`);
  const cast = await seedPeople(past.ctx, sample);
  const stage: Stage = { dates, cast, codes: new Map(), documents: new Map() };
  say(`Dựng lại lịch sử giao việc, nhắc việc, báo cáo …`);
  await relive(past, historyOf(stage, sample), { dates, done: mark.done, engine: historyEngine(options.renderers, options.mail) });
  options.mail?.at(null);
  await ctx.db.State.updateOne({ _id: MARK }, { $set: { 'value.done': true } });
  return { ...stage, sample };
}

/** The first run fixes "today"; a later one goes on with it. */
async function takeMark(ctx: Ctx): Promise<Mark> {
  const now = ctx.clock.now();
  const fresh: Mark = { anchor: localDateOf(now), openedAt: now, done: false };
  const kept = await ctx.db.State.findOneAndUpdate({ _id: MARK }, { $setOnInsert: { value: fresh, updatedAt: now } }, { upsert: true, returnDocument: 'after' }).lean();
  return kept.value as Mark;
}

interface PastClock {
  ctx: Ctx;
  set(at: Date): void;
}

function clockOf(ctx: Ctx, start: Date): PastClock {
  let now = start;
  return { ctx: { ...ctx, clock: { now: () => now }, wake: () => {} }, set: (at) => void (now = at) };
}

async function relive(past: PastClock, history: Happening[], { dates, done, engine }: { dates: SampleDates; done: boolean; engine: HistoryEngine }): Promise<void> {
  const all = [...history, ...mornings(dates)].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const [i, happening] of all.entries()) {
    past.set(happening.at);
    await happening.run(past.ctx);
    if (done) continue;
    if (happening.about === 'morning') await engine.morning(past.ctx);
    else if (!followedAtOnce(happening, all[i + 1])) await engine.after(past.ctx, happening.about);
  }
}

/** Of several things on one day people hear together; meetings are told at once, or an answer would come before the question. */
const followedAtOnce = (one: Happening, next: Happening | undefined): boolean =>
  one.about === 'task' && next?.about === 'task' && localDateOf(one.at) === localDateOf(next.at);

/** Reminders are relived for so many days only: the opening must not take long. */
const MORNINGS = 4;

/** Eight o'clock of the last working days, and the moment of the opening itself. */
function mornings(dates: SampleDates): Happening[] {
  const moments = [dates.now];
  for (let day = addDays(dates.anchor, -MORNINGS); day <= dates.anchor; day = addDays(day, 1)) {
    const at = instantAt(day, '08:00');
    if (at < dates.now && dates.calendar.isWorkingDay(day)) moments.push(at);
  }
  return moments.map((at) => ({ about: 'morning', at, run: async () => {} }));
}

/** Everybody has just used their phone, so every channel is open; the office sends out some documents and calls the urgent meeting of the day. */
export async function openProvince(ctx: Ctx, province: Province): Promise<void> {
  await Promise.all(province.sample.people.flatMap(({ id }) => chatChannels.map((channel) => touchChat(ctx, channel, phonesOf(id)[channel]))));
  for (const { symbol, files = [] } of province.sample.directives) {
    for (const file of files.filter((one) => one.live)) await attachToDocument(ctx, province.documents.get(symbol) ?? '', file);
  }
  for (const meeting of province.sample.meetings.filter((m) => m.live)) await call(ctx, province, meeting);
}

/** The office presses "Nhắc ngay" on the task that is due today. `opening` tells one start from another. */
export const remindOfToday = (ctx: Ctx, province: Province, opening: string): Promise<unknown> =>
  remindNow(because(ctx, `demo:opening:${opening}`), OFFICE, { code: province.codes.get('NV01') ?? '' });
