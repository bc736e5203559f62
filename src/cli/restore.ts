import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { say, tool } from '../embedded-mongo/cli/common.js';
import { restoreHeld } from './restore-held.js';

/**
 * `npm run db:restore -- --from FOLDER --data DIR`: puts a backup of the embedded database into a new, empty folder, checks
 * that it opens, and holds all sending until the office has seen what would go out (page "Tạm dừng gửi").
 */
tool(async () => {
  const { values } = parseArgs({ options: { data: { type: 'string', default: 'data/db' }, from: { type: 'string' } } });
  if (values.from === undefined) throw new Error('usage: db:restore -- --from FOLDER --data DIR');
  const [from, target] = [resolve(values.from), resolve(values.data)];
  for (const folder of await restoreHeld(from, target)) say(`Còn lại từ một lần khôi phục dở dang, có thể xóa: ${folder}`);
  say(`restored ${from} to ${target}`);
  say('Hệ thống sẽ TẠM DỪNG GỬI TIN sau khi khởi động: mở trang "Tạm dừng gửi", xem danh sách rồi chọn tiếp tục.');
});
