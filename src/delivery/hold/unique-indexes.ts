import type { Ctx } from '../../context.js';
import { beginHold, endHold, readHold } from './hold.js';

/**
 * Without the unique keys of what is sent and what came in, copies could go out twice: then sending is held. They are built
 * at every start; a restore while we run may take them away. Returns the collections that lack one.
 */
export async function keepUniqueIndexes(ctx: Ctx): Promise<string[]> {
  const missing: string[] = [];
  for (const model of [ctx.db.Delivery, ctx.db.Inbound, ctx.db.LedgerEntry]) {
    const wanted = model.schema.indexes().filter(([, options]) => options?.['unique'] === true).map(([fields]) => JSON.stringify(fields));
    const there = new Set((await model.collection.indexes().catch(() => [])).filter(({ unique }) => unique === true).map(({ key }) => JSON.stringify(key)));
    if (wanted.some((fields) => !there.has(fields)) && !(await rebuilt(model))) missing.push(model.collection.name);
  }
  const hold = await readHold(ctx);
  if (missing.length > 0) await beginHold(ctx, { cause: 'no-index', by: '', reason: missing.join(', '), restoredTo: null, lastSentAt: null, urgentPasses: false });
  else if (hold?.cause === 'no-index') await endHold(ctx, hold);
  return missing;
}

/** Built anew where the rows allow it; copies of one key do not. */
async function rebuilt(model: { createIndexes(): Promise<unknown> }): Promise<boolean> {
  try {
    await model.createIndexes();
    return true;
  } catch {
    return false;
  }
}
