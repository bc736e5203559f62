import type { Channel } from '../../kernel/channels.js';
import { prepareMessage } from '../content/prepare-message.js';
import { DIGEST } from '../digest/digest-keys.js';
import { membersTold } from '../digest/digest-members.js';
import { probeUnused } from '../limits/channel-state.js';
import { silentAt } from '../receipts/silence.js';
import { repeated } from '../../texts/delivery-texts.js';
import type { Message } from '../../texts/message.js';
import { afterOutcome, backoffMs } from './after-outcome.js';
import { writerOf } from './batch-writer.js';
import { Deadline, HUNG_MS } from './deadline.js';
import { consequences } from './consequences.js';
import { doubtfulCopies } from './doubtful-copies.js';
import { throughDoor, toDoor } from './door.js';
import type { DrainRun } from './drain-run.js';
import type { Departure } from './plan-batch.js';
import type { SendOutcome, Sender } from '../sender.js';
import { rivals } from './hurry-waiting.js';
import { beginCall, finish, giveBack, noteFailure, settleAccepted, settleAgain, settleUnknown, type Held } from './settle.js';
import { tellUndelivered } from '../notices/tell-office.js';

/** The text kept in the ledger of a matter that must not be kept there. */
const SECRET_NOTE = '[nội dung mật không lưu]';

/** Renders, calls and settles one delivery. Whatever happens is written; nothing is thrown but the database's own failure. */
export async function sendOne(run: DrainRun, { held, route, person, startsAt, elsewhere }: Departure): Promise<void> {
  const { ctx, senders } = run;
  const sender = senders.get(route.channel);
  const rendered = await render(run, held, { person, channel: route.channel });
  if (!sender || !rendered) return notTried(run, route.channel);
  if (!('message' in rendered)) {
    await silent(run, held, rendered);
    return notTried(run, route.channel);
  }
  const repeat = doubtfulCopies(held.attempts, senders, route.channel) > 0;
  const message = { ...(repeat ? repeated(rendered.message) : rendered.message), kind: held.kind };
  const coming = toDoor(run, route.channel, startsAt);
  const place = coming && (await coming);
  // Without this line in the database nothing goes out; without the lease neither.
  const asked = ctx.clock.now();
  if (!(await noted(run, held, { ...route, repeat }))) return lost(run, held, 'before the call');
  if (place) await throughDoor(run, place);
  if (!leaseOutlastsCall(run, asked)) return notCalled(run, held, 'too-late');
  // Granted before the channel said "not before then": nothing leaves in a rest.
  if ((run.restsUntil.get(route.channel) ?? 0) > ctx.clock.now().getTime()) return notCalled(run, held, 'rests');
  const outcome = await call(run, sender, { to: route.to, message, key: held.key });
  run.handled++;
  const settled = await settle(run, held, sender, { outcome, elsewhere: elsewhere ?? false, text: rendered.secret ? SECRET_NOTE : (rendered.kept ?? message.text) });
  if (!settled) lost(run, held, 'during the call');
}

/** The call that was to try whether a broken channel is back is left to the next message. */
async function notTried(run: DrainRun, channel: Channel): Promise<void> {
  if (!run.states.get(channel)?.broken) return;
  await probeUnused(run.ctx, channel);
  run.putBack = true;
}

/** Rejects where the database failed: then nobody was called, which is put right as soon as it can be, or the lease runs out and leaves a doubt. */
async function noted(run: DrainRun, held: Held, call: { channel: Channel; to: string; repeat: boolean }): Promise<boolean> {
  const { ctx, policy } = run;
  try {
    return await beginCall(ctx, held, { ...call, leaseMs: policy.leaseMs });
  } catch (error) {
    const row = await ctx.db.Delivery.findOne({ _id: held._id, fence: held.fence }).lean<Held>();
    if (row?.state === 'sending') await notCalled(run, row, 'not-noted');
    else if (row?.state === 'claimed') await giveBack(ctx, row, row.notBefore);
    throw error;
  }
}

/** A process that stood still since it asked for the lease may have lost it: others may be calling by now. */
const leaseOutlastsCall = ({ ctx, policy }: DrainRun, asked: Date): boolean =>
  ctx.clock.now().getTime() - asked.getTime() <= policy.leaseMs - policy.callTimeoutMs - HUNG_MS;

/** Nobody was called: the row goes back as if it had not been taken. */
async function notCalled(run: DrainRun, held: Held, code: string): Promise<void> {
  run.putBack = true;
  if (!(await settleAgain(run.ctx, held, { outcome: 'paused', code, afterMs: 0, tried: false }))) lost(run, held, 'before the call');
}

/** Nothing to say: for good, or not yet. */
async function silent(run: DrainRun, held: Held, rendered: { suppress: string } | { laterMs: number }): Promise<void> {
  if ('laterMs' in rendered) await giveBack(run.ctx, held, new Date(run.ctx.clock.now().getTime() + rendered.laterMs));
  else if (await finish(run.ctx, held, 'suppressed', rendered.suppress)) run.handled++;
}

async function render(run: DrainRun, held: Held, to: { person: Departure['person']; channel: Channel }) {
  try {
    return await prepareMessage(run, held, to);
  } catch (error) {
    const failures = held.attempts.filter((a) => a.outcome === 'error').length;
    run.ctx.log.error({ event: 'delivery.render-failed', kind: held.kind, id: String(held._id), err: error });
    await noteFailure(run.ctx, held, error instanceof Error ? error.name : 'unknown', backoffMs(failures, run.policy, run.ctx.random));
    return null;
  }
}

/** A sender that hangs past its signal, or throws, leaves us not knowing. */
async function call(run: DrainRun, sender: Sender, what: { to: string; message: Message; key: string }): Promise<SendOutcome> {
  try {
    const deadline = deadlineOf(run);
    return await deadline.race(sender.send(what.to, what.message, { key: what.key, signal: deadline.signal }), { kind: 'retry', code: 'hung', maybeSent: true });
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    run.ctx.log.error({ event: 'delivery.sender-threw', channel: sender.channel, name });
    return { kind: 'retry', code: `threw-${name}`, maybeSent: true };
  }
}

/** Calls written down by the same flush begin in the same moment and share their time-out. */
function deadlineOf(run: DrainRun): Deadline {
  const { flushes } = writerOf(run.ctx);
  if (run.deadline?.flushes !== flushes) run.deadline = { flushes, at: new Deadline(run.timeout, run.policy.callTimeoutMs) };
  return run.deadline.at;
}

async function settle(run: DrainRun, held: Held, sender: Sender, result: { outcome: SendOutcome; text: string; elsewhere: boolean }): Promise<boolean> {
  const { ctx, policy } = run;
  const { outcome } = result;
  const copies = doubtfulCopies(held.attempts, run.senders, sender.channel);
  const past = { lane: held.lane, attempts: held.attempts.slice(0, -1) };
  const { broken = false, strikes = 0 } = run.states.get(sender.channel) ?? {};
  const ageMs = ctx.clock.now().getTime() - (held.attempts[0]?.at ?? held.createdAt).getTime();
  const situation = { broken, strikes, ageMs, elsewhere: result.elsewhere, rivals: broken ? await rivals(ctx, held, sender.channel) : 0 };
  const verdict = afterOutcome({ delivery: past, copies, channel: sender.channel, truth: sender.truth, outcome, ...situation }, policy, ctx.random);
  // What it means for others must not keep this message's own outcome from being written.
  await consequences(run, held, sender, outcome).catch((error: unknown) => ctx.log.error({ event: 'delivery.consequences-failed', channel: sender.channel, err: error }));
  if (verdict.next === 'accepted') {
    const done = await settleAccepted(ctx, held, { providerId: verdict.providerId, text: result.text, silentAt: silentAt(held, ctx.clock.now(), policy, outcome.kind === 'accepted' ? outcome.unheardMs : undefined) });
    if (done && held.kind === DIGEST) await membersTold(ctx, held);
    return done;
  }
  if (verdict.next === 'again') {
    run.putBack ||= verdict.afterMs === 0;
    return settleAgain(ctx, held, verdict);
  }
  // A provider that can be asked is asked before anything is given up.
  const stop = sender.find ? null : verdict.stop;
  if (stop) await tellUndelivered(ctx, held, stop);
  return settleUnknown(ctx, held, { ...verdict, stop, text: result.text });
}

const lost = (run: DrainRun, held: Held, when: string): void =>
  run.ctx.log.warn({ event: 'delivery.lease-lost', when, kind: held.kind, id: String(held._id) });
