import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SendOutcome, Sender } from '../../src/delivery/sender.js';
import type { Message } from '../../src/texts/message.js';

/** An answer as a provider gives it on the wire. */
export interface Answer {
  status?: number;
  body: string;
}

/** A sender under test, pointed at a server of the suite. */
export interface SuiteSender {
  sender: Sender;
  to: string;
  /** What must never be seen: tokens, passwords, keys. */
  secrets: string[];
  /** What the back office shows of the channel. */
  health(): unknown;
  close(): Promise<void>;
}

/** A provider as far as the suite has to know it. */
export interface SuiteProvider {
  open(root: string): Promise<SuiteSender>;
  /** Other calls than the sending one (tokens, …); undefined: this is the sending call. */
  aside?(url: string): Answer | undefined;
  /** A message was taken; `id` is how the provider names it. */
  accepted: Answer & { id: string };
  /** Too fast, with the wait it should lead to in milliseconds. */
  flood: Answer & { afterMs: number };
  /** One of each class of refusal. */
  refusals: [what: string, answer: Answer, outcome: Partial<SendOutcome>][];
  /** The words in the body of a sending call. */
  textIn(body: string): string;
  maxText: number;
}

type Script = Answer | 'hang' | 'reset-before' | 'reset-after' | 'cut';

const HTML = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>';
const long = `${'tiến độ giải ngân '.repeat(600)}hết`;
const strange = `👩‍👩‍👧 ${'Tiếng Việt ế ộ ữ'.normalize('NFD')} 🏳️‍🌈 <b>&amp; \ud800 "trích"`;

/** The list every HTTP sender passes: what came of a call is told truly, whatever the provider does, and no secret is ever seen. */
export function senderSuite(name: string, provider: SuiteProvider): void {
  describe(`${name}: what every sender does`, () => {
    let script: Script[];
    let bodies: string[];
    let suite: SuiteSender;
    let stop: () => Promise<void>;
    const outcomes: unknown[] = [];

    beforeEach(async () => {
      [script, bodies, outcomes.length] = [[], [], 0];
      const server = createServer((request, response) => void serve(provider, { request, response, script, bodies }));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      suite = await provider.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      stop = async () => {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      };
    });
    afterEach(async () => {
      const seen = inspect([outcomes, suite.health()], { depth: 9 }) + JSON.stringify([outcomes, suite.health()]);
      for (const secret of suite.secrets) expect(seen).not.toContain(secret);
      await suite.close();
      await stop();
    });

    const send = async (message: Message = { text: 'Nhắc việc' }, signal = AbortSignal.timeout(5_000)): Promise<SendOutcome> => {
      const outcome = await suite.sender.send(suite.to, message, { key: `k${outcomes.length}`, signal });
      outcomes.push(outcome);
      return outcome;
    };

    test('accepted, with the provider’s id', async () => {
      expect(await send()).toEqual({ kind: 'accepted', providerId: provider.accepted.id });
      expect(provider.textIn(bodies[0] ?? '')).toContain('Nhắc việc');
    });

    test('too fast: the channel rests as long as it is told', async () => {
      script = [provider.flood];
      expect(await send()).toMatchObject({ kind: 'retry', afterMs: provider.flood.afterMs, maybeSent: false, pauseChannel: true });
    });

    test.each(provider.refusals)('refused: %s', async (_what, answer, outcome) => {
      script = [answer, answer];
      expect(await send()).toMatchObject(outcome);
    });

    test('5xx with a page, an answer cut in the middle, no JSON, an empty answer: nobody knows', async () => {
      script = [{ status: 502, body: HTML }, 'cut', { body: HTML }, { body: '' }, { body: 'null' }, { body: '[]' }];
      for (const _ of script.slice()) expect(await send()).toMatchObject({ kind: 'retry', maybeSent: true });
    });

    test('the connection breaks before and after the call was read: nobody knows', async () => {
      for (const how of ['reset-before', 'reset-after'] as const) {
        script = [how];
        expect(await send()).toMatchObject({ kind: 'retry', maybeSent: true });
      }
    });

    test('a provider that hangs is left when the signal says so; after the signal nothing is asked', async () => {
      script = ['hang'];
      expect(await send(undefined, AbortSignal.timeout(150))).toMatchObject({ kind: 'retry', maybeSent: true });
      const before = bodies.length;
      expect(await send(undefined, AbortSignal.abort())).toMatchObject({ kind: 'retry', maybeSent: false });
      expect(bodies).toHaveLength(before);
    });

    test('nobody listening: certainly not sent', async () => {
      // A first call, so that what is fetched once (a token) is there.
      await send();
      await stop();
      // The first may still go into a connection that was kept open: in doubt, and rightly so.
      await send();
      expect(await send()).toMatchObject({ kind: 'retry', maybeSent: false });
    });

    test('a text that is too long is cut or split, never refused', async () => {
      expect(await send({ text: long })).toMatchObject({ kind: 'accepted' });
      for (const body of bodies) expect(provider.textIn(body).length).toBeLessThanOrEqual(provider.maxText);
    });

    test('emoji, combining marks, markup and half letters arrive as they are read', async () => {
      await send({ text: strange });
      const text = provider.textIn(bodies[0] ?? '');
      expect(text.normalize('NFC')).toContain('👩‍👩‍👧 Tiếng Việt ế ộ ữ 🏳️‍🌈');
      expect(Buffer.from(text).toString()).toBe(text);
    });
  });
}

async function serve(provider: SuiteProvider, { request, response, script, bodies }: { request: IncomingMessage; response: ServerResponse; script: Script[]; bodies: string[] }): Promise<void> {
  const aside = provider.aside?.(request.url ?? '');
  if (!aside && script[0] === 'reset-before') return void (script.shift() && request.socket.resetAndDestroy());
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (aside) return answer(response, aside);
  bodies.push(body);
  const next = script.shift() ?? provider.accepted;
  if (next === 'hang') return;
  if (next === 'reset-after') return void request.socket.resetAndDestroy();
  if (next !== 'cut' && typeof next === 'object') return answer(response, next);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': provider.accepted.body.length });
  response.write(provider.accepted.body.slice(0, Math.floor(provider.accepted.body.length / 2)), () => response.destroy());
}

const answer = (response: ServerResponse, { status = 200, body }: Answer): void => void response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' }).end(body);
