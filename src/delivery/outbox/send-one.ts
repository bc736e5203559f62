import { repeated } from '../../texts/delivery-texts.js';
import type { Message } from '../../texts/message.js';
import { afterOutcome, backoffMs } from './after-outcome.js';
import { channelWorks, refuseChannel, restChannel } from '../limits/channel-state.js';
import { doubtfulCopies } from './doubtful-copies.js';
import type { DrainRun } from './drain-run.js';
import type { Departure } from './plan-batch.js';
import type { SendOutcome, Sender } from '../sender.js';
import { beginCall, finish, giveBack, noteFailure, settleAccepted, settleAgain, settleUnknown, type Held } from './settle.js';
import { markChatDead, tellChannelStopped, tellUndelivered } from '../notices/tell-office.js';

/** The text kept in the ledger of a matter that must not be kept there. */
const SECRET_NOTE = '[nội dung mật không lưu]';

/** So long after its signal a sender that has not settled counts as hung. */
const HUNG_MS = 1_000;

/** Renders, calls and settles one delivery. Whatever happens is written; nothing is thrown but the database's own failure. */
export async function sendOne(run: DrainRun, { held, route, person }: Departure): Promise<void> {
  const { ctx, policy, senders } = run;
  const sender = senders.get(route.channel);
  const rendered = await render(run, held, person);
  if (!sender || !rendered) return;
  if (!('message' in rendered)) return silent(run, held, rendered);
  const repeat = doubtfulCopies(held.attempts, senders, route.channel) > 0;
  const message = { ...(repeat ? repeated(rendered.message) : rendered.message), kind: held.kind };
  // Without this line in the database nothing goes out; without the lease neither.
  const asked = ctx.clock.now();
  if (!(await beginCall(ctx, held, { ...route, repeat, leaseMs: policy.leaseMs }))) return lost(run, held, 'before the call');
  if (!leaseOutlastsCall(run, asked)) return tooLate(run, held);
  const outcome = await call(run, sender, { to: route.to, message, key: held.key });
  run.handled++;
  const settled = await settle(run, held, sender, { outcome, text: rendered.secret ? SECRET_NOTE : message.text });
  if (!settled) lost(run, held, 'during the call');
}

/** A process that stood still since it asked for the lease may have lost it: others may be calling by now. */
const leaseOutlastsCall = ({ ctx, policy }: DrainRun, asked: Date): boolean =>
  ctx.clock.now().getTime() - asked.getTime() <= policy.leaseMs - policy.callTimeoutMs - HUNG_MS;

/** Nobody was called: the row goes back as if it had not been taken. */
async function tooLate(run: DrainRun, held: Held): Promise<void> {
  if (!(await settleAgain(run.ctx, held, { outcome: 'paused', code: 'too-late', afterMs: 0, tried: false }))) lost(run, held, 'before the call');
}

/** Nothing to say: for good, or not yet. */
async function silent(run: DrainRun, held: Held, rendered: { suppress: string } | { laterMs: number }): Promise<void> {
  if ('laterMs' in rendered) await giveBack(run.ctx, held, new Date(run.ctx.clock.now().getTime() + rendered.laterMs));
  else if (await finish(run.ctx, held, 'suppressed', rendered.suppress)) run.handled++;
}

async function render(run: DrainRun, held: Held, person: Departure['person']) {
  const renderer = run.renderers[held.kind];
  try {
    if (!renderer) throw new TypeError(`no renderer for ${held.kind}`);
    return await renderer(run.ctx, held, person);
  } catch (error) {
    const failures = held.attempts.filter((a) => a.outcome === 'error').length;
    run.ctx.log.error({ event: 'delivery.render-failed', kind: held.kind, id: String(held._id), err: error });
    await noteFailure(run.ctx, held, error instanceof Error ? error.name : 'unknown', backoffMs(failures, run.policy, run.ctx.random));
    return null;
  }
}

/** A sender that hangs past its signal, or throws, leaves us not knowing. */
async function call(run: DrainRun, sender: Sender, what: { to: string; message: Message; key: string }): Promise<SendOutcome> {
  const { callTimeoutMs } = run.policy;
  const hung = run.timeout(callTimeoutMs + HUNG_MS);
  try {
    return await Promise.race([
      sender.send(what.to, what.message, { key: what.key, signal: run.timeout(callTimeoutMs) }),
      new Promise<SendOutcome>((resolve) => hung.addEventListener('abort', () => resolve({ kind: 'retry', code: 'hung', maybeSent: true }), { once: true })),
    ]);
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    run.ctx.log.error({ event: 'delivery.sender-threw', channel: sender.channel, name });
    return { kind: 'retry', code: `threw-${name}`, maybeSent: true };
  }
}

async function settle(run: DrainRun, held: Held, sender: Sender, result: { outcome: SendOutcome; text: string }): Promise<boolean> {
  const { ctx, policy } = run;
  const { outcome } = result;
  const copies = doubtfulCopies(held.attempts, run.senders, sender.channel);
  const past = { lane: held.lane, attempts: held.attempts.slice(0, -1) };
  const verdict = afterOutcome({ delivery: past, copies, channel: sender.channel, truth: sender.truth, outcome }, policy, ctx.random);
  await consequences(run, held, sender, outcome);
  if (verdict.next === 'accepted') {
    const done = await settleAccepted(ctx, held, { providerId: verdict.providerId, text: result.text });
    if (run.struck.has(sender.channel)) await channelWorks(ctx, sender.channel);
    return done;
  }
  if (verdict.next === 'again') return settleAgain(ctx, held, verdict);
  if (verdict.stop === 'unknown-twice') await tellUndelivered(ctx, held, verdict.stop);
  return settleUnknown(ctx, held, verdict);
}

/** What an outcome means for others than this delivery. */
async function consequences({ ctx, policy }: DrainRun, held: Held, { channel }: Sender, outcome: SendOutcome): Promise<void> {
  if (outcome.kind === 'unreachable' && outcome.dead && held.to) await markChatDead(ctx, { channel, to: held.to }, outcome.code);
  if (outcome.kind === 'retry' && outcome.pauseChannel) await restChannel(ctx, channel, outcome.afterMs ?? policy.backoff.firstMs);
  if (outcome.kind !== 'rejected') return;
  await refuseChannel(ctx, channel, policy.rejectedRest);
  await tellChannelStopped(ctx, channel, outcome.code);
}

const lost = (run: DrainRun, held: Held, when: string): void =>
  run.ctx.log.warn({ event: 'delivery.lease-lost', when, kind: held.kind, id: String(held._id) });
