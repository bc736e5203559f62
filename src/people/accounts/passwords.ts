import { hash, verify } from '@node-rs/argon2';
import { DomainError } from '../../kernel/errors.js';

const SHORTEST = 10;

/** Throws input-invalid for a password of fewer than 10 characters. */
export function mustBeLongEnough(password: string, path = 'password'): void {
  if (password.length < SHORTEST) throw new DomainError('input-invalid', { path, expected: `mật khẩu ít nhất ${SHORTEST} ký tự` });
}

/** argon2id with the library's OWASP defaults (19 MiB, 2 passes), about 40 ms a look. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'));

/** False also for a hash that cannot be read. */
export const passwordFits = (storedHash: string, password: string): Promise<boolean> =>
  verify(storedHash, password.normalize('NFC')).catch(() => false);

let nobody: Promise<string> | undefined;

/** Takes as long as a real comparison and is always false: an unknown e-mail answers no faster than a known one. */
export async function compareWithNobody(password: string): Promise<false> {
  nobody ??= hashPassword('nobody has this password');
  await passwordFits(await nobody, password);
  return false;
}
