import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { ChatLink } from '../../people/links/chat-link.model.js';
import type { Person } from '../../people/person.model.js';
import type { Delivery } from '../delivery.model.js';
import { enqueue } from '../enqueue.js';
import { isNotice } from '../notices/notice-kinds.js';
import { tellHeldUp } from '../notices/tell-held-up.js';
import { tellSilent, tellUndelivered } from '../notices/tell-office.js';
import { chooseChannel } from '../outbox/choose-channel.js';
import { defaultPolicy, type DeliveryPolicy } from '../policy.js';
import { nextKey } from './arrived-meanwhile.js';
import { wroteSince } from './heard-of.js';

const AT_ONCE = 200;

interface Run {
  ctx: Ctx;
  configured: ReadonlySet<Channel>;
  policy: DeliveryPolicy;
}

/**
 * Tick: plans the next channel for messages nobody was heard of in time, and for those the provider took and could not
 * deliver. The next attempt is planned before the mark is taken away, under a key of its own: a crash in between plans it
 * again, which changes nothing. Returns how many were looked at.
 */
export async function followUp(ctx: Ctx, configured: readonly Channel[], wishes: Partial<DeliveryPolicy>): Promise<number> {
  const run: Run = { ctx, configured: new Set(configured), policy: { ...defaultPolicy, ...wishes } };
  await tellHeldUp(ctx);
  const failed: Delivery['_id'][] = [];
  let done = 0;
  for (;;) {
    const due = await ctx.db.Delivery.find({ state: { $in: ['accepted', 'dead'] }, silentAt: { $lte: ctx.clock.now(), $ne: null }, _id: { $nin: failed } })
      .sort({ silentAt: 1 }).limit(AT_ONCE).lean<Delivery[]>();
    for (const row of due) {
      try {
        await followOne(run, row);
        done++;
      } catch (error) {
        // One row must not hold back the others; the next tick tries it again.
        ctx.log.error({ event: 'followup.failed', id: String(row._id), err: error });
        failed.push(row._id);
      }
    }
    if (due.length < AT_ONCE) return done;
  }
}

async function followOne(run: Run, row: Delivery): Promise<void> {
  const { ctx } = run;
  if (!(await needless(ctx, row))) {
    if (await otherChannel(run, row)) await enqueue(ctx, nextAttempt(row));
    else await nobodyLeft(ctx, row);
  }
  await ctx.db.Delivery.updateOne({ _id: row._id, silentAt: row.silentAt }, { $set: { silentAt: null } });
}

/** A sign came, or somebody else's clock takes over. What could not be delivered needs another way in any case. */
async function needless(ctx: Ctx, row: Delivery): Promise<boolean> {
  if (row.deliveredAt || row.seenAt || row.acknowledgedAt) return true;
  if (row.state === 'dead') return false;
  return (row.acceptedAt !== null && (await wroteSince(ctx, row.personId, row.acceptedAt))) || overtaken(ctx, row);
}

/**
 * An invitation is repeated by the meeting's own steps (src/meetings/escalation-steps.ts). Within one step there is at most
 * one copy per channel; once the next step has written to the same person, the former one is not followed up any more.
 */
const overtaken = async (ctx: Ctx, { meetingCode, personId, kind, createdAt }: Delivery): Promise<boolean> =>
  meetingCode !== null && personId !== null && !isNotice(kind)
  && (await ctx.db.Delivery.exists({ personId, meetingCode, follows: null, createdAt: { $gt: createdAt } })) !== null;

const usedChannels = (row: Delivery): Channel[] => [...new Set([...row.triedChannels, ...(row.channel ? [row.channel] : [])])];

/** Is there a way to this person that was not tried yet? Channels that rest count: they come back. */
async function otherChannel({ ctx, configured, policy }: Run, row: Delivery): Promise<boolean> {
  if (!row.personId || row.chat) return false;
  const [person, links] = await Promise.all([
    ctx.db.Person.findOne({ _id: row.personId }).lean<Person>(),
    ctx.db.ChatLink.find({ personId: row.personId, deadAt: null }).lean<ChatLink[]>(),
  ]);
  const delivery = { chat: null, lane: row.lane, attempts: [], triedChannels: usedChannels(row) };
  return !('none' in chooseChannel({ delivery, person, links, configured, pauses: new Map(), now: ctx.clock.now(), policy }));
}

function nextAttempt(row: Delivery): Parameters<typeof enqueue>[1] {
  const { kind, lane, personId, behalfOf, data, taskCode, meetingCode, asked, expiresAt } = row;
  return {
    key: nextKey(row.key), follows: row.key, kind, lane, data, triedChannels: usedChannels(row),
    ...(personId ? { personId: String(personId) } : {}), ...(behalfOf ? { behalfOf: String(behalfOf) } : {}),
    ...(taskCode ? { taskCode } : {}), ...(meetingCode ? { meetingCode } : {}), ...(asked ? { asked } : {}), ...(expiresAt ? { expiresAt } : {}),
  };
}

/** Failed everywhere: the office calls. Merely unheard: only where it is urgent, and no meeting's own steps tell the office anyway. */
async function nobodyLeft(ctx: Ctx, row: Delivery): Promise<void> {
  if (row.state === 'dead') return tellUndelivered(ctx, row, row.reason ?? 'undelivered');
  if (row.lane !== 'urgent') return;
  const meeting = row.meetingCode ? await ctx.db.Meeting.findOne({ code: row.meetingCode }, { kind: 1 }).lean() : null;
  if (meeting?.kind !== 'urgent') await tellSilent(ctx, row);
}
