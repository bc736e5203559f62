import { changedValues } from '../../audit/changed-values.js';
import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import { DomainError } from '../../kernel/errors.js';
import { fold } from '../../kernel/fold.js';
import type { Actor } from '../actor.js';
import type { Agency } from '../agency.model.js';
import { mustBeAllowed } from '../policy.js';
import { readAgencyFields, type AgencyFields } from './agency-fields.js';
import { mustBeAbove } from './superiors.js';

export interface AgencyChange {
  id: string;
  /** The revision the form showed: somebody else's change in between is then not overwritten. Absent: whatever it is now. */
  rev?: number;
  /** Only what is named changes; null takes a value away. */
  changes: Partial<AgencyFields>;
}

const TRIES = 6;
/** Causes kept per agency; older ones cannot come again. */
const CAUSES_KEPT = 50;
/** Documents are issued and tasks followed in their name; what people may see and how lists begin hangs on which they are. */
const ALWAYS_THERE: readonly Agency['type'][] = ['province', 'office'];

/**
 * Changes what is known of an agency, in one atomic write onto the revision it was decided on; a repeated cause changes
 * nothing. The record keeps the old and the new values of what changed. An agency that stopped gets no new tasks and no
 * mail; its open tasks go on and its people are told as before. Another kind or superior changes lists and filters from now on;
 * nobody's rights and nothing sent hang on them. Throws forbidden, agency-unknown, agency-inactive, agency-code-taken, changed-meanwhile, input-invalid.
 */
export async function changeAgency(ctx: Ctx, actor: Actor, input: AgencyChange): Promise<Agency> {
  mustBeAllowed(actor, 'agency.write');
  const { agency, before } = await write(ctx, input);
  const changed = changedValues({ names: shownNames, asked: input.changes }, before, agency);
  if (changed) await recordAudit(ctx, actor, { action: 'agency.change', entity: 'agency', entityKey: agency.code, before: changed.before, after: { ...changed.after, name: agency.name } });
  return agency;
}

async function write(ctx: Ctx, { id, rev, changes }: AgencyChange): Promise<{ agency: Agency; before?: Agency }> {
  const mark = `change:${ctx.cause}`;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Agency.findById(id).lean<Agency>() : null;
    if (!before) throw new DomainError('agency-unknown', { code: id });
    if (before.causes?.includes(mark)) return { agency: before };
    if (rev !== undefined && rev !== (before.rev ?? 0)) throw new DomainError('changed-meanwhile', { id });
    await mustBePossible(ctx, before, changes);
    const moves = changes.parentCode !== undefined && changes.parentCode !== (before.parentCode ?? null);
    const agency = await ctx.db.Agency.findOneAndUpdate(
      { _id: before._id, rev: before.rev ?? null, ...(moves ? { treeRev: before.treeRev ?? null } : {}), causes: { $ne: mark } },
      { ...patchOf(before, changes), $push: { causes: { $each: [mark], $slice: -CAUSES_KEPT } } },
      { returnDocument: 'after' },
    ).lean<Agency>().catch((error: unknown) => {
      throw isDuplicateKey(error) ? taken(changes.abbreviation) : error;
    });
    if (agency) return { agency, before };
  }
  throw new DomainError('changed-meanwhile', { id });
}

function patchOf({ rev }: Agency, changes: AgencyChange['changes']) {
  const patch = Object.entries(readAgencyFields(changes));
  const gone = patch.filter(([, value]) => value === undefined).map(([name]) => [name, '']);
  return {
    $set: { ...Object.fromEntries(patch.filter(([, value]) => value !== undefined)), rev: (rev ?? 0) + 1 },
    ...(gone.length > 0 ? { $unset: Object.fromEntries(gone) as Record<string, ''> } : {}),
  };
}

/** What other agencies, or the agency's own place among them, do not allow. Throws input-invalid, agency-unknown, agency-inactive, agency-code-taken. */
async function mustBePossible(ctx: Ctx, before: Agency, { active, type, parentCode, abbreviation }: AgencyChange['changes']): Promise<void> {
  if (active === false && ALWAYS_THERE.includes(before.type)) throw new DomainError('input-invalid', { path: 'active', expected: 'UBND tỉnh và Văn phòng luôn hoạt động' });
  const other = type !== undefined && type !== before.type;
  if (other && [type, before.type].some((one) => ALWAYS_THERE.includes(one))) throw new DomainError('input-invalid', { path: 'type', expected: 'UBND tỉnh và Văn phòng giữ nguyên loại, cơ quan khác không chuyển thành hai loại này' });
  if (parentCode && parentCode !== before.parentCode) await mustBeAbove(ctx, before, parentCode);
  const wanted = fold(abbreviation ?? '');
  if (wanted === '' || wanted === before.abbreviationFold) return;
  const codes = await ctx.db.Agency.find({ _id: { $ne: before._id } }, { code: 1 }).lean<Pick<Agency, 'code'>[]>();
  if (codes.some(({ code }) => fold(code) === wanted)) throw taken(abbreviation);
}

const taken = (code: string | null | undefined) => new DomainError('agency-code-taken', { code: code ?? '', path: 'abbreviation' });

const shownNames = ['name', 'shortName', 'symbol', 'abbreviation', 'type', 'parentCode', 'email', 'phone', 'order', 'remote', 'digestAt', 'quiet', 'active'] as const satisfies readonly (keyof AgencyFields)[];
