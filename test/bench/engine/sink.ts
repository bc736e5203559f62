import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider on 127.0.0.1 that speaks as much of the Bot API as sending takes. */
export interface Sink {
  url: string;
  /** Messages taken, calls refused with 429. */
  taken: number;
  refused: number;
  /** When a text was asked for, by the monotonic clock. */
  calledAt: Map<string, number>;
  stop(): Promise<void>;
}

/** `limit`: so many messages in any second; beyond it 429 with a second's retry-after. Absent: no limit. */
export async function startSink(limit = Infinity): Promise<Sink> {
  const recent: number[] = [];
  const sink: Sink = { url: '', taken: 0, refused: 0, calledAt: new Map(), stop: async () => {} };
  const send = (text: string): [number, unknown] => {
    const now = performance.now();
    sink.calledAt.set(text, now);
    while ((recent[0] ?? Infinity) <= now - 1_000) recent.shift();
    if (recent.length >= limit) {
      sink.refused++;
      return [429, { ok: false, error_code: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } }];
    }
    recent.push(now);
    return [200, { ok: true, result: { message_id: ++sink.taken, date: 0, chat: { id: 1, type: 'private' }, text } }];
  };
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
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  sink.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sink.stop = () => new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return sink;
}

const textOf = (body: string): string => (body.startsWith('{') ? String((JSON.parse(body) as { text?: unknown }).text ?? '') : (new URLSearchParams(body).get('text') ?? ''));
