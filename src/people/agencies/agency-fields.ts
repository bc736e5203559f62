import { cleanText } from '../../kernel/clean-text.js';
import { DomainError } from '../../kernel/errors.js';
import { fold } from '../../kernel/fold.js';
import type { Agency } from '../agency.model.js';

/** What the office may write about an agency; null takes a value away. Code, kind and superior stay as entered. */
export interface AgencyFields {
  name: string;
  /** For narrow places such as charts. */
  shortName: string | null;
  /** As in document numbers, e.g. "SNNMT". */
  symbol: string | null;
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

const LONGEST = { name: 200, shortName: 40, symbol: 20, email: 254, phone: 30 } as const;
const LAST_PLACE = 999;

/** Checks the given fields of an agency and says how they are stored; undefined takes a field away. Throws input-invalid with the field's path. */
export function readAgencyFields({ name, shortName, symbol, email, phone, order, remote, active }: Partial<AgencyFields>): Stored {
  return {
    ...(name === undefined ? {} : nameOf(name)),
    ...(shortName === undefined ? {} : { shortName: words(shortName, 'shortName') }),
    ...(symbol === undefined ? {} : { symbol: words(symbol, 'symbol') }),
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
