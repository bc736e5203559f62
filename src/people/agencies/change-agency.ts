import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../actor.js';
import type { Agency } from '../agency.model.js';
import { mustBeAllowed } from '../policy.js';
import { readAgencyFields, type AgencyFields } from './agency-fields.js';

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
/** Documents are issued and tasks followed in their name. */
const ALWAYS_ACTIVE: readonly Agency['type'][] = ['province', 'office'];

/**
 * Changes what is known of an agency, in one atomic write onto the revision it was decided on; a repeated cause changes
 * nothing. The record keeps the old and the new values of what changed. An agency that stopped gets no new tasks and no
 * mail; its open tasks go on and its people are told as before. Throws forbidden, agency-unknown, changed-meanwhile, input-invalid.
 */
export async function changeAgency(ctx: Ctx, actor: Actor, input: AgencyChange): Promise<Agency> {
  mustBeAllowed(actor, 'agency.write');
  const { agency, before } = await write(ctx, input);
  const names = shownNames.filter((name) => name in input.changes && (!before || (before[name] ?? null) !== (agency[name] ?? null)));
  if (names.length > 0) {
    const after = { ...shown(agency, names), name: agency.name };
    await recordAudit(ctx, actor, { action: 'agency.change', entity: 'agency', entityKey: agency.code, before: before ? shown(before, names) : null, after });
  }
  return agency;
}

async function write(ctx: Ctx, { id, rev, changes }: AgencyChange): Promise<{ agency: Agency; before?: Agency }> {
  const mark = `change:${ctx.cause}`;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Agency.findById(id).lean<Agency>() : null;
    if (!before) throw new DomainError('agency-unknown', { code: id });
    if (before.causes?.includes(mark)) return { agency: before };
    if (rev !== undefined && rev !== (before.rev ?? 0)) throw new DomainError('changed-meanwhile', { id });
    if (changes.active === false && ALWAYS_ACTIVE.includes(before.type)) throw new DomainError('input-invalid', { path: 'active', expected: 'UBND tỉnh và Văn phòng luôn hoạt động' });
    const patch = Object.entries(readAgencyFields(changes));
    const gone = patch.filter(([, value]) => value === undefined).map(([name]) => [name, '']);
    const agency = await ctx.db.Agency.findOneAndUpdate(
      { _id: before._id, rev: before.rev ?? null, causes: { $ne: mark } },
      {
        $set: { ...Object.fromEntries(patch.filter(([, value]) => value !== undefined)), rev: (before.rev ?? 0) + 1 },
        ...(gone.length > 0 ? { $unset: Object.fromEntries(gone) } : {}),
        $push: { causes: { $each: [mark], $slice: -CAUSES_KEPT } },
      },
      { returnDocument: 'after' },
    ).lean<Agency>();
    if (agency) return { agency, before };
  }
  throw new DomainError('changed-meanwhile', { id });
}

const shownNames = ['name', 'shortName', 'symbol', 'email', 'phone', 'order', 'remote', 'active'] as const satisfies readonly (keyof AgencyFields)[];

const shown = (agency: Agency, names: readonly (typeof shownNames)[number][]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, agency[name] ?? null]));
