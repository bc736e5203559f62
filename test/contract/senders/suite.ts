import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../../src/delivery/sender.js';
import type { Message } from '../../../src/texts/message.js';
import type { OpenChannel } from './open-channel.js';

/** What a provider may do to a call. Every sender states each of them: what it does then, or why its protocol has no such thing. */
export interface WireCases<F> {
  /** Too fast, with the wait the provider names. */
  flood: Stated<F>;
  /** Too fast, without one. */
  floodUnnamed: Stated<F>;
  /** An answer that looks like success at first sight and holds an error ("HTTP 200"). */
  errorInSuccess: Stated<F>;
  /** A gateway's error page instead of the provider's answer. */
  page: Stated<F>;
  /** An answer cut in the middle. */
  cut: Stated<F>;
  /** A whole answer that is none of the provider's. */
  strange: Stated<F>;
  /** A good answer, to another message: it names somebody else, or another request. */
  another: Stated<F>;
  /** A good answer that was given before, as a shared cache does. */
  replayed: Stated<F>;
  /** Nothing, until the signal. */
  hang: Stated<F>;
  /** The connection breaks before what we send was read. */
  resetBefore: Stated<F>;
  /** The connection breaks after all of it was read. */
  resetAfter: Stated<F>;
  /** The provider's words repeat our own secret. */
  leak: Stated<F>;
}

/** One after the other, each on a call of its own, after one that meets `before` and is accepted. `because`: where it is not simply "nobody knows". */
export type Stated<F> = { faults: readonly F[]; gives?: Partial<SendOutcome>; because?: string; before?: F } | { never: string };

/** A sender with its provider's end of the wire, both alive. */
export interface Bench<F> {
  channel: OpenChannel;
  to: string;
  /** The next sending calls meet these. */
  next(...faults: readonly F[]): void;
  /** The words of each message as the recipient has them. */
  shown(): Promise<readonly string[]>;
  /** Sending calls that were heard. */
  heard(): number;
  /** Resolves when a call can go out again (connections that have to be built first). */
  ready?(): Promise<void>;
  /** Nobody listens any more. */
  shut(): Promise<void>;
  close(): Promise<void>;
}

/** A sender as far as the suite has to know it. */
export interface SenderUnderTest<F> {
  open(): Promise<Bench<F>>;
  /** What must never be seen: tokens, passwords, keys. */
  secrets: readonly string[];
  providerId: string | RegExp;
  cases: WireCases<F>;
  /** One of each class of refusal. */
  refusals: readonly (readonly [what: string, fault: F, outcome: Partial<SendOutcome>])[];
  maxText: number;
  /** A text as this channel needs it; absent: as it stands. */
  message?(text: string): Message;
  /** How the recipient reads "Nhắc việc" and the words of `STRANGE`, where not as they were written. */
  reads?: { hello: string; strange: string };
}

const long = `${'tiến độ giải ngân '.repeat(600)}hết`;
const STRANGE = `👩‍👩‍👧 ${'Tiếng Việt ế ộ ữ'.normalize('NFD')} 🏳️‍🌈 <b>&amp; \ud800 "trích"`;
const asWritten = { hello: 'Nhắc việc', strange: '👩‍👩‍👧 Tiếng Việt ế ộ ữ 🏳️‍🌈' };
const nobodyKnows = { kind: 'retry', maybeSent: true } as const;
const tooFast = { kind: 'retry', maybeSent: false, pauseChannel: true } as const;

const titles: Readonly<Record<keyof WireCases<unknown>, string>> = {
  flood: 'too fast, with a hint: the channel rests as long as it is told',
  floodUnnamed: 'too fast, without a hint: the channel rests a while',
  errorInSuccess: 'an error inside an answer of success',
  page: '5xx with a page',
  cut: 'a truncated answer',
  strange: 'an answer that is none of theirs',
  another: 'an answer to another request: it names somebody else',
  replayed: 'an answer to another request: it was given before',
  hang: 'silence until the signal',
  resetBefore: 'the connection breaks before the body was read',
  resetAfter: 'the connection breaks after the body was read',
  leak: 'the provider repeats our secret',
};

/** The list every sender passes over real sockets: what came of a call is told truly, whatever the provider does, and no secret is ever seen. */
export const senderSuite = <F>(name: string, under: SenderUnderTest<F>) => (): void => {
  describe(`${name}: what every sender does`, () => {
    let bench: Bench<F>;
    beforeEach(async () => {
      bench = await under.open();
      await bench.ready?.();
    });
    afterEach(async () => {
      const seen = await bench.channel.seen();
      for (const secret of under.secrets) expect(seen).not.toContain(secret);
      await bench.close();
    });

    const messageOf = under.message ?? ((text: string): Message => ({ text }));
    const send = (text = 'Nhắc việc', signal = AbortSignal.timeout(5_000)): Promise<SendOutcome> => bench.channel.send(bench.to, messageOf(text), signal);
    const reads = under.reads ?? asWritten;

    test('accepted, with the provider’s id', async () => {
      expect(await send()).toMatchObject({ kind: 'accepted', providerId: under.providerId instanceof RegExp ? expect.stringMatching(under.providerId) : under.providerId });
      expect((await bench.shown())[0]).toContain(reads.hello);
    });

    for (const [what, stated] of Object.entries(under.cases) as [keyof WireCases<F>, Stated<F>][]) {
      if ('never' in stated) {
        test.skip(`${titles[what]} — not in this protocol: ${stated.never}`);
        continue;
      }
      const usual = what.startsWith('flood') ? tooFast : nobodyKnows;
      const { before } = stated;
      test(`${titles[what]}${stated.because ? ` (${stated.because})` : ''}`, async () => {
        if (before) {
          bench.next(before);
          expect(await send()).toMatchObject({ kind: 'accepted' });
        }
        for (const fault of stated.faults) {
          bench.next(fault);
          expect(await send(undefined, what === 'hang' ? AbortSignal.timeout(1_000) : undefined)).toMatchObject({ ...(stated.gives && 'kind' in stated.gives ? {} : usual), ...stated.gives });
          await bench.ready?.();
        }
      });
    }

    test.each(under.refusals)('refused: %s', async (_what, fault, outcome) => {
      bench.next(fault, fault);
      expect(await send()).toMatchObject(outcome);
    });

    test('after the signal nothing is asked', async () => {
      expect(await send(undefined, AbortSignal.abort())).toMatchObject({ kind: 'retry', maybeSent: false });
      expect(bench.heard()).toBe(0);
    });

    test('nobody listening: certainly not sent', async () => {
      // A first call, so that what is fetched once (a token) is there.
      await send();
      await bench.shut();
      // The first may still go into a connection that was kept open: in doubt, and rightly so.
      await send();
      await expect.poll(() => send()).toMatchObject({ kind: 'retry', maybeSent: false });
    });

    test('a text that is too long is cut or split, never refused', async () => {
      expect(await send(long)).toMatchObject({ kind: 'accepted' });
      const shown = await bench.shown();
      expect(shown.length).toBeGreaterThan(0);
      for (const text of shown) expect(text.length).toBeLessThanOrEqual(under.maxText);
    });

    test('emoji, combining marks, markup and half letters arrive as they are read', async () => {
      expect(await send(STRANGE)).toMatchObject({ kind: 'accepted' });
      const text = (await bench.shown())[0] ?? '';
      expect(text.normalize('NFC')).toContain(reads.strange);
      expect(Buffer.from(text).toString()).toBe(text);
    });
  });
};
