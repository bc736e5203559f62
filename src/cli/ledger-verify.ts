import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { headInWords } from '../delivery/ledger/entry.js';
import { verifyLedger, type Verdict } from '../delivery/ledger/verify-ledger.js';
import { say } from '../embedded-mongo/cli/common.js';
import { openForReading } from './open-for-reading.js';

/**
 * `npm run ledger:verify -- [--head <seq>:<hash>] [--data DIR]`: reads the whole chain and compares every row with it.
 * Exit code 0: whole; 1: broken, the first places are printed; 2: could not look.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { head: { type: 'string' }, data: { type: 'string' } } });
  const known = values.head === undefined ? undefined : readHead(values.head);
  const { db, close } = await openForReading(readConfig(), values.data);
  try {
    const verdict = await verifyLedger({ db }, { ...(known ? { known } : {}), onProgress: bar });
    tell(verdict, known !== undefined);
    return verdict.breaches.length === 0 ? 0 : 1;
  } finally {
    await close();
  }
}

function readHead(text: string): { seq: number; hash: string } {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seq || !hash) throw new Error('--head phải có dạng <số>:<64 ký tự>, như trang "Sổ gửi tin" và thư cảnh báo ghi');
  return { seq: Number(seq), hash };
}

function bar(done: number, total: number): void {
  if (!process.stderr.isTTY) return;
  const part = total === 0 ? 1 : Math.min(1, done / total);
  process.stderr.write(`\r[${'#'.repeat(Math.round(part * 30)).padEnd(30, '.')}] ${Math.floor(part * 100)} %`);
}

function tell({ entries, rows, waiting, before, head, breaches }: Verdict, compared: boolean): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
  const count = (n: number) => n.toLocaleString('vi-VN');
  say(`${count(entries)} mục trong sổ, ${count(rows)} dòng đối chiếu, ${count(waiting)} dòng vừa đổi chờ ghi sổ${before > 0 ? `, ${count(before)} dòng có từ trước khi lập sổ` : ''}.`);
  say(`Mục cuối: ${headInWords(head)}${head.at ? ` (${head.at.toISOString()})` : ''}`);
  if (breaches.length === 0) return say(compared ? 'OK: sổ nguyên vẹn và nối tiếp mã đã lưu bên ngoài.' : 'OK: sổ nguyên vẹn. (Muốn biết phần cuối có bị cắt không, thêm --head với mã đã lưu bên ngoài.)');
  say(`SỔ KHÔNG NGUYÊN VẸN. Chỗ đầu tiên: ${breaches[0]?.place}: ${breaches[0]?.what}`);
  for (const { place, what } of breaches.slice(1)) say(`  ${place}: ${what}`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
