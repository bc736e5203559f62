import { cleanText } from '../../kernel/clean-text.js';
import { DomainError } from '../../kernel/errors.js';
import { fold } from '../../kernel/fold.js';
import { agencyTypes, type Agency, type AgencyType } from '../agency.model.js';
import { readOwnHours, type HoursGiven } from '../own-hours.js';

/**
 * What the office may write about an agency; null takes a value away. The code stays as entered: tasks, deliveries, the sealed
 * ledger and the record name agencies by it, and a ledger that can be rewritten proves nothing. `abbreviation` is shown instead.
 */
export interface AgencyFields extends HoursGiven {
  name: string;
  /** For narrow places such as charts. */
  shortName: string | null;
  /** As in document numbers, e.g. "SNNMT". */
  symbol: string | null;
  /** Shown instead of the code; differs from every other agency's code and abbreviation. */
  abbreviation: string | null;
  type: AgencyType;
  /** Code of the agency above. */
  parentCode: string | null;
  /** The agency's mailbox. */
  email: string | null;
  /** To call; as people write it. */
  phone: string | null;
  /** Place in lists among its level, from 1 to 999. */
  order: number | null;
  remote: boolean;
  active: boolean;
}

type Stored = Partial<Record<keyof Agency, unknown>>;

const LONGEST = { name: 200, shortName: 40, symbol: 20, abbreviation: 20, email: 254, phone: 30 } as const;
const LAST_PLACE = 999;

/** Checks the given fields of an agency and says how they are stored; undefined takes a field away. Throws input-invalid with the field's path. */
export function readAgencyFields(given: Partial<AgencyFields>): Stored {
  const { name, shortName, symbol, abbreviation, type, parentCode, email, phone, order, remote, active } = given;
  return {
    ...readOwnHours(given),
    ...(name === undefined ? {} : nameOf(name)),
    ...(shortName === undefined ? {} : { shortName: words(shortName, 'shortName') }),
    ...(symbol === undefined ? {} : { symbol: words(symbol, 'symbol') }),
    ...(abbreviation === undefined ? {} : abbreviationOf(abbreviation)),
    ...(type === undefined ? {} : { type: typeOf(type) }),
    ...(parentCode === undefined ? {} : { parentCode: parentCode ?? undefined }),
    ...(email === undefined ? {} : { email: emailOf(email) }),
    ...(phone === undefined ? {} : { phone: phoneOf(phone) }),
    ...(order === undefined ? {} : { order: placeOf(order) }),
    ...(remote === undefined ? {} : { remote }),
    ...(active === undefined ? {} : { active }),
  };
}

const invalid = (path: string, expected: string) => new DomainError('input-invalid', { path, expected });

function words(given: string | null, path: keyof typeof LONGEST): string | undefined {
  const text = cleanText(given ?? '', path).replace(/\s+/g, ' ');
  if (text.length > LONGEST[path]) throw invalid(path, `không quá ${LONGEST[path]} ký tự`);
  return text === '' ? undefined : text;
}

function nameOf(given: string): Stored {
  const name = words(given, 'name');
  if (name === undefined) throw invalid('name', 'không được để trống');
  return { name, nameFold: fold(name) };
}

function abbreviationOf(given: string | null): Stored {
  const abbreviation = words(given, 'abbreviation');
  return { abbreviation, abbreviationFold: abbreviation && fold(abbreviation) };
}

function typeOf(given: AgencyType): AgencyType {
  if (!agencyTypes.includes(given)) throw invalid('type', agencyTypes.join(' | '));
  return given;
}

function emailOf(given: string | null): string | undefined {
  const email = words(given, 'email');
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('email', 'địa chỉ thư điện tử');
  return email;
}

/** Landlines, short numbers and extensions are written in many ways; only what nobody could dial is refused. */
function phoneOf(given: string | null): string | undefined {
  const phone = words(given, 'phone');
  if (phone !== undefined && !/^\+?[\d\s().,/-]*\d{3}[\d\s().,/-]*(?:(?:máy lẻ|ext)\s*\d{1,5})?$/i.test(phone)) throw invalid('phone', 'số điện thoại, ví dụ 0214 3840 888');
  return phone;
}

function placeOf(given: number | null): number | undefined {
  if (given === null) return undefined;
  if (!Number.isInteger(given) || given < 1 || given > LAST_PLACE) throw invalid('order', `số từ 1 đến ${LAST_PLACE}`);
  return given;
}
