import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo } from './start-demo.js';

/** `npm run demo`: everything in one process, nothing outside this machine. PORT (3000), HOST, DATA_DIR and LOG_LEVEL are honoured. */
async function main(): Promise<void> {
  const { HOST: host = '127.0.0.1', PORT = '3000', DATA_DIR, LOG_LEVEL = 'warn' } = process.env;
  const port = Number(PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return fail(`PORT phải là số từ 0 đến 65535, không phải "${PORT}".`);
  if (!(await isFree(host, port))) return fail(`Cổng ${port} đang được dùng. Chọn cổng khác: PORT=3100 npm run demo`);
  const dir = freshFolder(DATA_DIR);
  console.log('\nNhắc Việc · bản chạy thử với DỮ LIỆU MINH HỌA\n');
  const demo = await startDemo({ host, port, dir, logLevel: LOG_LEVEL, say: (line) => console.log(`  ${line}`) });
  console.log(welcome(demo));
  const stop = (): void => {
    setTimeout(() => process.exit(1), 5_000).unref();
    demo.stop().then(
      () => {
        rmSync(dir, { recursive: true, force: true });
        process.exit(0);
      },
      (error: unknown) => fail(String(error)),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

const welcome = ({ address, login, others }: Awaited<ReturnType<typeof startDemo>>): string => `
  Hai điện thoại    ${address}/simulator
  Hộp thư           ${address}/simulator/mail
  Trang Văn phòng   ${address}/admin
  Đăng nhập         ${login.email}  /  ${login.password}
${others.map(({ email, name }) => `                    ${email}  (${name}, cùng mật khẩu)`).join('\n')}

  Dừng: Ctrl+C. Dữ liệu thử được xóa khi dừng.
`;

/** A folder of its own for each run, so that every demo begins with the same story. */
function freshFolder(dataDir: string | undefined): string {
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  return mkdtempSync(join(dataDir ?? tmpdir(), 'nhac-viec-demo-'));
}

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });

function fail(message: string): void {
  console.error(message);
  process.exit(1);
}

await main();
