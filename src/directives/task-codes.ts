import type { Ctx } from '../context.js';
import { nextNumber } from '../db/counters.js';
import { numbered } from '../kernel/ids.js';
import { yearOf } from '../kernel/local-date.js';

/** The next `howMany` official numbers of this year (in Vietnam), e.g. ["NV-2026-00012", "NV-2026-00013"]. */
export async function takeTaskCodes(ctx: Ctx, howMany: number): Promise<string[]> {
  const year = yearOf(ctx.clock.now());
  const first = await nextNumber(ctx, `NV-${year}`, howMany);
  return Array.from({ length: howMany }, (_, i) => numbered('NV', year, first + i));
}
