import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A provider on 127.0.0.1 in a process of its own, so that its clock runs on while the engine computes. Speaks as much of the
 * Bot API as sending takes. First argument: so many messages in any second, beyond it 429 with a second's retry-after; none: no limit.
 */
const limit = Number(process.argv[2] ?? 'Infinity');
const recent: number[] = [];
const tally = { taken: 0, refused: 0 };
/** Texts asked for since the last report, and when (milliseconds since the epoch). */
let calls: [string, number][] = [];

const now = (): number => performance.timeOrigin + performance.now();

function send(text: string): [number, unknown] {
  const at = now();
  calls.push([text, at]);
  while ((recent[0] ?? Infinity) <= at - 1_000) recent.shift();
  if (recent.length >= limit) {
    tally.refused++;
    if (process.env['SINK_TIMELINE']) process.stderr.write(`\n429 at ${at.toFixed(0)} ${text.slice(0, 20)} after ${recent.map((t) => (at - t).toFixed(0)).join(' ')}\n`);
    return [429, { ok: false, error_code: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } }];
  }
  recent.push(at);
  return [200, { ok: true, result: { message_id: ++tally.taken, date: 0, chat: { id: 1, type: 'private' }, text } }];
}

const textOf = (body: string): string => (body.startsWith('{') ? String((JSON.parse(body) as { text?: unknown }).text ?? '') : (new URLSearchParams(body).get('text') ?? ''));

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const method = request.url?.split('/').at(-1) ?? '';
    const reply = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (method === 'sendMessage') return reply(...send(textOf(Buffer.concat(chunks).toString('utf8'))));
    if (method === 'getMe') return reply(200, { ok: true, result: { id: 1, is_bot: true, first_name: 'Nhắc Việc', username: 'nhac_viec_bench_bot' } });
    // Nobody writes to this bot.
    if (method === 'getUpdates') return void setTimeout(() => reply(200, { ok: true, result: [] }), 1_000);
    return reply(200, { ok: true, result: true });
  });
});

if (process.env['SINK_TIMELINE']) {
  let before = 0;
  setInterval(() => {
    process.stderr.write(`${tally.taken - before}/${tally.refused} `);
    before = tally.taken;
  }, 1_000);
}

const report = (): void => {
  process.send?.({ ...tally, calls });
  calls = [];
};

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
  setInterval(report, 10);
});
process.on('disconnect', () => process.exit(0));
