import { because, type Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Intent } from '../../src/delivery/intent.js';
import { markAcknowledged } from '../../src/delivery/receipts/mark-acknowledged.js';
import type { Renderer } from '../../src/delivery/renderer.js';
import { receive } from '../../src/inbox/receive.js';
import { DomainError } from '../../src/kernel/errors.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import type { Actor } from '../../src/people/actor.js';
import type { Province, Resident } from './people.js';
import type { Life } from './process.js';
import type { Copy } from './provider.js';
import type { Scheduler } from './scheduler.js';
import type { SeededRandom } from './seeded-random.js';
import type { Store } from './store.js';
import type { Watch } from './watch.js';

const office: Actor = { kind: 'api', name: 'Văn phòng' };
const MINUTE = 60_000;
/** A caller that hears nothing for so long asks again. */
const CALLER_PATIENCE_MS = 20_000;

/** The simulated kind of message: a bare line. */
export const note: Renderer = async (_ctx, delivery) => ({ message: { text: `Tin ${String(delivery.data['n'] ?? '')}` } });

export interface WorkloadSpec {
  store: Store;
  scheduler: Scheduler;
  random: SeededRandom;
  province: Province;
  watch: Watch;
  /** Some process that can be reached, or none at the moment. */
  anyLife: () => Life | undefined;
  /** When it is worth asking again if there is none. */
  worthAsking: () => number;
  /** Messages to plan, and the span in which that happens. */
  messages: number;
  from: number;
  until: number;
}

/** What happens in the office and on the phones: facts with messages, meetings, answers, receipts. */
export class Workload {
  /** Callers that have not been served yet. */
  pending = 0;
  planned = 0;
  #count = 0;
  readonly #spec: WorkloadSpec;

  constructor(spec: WorkloadSpec) {
    this.#spec = spec;
  }

  /** Lays out everything that will be asked of the house. */
  begin(): void {
    const { random, messages } = this.#spec;
    this.#tasks();
    while (this.planned < messages) {
      const share = random.next();
      if (share < 0.6) this.#fact();
      else if (share < 0.75) this.#direct();
      else this.#meeting();
    }
  }

  /** A copy arrived on a phone: perhaps its owner answers. */
  arrived(copy: Copy): void {
    const { province } = this.#spec;
    const person = province.people.find(({ chats }) => chats.some(({ chatId }) => chatId === copy.to));
    const meeting = /^meeting:([^:]+):/.exec(copy.key)?.[1];
    if (person?.answersAfter && meeting) this.#answers(person, copy, meeting, person.answersAfter);
  }

  /** Facts of some tasks, each a single write with the intents that follow from it. */
  #fact(): void {
    const { random, province } = this.#spec;
    const n = ++this.#count;
    const code = `NV-2026-${String(1 + random.int(this.#carriers())).padStart(5, '0')}`;
    const people = Array.from({ length: 1 + random.int(6) }, () => random.pick(province.people));
    const to = [...new Set(people)].map(({ id }) => ({ personId: id }));
    const lane = random.pick(['urgent', 'normal', 'normal', 'normal', 'digest'] as const);
    const at = this.#someTime();
    const intent: Intent = {
      key: `fact:${n}`, kind: 'note', lane, data: { n, taskCode: code },
      to: random.chance(0.1) ? [{ office: true }] : to,
      ...(random.chance(0.15) ? { notBefore: new Date(Math.floor(at + random.skewed(1_000, 10 * MINUTE))) } : {}),
      ...(random.chance(0.5) ? { asked: random.pick(['by-day', 'now'] as const) } : {}),
    };
    this.planned += intent.to.length;
    this.#acknowledges(random.pick(people).id, code, at);
    const cause = `fact:${n}`;
    const filter = { code, causes: { $ne: cause } };
    this.ask(cause, at, (ctx) => ctx.db.Task.updateOne(filter, { $push: { causes: cause, intents: intent }, $inc: { version: 1 } }), ['intents']);
  }

  /** Somebody deals with a task just while they are being told of it. */
  #acknowledges(personId: string, taskCode: string, at: number): void {
    const { random } = this.#spec;
    if (random.chance(0.3)) this.ask('acknowledge', at + random.skewed(5, 3_000), (ctx) => markAcknowledged(ctx, { taskCode, personId, kinds: ['note'] }));
  }

  /** Messages planned without a fact, some of which go stale. */
  #direct(): void {
    const { random, province, watch } = this.#spec;
    const n = ++this.#count;
    const at = this.#someTime();
    const key = `direct:${n}`;
    const personId = random.pick(province.people).id;
    const lane = random.pick(['urgent', 'normal', 'digest'] as const);
    const expiresAt = random.chance(0.3) ? { expiresAt: new Date(Math.floor(at + random.skewed(500, 30 * MINUTE))) } : {};
    this.planned++;
    this.ask(key, at, async (ctx) => {
      await enqueue(ctx, { key, kind: 'note', lane, personId, data: { n }, ...expiresAt });
      watch.expect(key);
    }, ['outbox']);
  }

  #meeting(): void {
    const { random, province } = this.#spec;
    const n = ++this.#count;
    const at = this.#someTime();
    const attendees = [...new Set(Array.from({ length: 1 + random.int(8) }, () => random.pick(province.people).id))];
    const kind = random.pick(['urgent', 'regular'] as const);
    const startsAt = new Date(Math.floor(at + random.between(3 * MINUTE, 120 * MINUTE)));
    this.planned += attendees.length;
    this.ask(`call:${n}`, at, async (ctx) => {
      const { code } = await callMeeting(ctx, office, { title: `Họp ${n}`, kind, startsAt, place: 'tầng 2', attendeeIds: attendees });
      return code;
    }, ['alerts'], (code) => this.#changesOf(n, String(code), startsAt));
  }

  /** Some meetings are moved or called off while people are being told. */
  #changesOf(n: number, code: string, startsAt: Date): void {
    const { random, scheduler } = this.#spec;
    if (!random.chance(0.25)) return;
    const at = scheduler.now + random.skewed(10, 10 * MINUTE);
    const later = new Date(startsAt.getTime() + random.int(60) * MINUTE);
    if (random.chance(0.5)) this.ask(`cancel:${n}`, at, (ctx) => cancelMeeting(ctx, office, { code, reason: 'Hoãn' }), ['intents']);
    else this.ask(`postpone:${n}`, at, (ctx) => postponeMeeting(ctx, office, { code, startsAt: later, reason: 'Dời' }), ['alerts', 'intents']);
  }

  /** The tap on "Đã nhận"; the provider hands it in until it is taken, and sometimes twice. */
  #answers(person: Resident, copy: Copy, code: string, after: number): void {
    const { random, scheduler } = this.#spec;
    const chat = person.chats.find(({ chatId }) => chatId === copy.to);
    if (!chat) return;
    const text = `${random.pick(['/xacnhan', '/thamdu', '/vang'])} ${code}`;
    const message = { ...chat, messageId: `m${++this.#count}`, senderId: chat.chatId, kind: 'button' as const, text };
    for (let times = random.chance(0.2) ? 2 : 1; times > 0; times--) {
      this.ask('webhook', scheduler.now + after + random.skewed(1, 2_000), (ctx) => receive(ctx, message), ['inbox']);
    }
  }

  /** One task of which everybody in a crowd is told, and at the same time single messages to some of them. */
  crowd(people: readonly string[], at: number): void {
    const { random, watch } = this.#spec;
    const code = 'NV-2026-00001';
    const intent: Intent = { key: 'crowd', kind: 'note', lane: 'normal', asked: 'now', data: { n: 0, taskCode: code }, to: people.map((personId) => ({ personId })) };
    this.ask('crowd', at, (ctx) => ctx.db.Task.updateOne({ code, causes: { $ne: 'crowd' } }, { $push: { causes: 'crowd', intents: intent }, $inc: { version: 1 } }), ['intents']);
    for (let i = 0; i < people.length / 10; i++) {
      const [key, personId] = [`beside:${i}`, random.pick(people)];
      this.ask(key, at + random.between(0, 12_000), async (ctx) => {
        await enqueue(ctx, { key, kind: 'note', lane: 'normal', asked: 'now', personId, data: { n: i } });
        watch.expect(key);
      }, ['outbox']);
    }
  }

  #carriers(): number {
    return Math.max(3, Math.ceil(this.#spec.messages / 30));
  }

  /** Tasks to which facts happen; some fall due within the run, so that their reminders are planned. */
  #tasks(): void {
    const { store, random, from, until, province } = this.#spec;
    for (let n = 1; n <= this.#carriers(); n++) {
      const dueAt = new Date(Math.floor(random.between(from, until) + 120 * MINUTE));
      const reminder = random.chance(0.3) ? { nextReminderAt: new Date(dueAt.getTime() - 120 * MINUTE), nextReminderSlot: 'T-2h' } : {};
      store.collections.Task.insert({
        code: `NV-2026-${String(n).padStart(5, '0')}`, directiveId: store.nextId(), directive: { symbol: '1/UBND', kind: 'Công văn', issuedOn: '2026-11-02', summary: 'Việc' },
        content: 'Việc', contentFold: 'viec', urgency: random.pick(['normal', 'express']), leadAgencyCode: random.pick(province.people).agency,
        dueAt, dueOn: dueAt.toISOString().slice(0, 10), dueByHour: true, stage: 'new', assignedAt: new Date(from), ...reminder,
      });
    }
  }

  /** Most things happen in bursts. */
  #someTime(): number {
    const { random, from, until } = this.#spec;
    const burst = from + Math.floor(random.next() * 4) * ((until - from) / 4);
    return random.chance(0.6) ? burst + random.skewed(1, 5_000) : random.between(from, until);
  }

  /** A caller from outside: asks some process, and asks again under the same cause until it has an answer. */
  ask(cause: string, at: number, use: (ctx: Ctx, life: Life) => Promise<unknown>, wakes: Parameters<Ctx['wake']>[0][] = [], then: (result: unknown) => void = () => {}): void {
    const { scheduler, anyLife, random, watch } = this.#spec;
    this.pending++;
    const attempt = (): void => {
      const life = anyLife();
      let open = true;
      const again = (): void => {
        if (open) scheduler.at(Math.max(this.#spec.worthAsking(), scheduler.now + random.skewed(200, 5_000)), null, attempt);
        open = false;
      };
      const served = (result: unknown, refused = false): void => {
        if (!open) return;
        open = false;
        this.pending--;
        for (const work of wakes) life?.ctx.wake(work);
        if (!refused) then(result);
      };
      if (!life) return again();
      scheduler.after(CALLER_PATIENCE_MS, null, again);
      const failed = (error: unknown): void => {
        if (error instanceof DomainError && error.code !== 'changed-meanwhile') return served(undefined, true);
        if (!(error instanceof Error) || (error.name !== 'MongoNetworkError' && !(error instanceof DomainError))) watch.broke('unexpected-error', `${cause}: ${String(error)}`);
        again();
      };
      scheduler.after(1, life, () => void use(because(life.ctx, cause), life).then(served, failed));
    };
    scheduler.at(at, null, attempt);
  }
}
