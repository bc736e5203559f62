import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { fold } from '../kernel/fold.js';
import type { Actor } from './actor.js';
import { readAgencyFields } from './agencies/agency-fields.js';
import type { Agency, AgencyType } from './agency.model.js';
import { factId } from './fact-id.js';
import { mustBeAllowed } from './policy.js';

export interface AgencyInput {
  /** Official code, unique: names recur, codes do not. */
  code: string;
  name: string;
  type: AgencyType;
  parentCode?: string;
  email?: string;
  symbol?: string;
  shortName?: string;
  phone?: string;
  /** Place in lists among its level, from 1. */
  order?: number;
  remote?: boolean;
}

/** Enters an agency. Throws 'agency-code-taken', 'agency-unknown' (parent), 'input-invalid'. */
export async function registerAgency(ctx: Ctx, actor: Actor, input: AgencyInput): Promise<Agency> {
  mustBeAllowed(actor, 'agency.write');
  const { code, parentCode } = input;
  if (parentCode && !(await ctx.db.Agency.exists({ code: parentCode }))) throw new DomainError('agency-unknown', { code: parentCode, path: 'parentCode' });
  cleanText(code, 'code');
  const { name, symbol = null, email = null, shortName = null, phone = null, order = null } = input;
  const fields = Object.fromEntries(Object.entries(readAgencyFields({ name, symbol, email, shortName, phone, order })).filter(([, value]) => value !== undefined)) as Partial<Agency>;
  const _id = factId(ctx.cause, 'agency', code);
  // Another agency is shown under it.
  if (await ctx.db.Agency.exists({ abbreviationFold: fold(code), _id: { $ne: _id } })) throw new DomainError('agency-code-taken', { code, path: 'code' });
  try {
    await ctx.db.Agency.create({ ...input, ...fields, _id, remote: input.remote ?? false, active: true });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  // The unique code decides; the id tells whether it was this very cause that took it.
  const agency = await ctx.db.Agency.findById(_id).lean<Agency>();
  if (!agency) throw new DomainError('agency-code-taken', { code, path: 'code' });
  await recordAudit(ctx, actor, { action: 'agency.register', entity: 'agency', entityKey: code, after: { name: agency.name, type: input.type, parentCode: parentCode ?? null } });
  return agency;
}
