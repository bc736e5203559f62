import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { request, type Dispatcher } from 'undici';
import { drainOutbox } from '../../../src/delivery/outbox/drain-outbox.js';
import type { Sender } from '../../../src/delivery/sender.js';
import { furnish, ground, planAll, type Ground } from './embedded.js';
import { plain, progress, unlimited, type Result } from './shared.js';
import { startSink, type Sink } from './sink.js';

/** Calls open at once, for all three. */
const OPEN = 64;

/** The same messages through one Agenda job each, through a plain loop of HTTP calls, and through the engine; all to one sink. */
export async function compare(messages = 10_000): Promise<Result[]> {
  const sink = await startSink();
  const place = await ground();
  try {
    const raw = await timed(() => rawLoop(sink, messages));
    const engine = await timed(() => throughEngine(sink, place, messages));
    const agenda = await timed(() => throughAgenda(sink, place, messages));
    // The last report may still be on its way.
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (sink.taken !== 3 * messages) throw new Error(`the sink took ${sink.taken} of ${3 * messages}`);
    const figures = (ms: number) => ({ seconds: ms / 1_000, perSecond: (messages / ms) * 1_000, timesRaw: ms / raw });
    return [
      { what: `${messages} messages, plain loop of calls`, figures: figures(raw) },
      { what: `${messages} messages, the engine (embedded database)`, figures: { ...figures(engine), timesFasterThanAgenda: agenda / engine } },
      { what: `${messages} messages, one Agenda job each (embedded database)`, figures: figures(agenda) },
    ];
  } finally {
    await place.stop();
    await sink.stop();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function post(sink: Sink, text: string): Promise<string> {
  const { body }: Dispatcher.ResponseData = await request(`${sink.url}/botx/sendMessage`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ chat_id: 1, text }) });
  return String(((await body.json()) as { result: { message_id: number } }).result.message_id);
}

async function rawLoop(sink: Sink, messages: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < messages) await post(sink, `Nhắc việc số ${next++}`);
  };
  await Promise.all(Array.from({ length: OPEN }, worker));
}

async function throughEngine(sink: Sink, { ctx }: Ground, messages: number): Promise<void> {
  await planAll(ctx, messages, await furnish(ctx, Math.min(messages, 5_000)));
  const sender: Sender = { channel: 'telegram', truth: 'none', send: async (_to, { text }) => ({ kind: 'accepted', providerId: await post(sink, text) }) };
  const policy = { ...unlimited, batch: 500, parallel: OPEN * 4 };
  const sent = await drainOutbox(ctx, { senders: [sender], renderers: plain, instance: 'bench', policy });
  if (sent !== messages) throw new Error(`the engine sent ${sent}`);
}

async function throughAgenda(sink: Sink, { ctx }: Ground, messages: number): Promise<void> {
  const agenda = new Agenda({ backend: new MongoBackend({ mongo: ctx.db.conn.db as never, collection: 'benchJobs' }), processEvery: 100, maxConcurrency: OPEN, defaultConcurrency: OPEN });
  let done = 0;
  const finished = new Promise<void>((resolve, reject) => {
    agenda.on('error', reject);
    agenda.define('send', async (job: { attrs: { data: unknown } }) => {
      await post(sink, `Nhắc việc số ${String((job.attrs.data as { n: number }).n)}`);
      progress('one Agenda job per message', ++done, messages);
      if (done === messages) resolve();
    }, { concurrency: OPEN, lockLifetime: 60_000 });
  });
  await agenda.start();
  for (let n = 0; n < messages; n++) await agenda.now('send', { n });
  await finished;
  await agenda.drain({ timeout: 5_000, closeConnection: false });
}
