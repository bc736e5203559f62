import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { DB_NAME, namesDatabase } from '../database.js';
import { openConnection } from '../db/connect.js';
import { restoredMoment } from '../delivery/hold/marks.js';
import { beginHold, holdAnew, readHold } from '../delivery/hold/hold.js';
import { say, tool } from '../embedded-mongo/cli/common.js';
import { systemClock } from '../kernel/clock.js';
import { buildModels } from '../models.js';

/**
 * `npm run hold -- on --reason "…" [--restored]`, `npm run hold`: holds sending from the command line, for whoever puts a
 * MongoDB back with mongorestore and wants to be certain before the first process starts. It is ended in the back office
 * only, by somebody who has seen what would go out. Needs MONGODB_URI; db:restore does it for the embedded database.
 */
tool(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { reason: { type: 'string', default: '' }, restored: { type: 'boolean', default: false } } });
  const uri = readConfig().MONGODB_URI?.reveal();
  if (!uri) throw new Error('MONGODB_URI chưa được đặt; với cơ sở dữ liệu nhúng, lệnh db:restore tự tạm dừng gửi tin');
  const db = buildModels(await openConnection(uri, namesDatabase(uri) ? undefined : DB_NAME));
  try {
    const ctx = { db, clock: systemClock };
    if (positionals[0] === 'on') {
      const hold = { by: 'Dòng lệnh', reason: values.reason, lastSentAt: null, urgentPasses: false };
      // A hold that came with the backup, decided or not, was about other messages.
      if (values.restored) await holdAnew(ctx, await readHold(ctx), { ...hold, cause: 'restored', restoredTo: await restoredMoment(ctx) });
      else await beginHold(ctx, { ...hold, cause: 'by-hand', restoredTo: null });
    }
    const hold = await readHold(ctx);
    say(hold ? `Đang tạm dừng gửi tin từ ${hold.since.toISOString()} (${hold.cause}). Tiếp tục: trang "Tạm dừng gửi".` : 'Không tạm dừng: tin được gửi bình thường.');
  } finally {
    await db.conn.close();
  }
});
