import type { Ctx } from '../../context.js';
import { cleanText } from '../../kernel/clean-text.js';
import { DomainError } from '../../kernel/errors.js';
import { personById } from '../receivers.js';
import type { AccountRole } from './account.model.js';

/** What makes a login, besides its password. */
export interface AccountFacts {
  email: string;
  name: string;
  role: AccountRole;
  /** Required for the role "agency": it sees nothing else. */
  agencyCode?: string | null;
  personId?: string | null;
}

/** Throws 'agency-unknown', 'person-unknown', 'input-invalid'. */
export async function checkAccount(ctx: Ctx, input: AccountFacts): Promise<void> {
  const invalid = (path: string, expected: string) => new DomainError('input-invalid', { path, expected });
  if (!/^[^\s@]+@[^\s@]+$/.test(cleanText(input.email, 'email'))) throw invalid('email', 'địa chỉ thư điện tử');
  if (cleanText(input.name, 'name') === '') throw invalid('name', 'không được để trống');
  if (input.role === 'agency' && !input.agencyCode) throw invalid('agencyCode', 'mã cơ quan, bắt buộc với tài khoản đơn vị');
  if (input.agencyCode && !(await ctx.db.Agency.exists({ code: input.agencyCode }))) throw new DomainError('agency-unknown', { code: input.agencyCode, path: 'agencyCode' });
  if (input.personId && !(await personById(ctx, input.personId))) throw new DomainError('person-unknown', { id: input.personId, path: 'personId' });
}
