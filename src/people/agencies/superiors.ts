import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Agency } from '../agency.model.js';

/** More superiors above each other are a mistake in the data. */
const DEEPEST = 20;

/**
 * Called while a change of an agency's superior is being decided, after it was read and before it is written onto its
 * `treeRev`. Every agency above gets a new `treeRev` in the same look that reads its own superior: of two who put themselves
 * under each other at once, the later look makes the earlier one's write miss, and it decides anew. So no circle is ever
 * written, and nothing is left behind by a crash. Throws agency-unknown, agency-inactive, input-invalid.
 */
export async function mustBeAbove(ctx: Ctx, agency: Pick<Agency, 'code'>, parentCode: string): Promise<void> {
  const path = 'parentCode';
  let code: string | undefined = parentCode;
  for (let level = 0; code !== undefined; level++) {
    if (code === agency.code) throw new DomainError('input-invalid', { path, expected: level === 0 ? 'cơ quan không trực thuộc chính mình' : 'cơ quan này đang trực thuộc chính cơ quan được sửa' });
    if (level === DEEPEST) throw new DomainError('input-invalid', { path, expected: `không quá ${DEEPEST} cấp` });
    const above: Pick<Agency, 'parentCode' | 'active'> | null = await ctx.db.Agency.findOneAndUpdate({ code }, { $inc: { treeRev: 1 } }, { returnDocument: 'after', projection: { parentCode: 1, active: 1 } }).lean<Pick<Agency, 'parentCode' | 'active'>>();
    if (level === 0 && !above) throw new DomainError('agency-unknown', { code, path });
    if (level === 0 && above?.active === false) throw new DomainError('agency-inactive', { code, path });
    code = above?.parentCode;
  }
}
