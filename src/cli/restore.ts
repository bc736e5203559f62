import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DB_NAME } from '../database.js';
import { openConnection } from '../db/connect.js';
import { restoredMoment } from '../delivery/hold/marks.js';
import { holdAnew, readHold } from '../delivery/hold/hold.js';
import { say, tool } from '../embedded-mongo/cli/common.js';
import { restoreDatabase, startEmbedded } from '../embedded-mongo/index.js';
import { systemClock } from '../kernel/clock.js';
import { buildModels } from '../models.js';

/**
 * `npm run db:restore -- --from FOLDER --data DIR`: puts a backup of the embedded database into a new, empty folder, checks
 * that it opens, and holds all sending until the office has seen what would go out (page "Tạm dừng gửi").
 */
tool(async () => {
  const { values } = parseArgs({ options: { data: { type: 'string', default: 'data/db' }, from: { type: 'string' } } });
  if (values.from === undefined) throw new Error('usage: db:restore -- --from FOLDER --data DIR');
  const target = resolve(values.data);
  await restoreDatabase(resolve(values.from), target);
  const server = await startEmbedded({ dir: target, inProcess: true });
  const db = buildModels(await openConnection(server.uri, DB_NAME));
  try {
    const ctx = { db, clock: systemClock };
    // A hold that came with the backup, decided or not, was about other messages.
    await holdAnew(ctx, await readHold(ctx), { cause: 'restored', by: '', reason: '', restoredTo: await restoredMoment(ctx), lastSentAt: null, urgentPasses: false });
  } finally {
    await db.conn.close();
    await server.stop();
  }
  say(`restored ${resolve(values.from)} to ${target}`);
  say('Hệ thống sẽ TẠM DỪNG GỬI TIN sau khi khởi động: mở trang "Tạm dừng gửi", xem danh sách rồi chọn tiếp tục.');
});
