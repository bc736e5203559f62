import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import { byOf, type Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import { carryOut } from './carry-out.js';
import { beginHold, decideHold, readHold, type Hold, type HoldChoice } from './hold.js';
import { knownMirror } from './marks.js';
import { lookAtMarks } from './notice-restore.js';

/** What deciding needs from the house. */
export interface HoldHands {
  /** Where the marks outside the database are kept; null: none are. */
  dir: string | null;
  /** Plans everything that is due by now, so that nothing is planned behind the decision's back. */
  planAll(): Promise<void>;
}

/** Stops all sending but answers, by hand. `urgentPasses`: urgent matters leave all the same. Throws forbidden, hold-already, input-invalid. */
export async function holdSending(ctx: Ctx, actor: Actor, { reason, urgentPasses }: { reason: string; urgentPasses: boolean }): Promise<void> {
  mustBeAllowed(actor, 'hold.decide');
  if (reason.trim() === '') throw new DomainError('input-invalid', { path: 'reason', expected: 'nêu lý do tạm dừng' });
  const began = await beginHold(ctx, { cause: 'by-hand', by: byOf(actor).name, reason: reason.trim(), restoredTo: null, lastSentAt: null, urgentPasses });
  if (!began) throw new DomainError('hold-already');
  await recordAudit(ctx, actor, { action: 'hold.begin', entity: 'hold', entityKey: 'hold', after: { reason: reason.trim(), urgentPasses } });
}

/**
 * Ends the hold: the office's consent. `since` names the hold that was looked at. The decision is taken in one write first, so
 * of two who decide at once one decides and the other one has changed nothing; then it is carried out (carry-out.ts). After a
 * crash in between the sending stays held, and the next look of the house, the same press or anybody else's finishes what
 * was decided. Returns how many messages were dropped. Throws forbidden; hold-changed where it is another hold, none, or
 * somebody else's decision.
 */
export async function resumeSending(ctx: Ctx, actor: Actor, { choice, since }: { choice: HoldChoice; since: Date }, hands: HoldHands): Promise<{ dropped: number }> {
  mustBeAllowed(actor, 'hold.decide');
  // A restore is noticed first: what was decided about another day's messages is no consent.
  if (hands.dir !== null) await lookAtMarks(ctx, hands.dir);
  const seen = await readHold(ctx);
  if (seen?.since.getTime() !== since.getTime()) throw new DomainError('hold-changed');
  const decided = seen.decision ? seen : await decide(ctx, actor, { choice, since }, hands);
  const dropped = await carryOut(ctx, decided, hands.dir);
  if (decided.decision?.cause !== ctx.cause) throw new DomainError('hold-changed');
  return { dropped };
}

async function decide(ctx: Ctx, actor: Actor, { choice, since }: { choice: HoldChoice; since: Date }, hands: HoldHands): Promise<Hold> {
  // Planned first: what comes after the decision became due after it.
  await hands.planAll();
  const decided = await decideHold(ctx, since, { choice, actor, cause: ctx.cause, at: ctx.clock.now() }, hands.dir === null ? null : knownMirror(ctx));
  if (!decided) throw new DomainError('hold-changed');
  return decided;
}
