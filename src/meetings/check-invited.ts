import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { personById } from '../people/receivers.js';
import type { Meeting } from './meeting.model.js';

/** Those to be invited, each once, in the order given; all active. Throws attendee-unknown. */
export async function checkInvited(ctx: Ctx, ids: readonly string[]): Promise<Types.ObjectId[]> {
  const asked = [...new Set(ids.map((id) => id.toLowerCase()))];
  const wellFormed = asked.filter((id) => /^[0-9a-f]{24}$/.test(id));
  const known = await ctx.db.Person.find({ _id: { $in: wellFormed }, active: true }, { _id: 1 }).lean<{ _id: Types.ObjectId }[]>();
  const byId = new Map(known.map((person) => [person._id.toString(), person._id]));
  return asked.map((id) => {
    const found = byId.get(id);
    if (!found) throw new DomainError('attendee-unknown', { id });
    return found;
  });
}

/** Who presides: free words, or somebody of the house by id, who is then invited like everyone. */
export interface ChairInput {
  chair?: string;
  chairId?: string | null;
}

/** The chair as it is kept. Without words of its own a picked person stands with name and post. Throws input-invalid, attendee-unknown. */
export async function checkChair(ctx: Ctx, { chair = '', chairId }: ChairInput): Promise<Required<Pick<Meeting, 'chair' | 'chairId'>>> {
  const words = cleanText(chair, 'chair');
  if (!chairId) return { chair: words, chairId: null };
  const person = await personById(ctx, chairId);
  if (!person?.active) throw new DomainError('attendee-unknown', { id: chairId });
  return { chair: words || `${person.name}, ${person.position}`, chairId: person._id };
}
