import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { headInWords } from '../delivery/ledger/entry.js';
import { verifyLedger, type Verdict } from '../delivery/ledger/verify-ledger.js';
import { say } from '../embedded-mongo/cli/common.js';
import { openForReading } from './open-for-reading.js';

/** What the command finds and, honestly, what it cannot find (verify-ledger.ts). */
const HELP = `npm run ledger:verify -- [--head <số>:<mã>] [--data THƯ_MỤC]

Đọc toàn bộ sổ, đối chiếu từng tin gửi và từng dòng nhật ký với sổ.
  --head   mã của mục cuối đã lưu bên ngoài (trang "Sổ gửi tin", thư cảnh báo)
  --data   thư mục cơ sở dữ liệu nhúng, mặc định data/db

Phát hiện: mục trong sổ bị sửa, bị xóa, bị chèn, bị đổi chỗ; tin hoặc dòng nhật ký bị sửa, bị xóa, bị chèn mà không ghi sổ;
diễn biến mà hệ thống không thể tự ghi, kể cả khi thay đổi còn chờ ghi sổ hoặc đã được ghi sổ; phần cuối bị cắt (cần --head).

Không phát hiện được, vì trong cơ sở dữ liệu không có gì khác với việc thật:
  - người có quyền ghi thẳng vào cơ sở dữ liệu và làm đúng từng bước như hệ thống (đánh dấu chờ ghi sổ, từng bước hợp lệ),
    kể cả thêm tin hoặc dòng nhật ký hoàn toàn mới với giờ tùy ý;
  - tin hoặc dòng nhật ký bị xóa trước khi được ghi sổ lần đầu (thường trong vài giây);
  - dòng không có dấu ghi sổ mà mọi mốc thời gian và mã dòng đều giả là có từ trước khi lập sổ: chỉ thấy số dòng
    "có từ trước khi lập sổ" tăng lên, trong khi số này không bao giờ tự tăng;
  - sổ và các dòng được làm lại từ một chỗ nào đó đến hết, nếu không có mã lưu bên ngoài: hãy dùng --head.

Mã thoát: 0 nguyên vẹn, 1 không nguyên vẹn (in các chỗ đầu tiên), 2 không đọc được.`;

/**
 * `npm run ledger:verify -- [--head <seq>:<hash>] [--data DIR] [--help]`: reads the whole chain and compares every row with
 * it. What it cannot find is said in HELP and in verify-ledger.ts. Exit code 0: whole; 1: broken, the first places are
 * printed; 2: could not look.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { head: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } });
  if (values.help) {
    say(HELP);
    return 0;
  }
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
