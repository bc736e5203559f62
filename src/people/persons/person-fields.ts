import type { Ctx } from '../../context.js';
import { channels, type Channel } from '../../kernel/channels.js';
import { cleanText } from '../../kernel/clean-text.js';
import { DomainError } from '../../kernel/errors.js';
import { fold } from '../../kernel/fold.js';
import type { Agency } from '../agency.model.js';
import { readOwnHours, type HoursGiven } from '../own-hours.js';
import type { Person, PersonRole } from '../person.model.js';
import { normalisePhone } from '../phone.js';
import { personById } from '../receivers.js';

/** What the office may write about a person; null takes a value away. */
export interface PersonFields extends HoursGiven {
  name: string;
  /** Post, e.g. "Giám đốc Sở Tài chính". */
  position: string;
  agencyCode: string;
  roles: PersonRole[];
  /** As people write it; stored as 84… */
  phone: string | null;
  email: string | null;
  deputyId: string | null;
  /** Away from `from` until just before `until`. */
  leave: { from: Date; until: Date } | null;
  /** Own order of channels; empty: the office's. */
  channelOrder: Channel[];
}

type Stored = Partial<Record<keyof Person, unknown>>;

const LONGEST = { name: 120, position: 200, email: 254 } as const;

/**
 * Checks the given fields of a person and says how they are stored; undefined takes a field away. `who` is the person they
 * are written to, null for a new one. Throws agency-unknown, agency-inactive, person-unknown, person-inactive, input-invalid.
 */
export async function readPersonFields(ctx: Ctx, given: Partial<PersonFields>, who: Person | null): Promise<Stored> {
  const { name, position, agencyCode, roles, phone, email, deputyId, leave, channelOrder } = given;
  if (agencyCode !== undefined) await mustBeActiveAgency(ctx, agencyCode);
  return {
    ...(name === undefined ? {} : nameOf(name)),
    ...(position === undefined ? {} : { position: words(position, 'position') }),
    ...(agencyCode === undefined ? {} : { agencyCode }),
    ...(roles === undefined ? {} : { roles: rolesOf(roles) }),
    ...(phone === undefined ? {} : phoneOf(phone, who)),
    ...(email === undefined ? {} : { email: emailOf(email) }),
    ...(deputyId === undefined ? {} : { deputyId: await deputyOf(ctx, deputyId, who) }),
    ...(leave === undefined ? {} : { leave: leaveOf(ctx, leave, who) }),
    ...readOwnHours(given),
    ...(channelOrder === undefined ? {} : { channelOrder: orderOf(channelOrder) }),
  };
}

const invalid = (path: string, expected: string) => new DomainError('input-invalid', { path, expected });

/** An agency that still works. Throws agency-unknown, agency-inactive. */
export async function mustBeActiveAgency(ctx: Ctx, code: string, path = 'agencyCode'): Promise<void> {
  const agency = await ctx.db.Agency.findOne({ code }).lean<Agency>();
  if (!agency) throw new DomainError('agency-unknown', { code, path });
  if (!agency.active) throw new DomainError('agency-inactive', { code, path });
}

function words(given: string, path: keyof typeof LONGEST): string {
  const text = cleanText(given, path);
  if (text === '') throw invalid(path, 'không được để trống');
  if (text.length > LONGEST[path]) throw invalid(path, `không quá ${LONGEST[path]} ký tự`);
  return text;
}

function nameOf(given: string): Stored {
  const name = words(given, 'name');
  return { name, nameFold: fold(name) };
}

function rolesOf(given: readonly PersonRole[]): PersonRole[] {
  if (given.length === 0) throw invalid('roles', 'cần ít nhất một vai trò');
  return [...new Set(given)];
}

/** A new number has to be proven again before text messages go there. */
function phoneOf(given: string | null, who: Person | null): Stored {
  const phone = given ? normalisePhone(given) : undefined;
  if (given && !phone) throw invalid('phone', 'số điện thoại Việt Nam, ví dụ 0912345678');
  return phone === who?.phone ? {} : { phone, phoneVerifiedAt: null };
}

function emailOf(given: string | null): string | undefined {
  if (!given) return undefined;
  const email = words(given, 'email');
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('email', 'địa chỉ thư điện tử');
  return email;
}

async function deputyOf(ctx: Ctx, given: string | null, who: Person | null): Promise<unknown> {
  if (!given) return undefined;
  if (given === who?._id.toString()) throw invalid('deputyId', 'người thay phải là đồng chí khác');
  const deputy = await personById(ctx, given);
  if (!deputy) throw new DomainError('person-unknown', { id: given, path: 'deputyId' });
  if (!deputy.active) throw new DomainError('person-inactive', { id: given, path: 'deputyId' });
  return deputy._id;
}

function leaveOf(ctx: Ctx, leave: PersonFields['leave'], who: Person | null): PersonFields['leave'] {
  if (!leave) return null;
  const same = who?.leave?.from.getTime() === leave.from.getTime() && who.leave.until.getTime() === leave.until.getTime();
  if (same) return leave;
  if (leave.until <= leave.from) throw invalid('leave', 'ngày cuối không trước ngày đầu');
  if (leave.until <= ctx.clock.now()) throw invalid('leave', 'thời gian vắng mặt đã qua');
  return { from: leave.from, until: leave.until };
}

function orderOf(given: readonly Channel[]): Channel[] {
  const strange = given.find((name) => !channels.includes(name));
  if (strange !== undefined) throw invalid('channelOrder', channels.join(' | '));
  return [...new Set(given)];
}
