import { spawn, type ChildProcess } from 'node:child_process';

/** A process of the house under test. */
export interface HouseProcess {
  child: ChildProcess;
  /** Everything it printed. */
  output(): string;
  /** Resolves when a line matches, rejects if it ends before. */
  until(line: RegExp): Promise<void>;
  /** Resolves with exit code and signal. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a TypeScript file as a process of its own with exactly these settings (nothing of the machine's but PATH). */
export function startProcess(file: string, args: string[], env: Record<string, string>): HouseProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const waiting = new Set<() => void>();
  const take = (chunk: Buffer) => {
    printed += chunk.toString('utf8');
    waiting.forEach((check) => check());
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  return {
    child,
    output: () => printed,
    ended,
    until: (line) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!line.test(printed)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        void ended.then(({ code, signal }) => reject(new Error(`ended (${code ?? signal}) before ${String(line)}:\n${printed.slice(-3_000)}`)));
        check();
      }),
  };
}
