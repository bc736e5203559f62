import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A provider on 127.0.0.1 in a process of its own; what it reports may be ten milliseconds old. */
export interface Sink {
  url: string;
  /** Messages taken, calls refused with 429. */
  taken: number;
  refused: number;
  /** When a text was asked for, milliseconds since the epoch with fractions. */
  calledAt: Map<string, number>;
  stop(): Promise<void>;
}

type Report = { port: number } | { taken: number; refused: number; calls: [string, number][] };

/** `limit`: so many messages in any second; beyond it 429 with a second's retry-after. Absent: no limit. */
export async function startSink(limit = Infinity): Promise<Sink> {
  const child = fork(fileURLToPath(new URL('./sink-process.ts', import.meta.url)), [String(limit)], { execArgv: ['--import', 'tsx'] });
  const sink: Sink = { url: '', taken: 0, refused: 0, calledAt: new Map(), stop: async () => {} };
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the stand-in provider ended with ${code}`)));
    child.on('message', (report: Report) => {
      if ('port' in report) return resolve(report.port);
      sink.taken = report.taken;
      sink.refused = report.refused;
      for (const [text, at] of report.calls) sink.calledAt.set(text, at);
    });
  });
  sink.url = `http://127.0.0.1:${port}`;
  sink.stop = async () => {
    child.disconnect();
    await ended;
  };
  return sink;
}

/** Now, on the scale of `calledAt`. */
export const sinkNow = (): number => performance.timeOrigin + performance.now();
