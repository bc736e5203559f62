import type { Found, SendOutcome, Sender } from '../../src/delivery/sender.js';
import type { Channel } from '../../src/kernel/channels.js';
import type { Message } from '../../src/texts/message.js';
import type { Life } from './process.js';
import type { Scheduler } from './scheduler.js';
import type { SeededRandom } from './seeded-random.js';

/** A message that really reached a phone. */
export interface Copy {
  at: number;
  channel: Channel;
  to: string;
  key: string;
  text: string;
  /** It says itself that it may be a repetition. */
  marked: boolean;
  providerId: string;
}

/** What goes wrong with a call. "sent" and "not-sent" tell whether the person got it all the same. */
export const troubles = ['429', '5xx-sent', '5xx-not-sent', 'hang-sent', 'hang-not-sent', 'reset-sent', 'reset-not-sent', 'refused-connection', 'slow', 'throws', 'unreachable', 'deaf'] as const;
export type Trouble = (typeof troubles)[number];

/** What a provider does at a moment; drawn for each call. */
export interface Mood {
  trouble(): Trouble | null;
  /** It refuses all our calls: a revoked token. */
  refuses(): boolean;
  /** It does not answer on the network at all. */
  down(): boolean;
  /** Milliseconds of one way. */
  latency(): number;
  /** Calls it takes in any window (milliseconds) before it answers 429, now and on other days. */
  limit(): { max: number; windowMs: number; usual: number };
  /** It takes a message and finds out later that it cannot be delivered. */
  failsLater(): boolean;
  /** It cannot say what became of an earlier call. */
  forgets(): boolean;
}

/** The provider's side, and what it tells about: the only truth about what people got. */
export interface ProviderSpec {
  channel: Channel;
  truth: Sender['truth'];
  /** It can be asked afterwards what became of a call. */
  findable: boolean;
  scheduler: Scheduler;
  random: SeededRandom;
  mood: Mood;
  /** Chats that do not exist any more. */
  dead: ReadonlySet<string>;
  called: (call: { life: Life; channel: Channel; to: string; key: string }) => void;
  delivered: (copy: Copy) => void;
  /** It took a message that will never reach the phone. */
  failed: (message: Omit<Copy, 'text' | 'marked'>) => void;
  /** A call reached it and was, or was not, one too many. */
  counted: (call: { channel: Channel; at: number; limit: number; windowMs: number; usual: number; refused: boolean }) => void;
  /** A process was told to leave it alone until then. */
  resting: (rest: { life: Life; channel: Channel; until: number }) => void;
  /** Asked what became of a call, it said so, or that it does not know. */
  asked: (key: string, found: Found['kind']) => void;
}

/** Clocks of callers may differ so much from the provider's. */
const CLOCKS_MS = 5 * 60_000;

export class Provider {
  readonly copies: Copy[] = [];
  readonly #accepted = new Map<string, { at: number; providerId: string }[]>();
  readonly #recent: number[] = [];
  #count = 0;
  calls = 0;
  readonly spec: ProviderSpec;

  constructor(spec: ProviderSpec) {
    this.spec = spec;
  }

  /** The sender as one process holds it. `change`: planted bugs between the engine and the sender. */
  senderFor(life: Life): Sender {
    const { channel, truth, findable } = this.spec;
    const find: Sender['find'] = ({ key, at, signal }) => this.#find(life, { key, at: at.getTime(), signal });
    return { channel, truth, send: (to, message, options) => this.#send(life, to, message, options), ...(findable ? { find } : {}) };
  }

  /** Never throws, and never waits longer than it is asked to. A call it has heard of is known for good. */
  #find(life: Life, { key, at, signal }: { key: string; at: number; signal: AbortSignal }): Promise<Found> {
    const { scheduler, mood, asked } = this.spec;
    return new Promise((resolve) => {
      if (!life.alive) return;
      const says = (found: Found): void => {
        asked(key, found.kind);
        resolve(found);
      };
      signal.addEventListener('abort', () => says({ kind: 'unknown' }), { once: true });
      const look = (): void => {
        // The clock of whoever asks may be wrong by minutes; a key is used for one message only.
        const last = this.#accepted.get(key)?.findLast((taken) => taken.at >= at - CLOCKS_MS);
        const found: Found = mood.down() || mood.forgets() ? { kind: 'unknown' } : last ? { kind: 'sent', providerId: last.providerId } : { kind: 'not-sent' };
        scheduler.after(mood.latency(), life, () => says(found));
      };
      scheduler.after(mood.latency(), null, look);
    });
  }

  #send(life: Life, to: string, message: Message, { key, signal }: { key: string; signal: AbortSignal }): Promise<SendOutcome> {
    const { scheduler, mood, called, channel, random } = this.spec;
    return new Promise<SendOutcome>((resolve, reject) => {
      if (!life.alive) return;
      this.calls++;
      called({ life, channel, to, key });
      const trouble = mood.trouble();
      const back = (ms: number, outcome: SendOutcome): void =>
        void scheduler.after(ms, life, () => {
          if (outcome.kind === 'retry' && outcome.pauseChannel) this.spec.resting({ life, channel, until: scheduler.now + (outcome.afterMs ?? 0) });
          resolve(outcome);
        });
      const unsure = (code: string): SendOutcome => ({ kind: 'retry', code, maybeSent: true });
      // "deaf": it does not even hear the time-out; the engine gives up on it by itself.
      if (trouble !== 'deaf') signal.addEventListener('abort', () => resolve(unsure('timeout')), { once: true });
      if (trouble === 'throws') return void scheduler.after(mood.latency(), life, () => reject(new TypeError('terminated')));
      if (trouble === 'refused-connection' || mood.down()) return back(mood.latency(), { kind: 'retry', code: 'ECONNREFUSED', maybeSent: false });
      const arrives = (): void => {
        if (!life.alive && random.chance(0.5)) return;
        const answer = this.#answer({ to, message, key, trouble });
        if (answer !== 'nothing') back(mood.latency() + (trouble === 'slow' ? random.between(1_000, 9_000) : 0), answer);
      };
      scheduler.after(mood.latency(), null, arrives);
    });
  }

  #answer({ to, message, key, trouble }: { to: string; message: Message; key: string; trouble: Trouble | null }): SendOutcome | 'nothing' {
    const { mood, dead, channel, random } = this.spec;
    if (mood.refuses()) return { kind: 'rejected', code: '401' };
    if (trouble === '429' || this.#overLimit()) {
      return { kind: 'retry', code: '429', afterMs: 1_000 * (1 + random.int(5)), maybeSent: false, pauseChannel: true };
    }
    if (dead.has(to)) return { kind: 'unreachable', code: '403', dead: channel !== 'sms' && channel !== 'email' };
    if (trouble === 'unreachable') return { kind: 'unreachable', code: '-230' };
    if (trouble === '5xx-not-sent') return { kind: 'retry', code: '502', maybeSent: true };
    if (trouble === 'reset-not-sent') return { kind: 'retry', code: 'ECONNRESET', maybeSent: true };
    if (trouble === 'hang-not-sent') return 'nothing';
    const providerId = this.#take(to, message, key);
    if (trouble === '5xx-sent') return { kind: 'retry', code: '500', maybeSent: true };
    if (trouble === 'reset-sent') return { kind: 'retry', code: 'ECONNRESET', maybeSent: true };
    if (trouble === 'hang-sent' || trouble === 'deaf') return 'nothing';
    return { kind: 'accepted', providerId };
  }

  /** The message reaches the phone; a provider that knows request ids takes each once. */
  #take(to: string, message: Message, key: string): string {
    const { truth, scheduler, channel, delivered, failed, mood } = this.spec;
    const earlier = this.#accepted.get(key) ?? [];
    if (truth === 'request-id' && earlier[0]) return earlier[0].providerId;
    const providerId = `${channel}-${++this.#count}`;
    this.#accepted.set(key, [...earlier, { at: scheduler.now, providerId }]);
    if (mood.failsLater()) {
      failed({ at: scheduler.now, channel, to, key, providerId });
      return providerId;
    }
    const copy = { at: scheduler.now, channel, to, key, text: message.text, marked: message.text.startsWith('Nhắc lại: '), providerId };
    this.copies.push(copy);
    delivered(copy);
    return providerId;
  }

  #overLimit(): boolean {
    const { scheduler, mood, counted, channel } = this.spec;
    const { max, windowMs, usual } = mood.limit();
    while ((this.#recent[0] ?? Infinity) <= scheduler.now - windowMs) this.#recent.shift();
    const refused = this.#recent.length >= max;
    counted({ channel, at: scheduler.now, limit: max, windowMs, usual, refused });
    if (!refused) this.#recent.push(scheduler.now);
    return refused;
  }
}
