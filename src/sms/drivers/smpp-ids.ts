import type { Ctx } from '../../context.js';
import { normalisePhone } from '../../people/phone.js';

/** Messages whose receipt is awaited in memory; older ones are found in the database. */
const REMEMBERED = 20_000;

/**
 * How else an SMSC may write the same message id, the given form first: submit_sm_resp often says hexadecimal what the
 * receipt says decimal, or the other way round, with other case or leading zeros.
 */
export function formsOf(id: string): string[] {
  const bare = bareId(id);
  const forms = [bare];
  if (/^\d{1,20}$/.test(bare)) forms.push(BigInt(bare).toString(16));
  if (/^[0-9a-f]{1,16}$/.test(bare)) forms.push(BigInt(`0x${bare}`).toString(10));
  return [...new Set(forms)];
}

const bareId = (id: string): string => id.trim().toLowerCase().replace(/^0+(?=.)/, '');

/** As they may stand in the database: both cases, and filled up with zeros. */
const spellings = (id: string): string[] => [id.trim(), ...formsOf(id).flatMap((form) => [form, form.toUpperCase(), ...[8, 10, 16].flatMap((width) => [form.padStart(width, '0'), form.toUpperCase().padStart(width, '0')])])];

/** Finds the id under which we know a message from the id in its receipt. "10" may be ten or sixteen: the recipient's number decides. */
export function createIds(ctx: Ctx) {
  const known = new Map<string, { id: string; to: string }>();
  const find = async (id: string, from: string): Promise<string> => {
    const number = normalisePhone(from);
    for (const form of formsOf(id)) {
      const sent = known.get(form);
      if (sent && (!number || sent.to === number)) return sent.id;
    }
    const rows = await ctx.db.Delivery.find({ channel: 'sms', providerId: { $in: [...new Set(spellings(id))] } }, { providerId: 1, to: 1 }).limit(10).lean();
    const mine = rows.filter((row) => !number || normalisePhone(row.to ?? '') === number);
    return (mine.find((row) => row.providerId === id.trim()) ?? mine[0])?.providerId ?? id.trim();
  };
  return {
    /** Called before anybody else knows of the acceptance, for a receipt may come at once. */
    remember: (id: string, to: string): void => {
      known.set(bareId(id), { id, to });
      for (const oldest of known.keys()) {
        if (known.size <= REMEMBERED) break;
        known.delete(oldest);
      }
    },
    find,
  };
}
