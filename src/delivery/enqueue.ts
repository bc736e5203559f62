import type { Ctx } from '../context.js';
import { onlyDuplicates } from '../db/counters.js';
import type { Channel } from '../kernel/channels.js';
import { gatheredForOthers } from './acting/swarm-of-others.js';
import { mailboxAgency } from './agency-copy.js';
import { DIGEST, GATHER } from './digest/digest-keys.js';
import type { Asked, Lane } from './intent.js';
import { turns } from './turns.js';

/** One message to be said later, in words chosen just before it leaves. */
export interface NewDelivery {
  key: string;
  kind: string;
  lane: Lane;
  personId?: string;
  /** Exactly this chat instead of the person's best channel: answers. */
  chat?: { channel: Channel; to: string };
  /** Codes and ids for the renderer; `taskCode` and `meetingCode` in it are also kept as fields of the ledger. */
  data?: Record<string, string | number | boolean | null>;
  taskCode?: string;
  meetingCode?: string;
  notBefore?: Date;
  asked?: Asked;
  behalfOf?: string;
  /** Key of the delivery this one makes up for. */
  follows?: string;
  /** Channels not to be asked for it. */
  triedChannels?: readonly Channel[];
  /** Travels with others of its person where there are any; the digest lane always does. */
  gather?: boolean;
  /** Stale from then on: it expires instead of leaving. */
  expiresAt?: Date;
}

/** Plans one delivery. A key that exists already is a success: the same fact said twice is said once. */
export const enqueue = (ctx: Ctx, delivery: NewDelivery): Promise<void> => enqueueAll(ctx, [delivery]);

/** Rows planned in one round trip: a matter of a whole province does not lie in memory as database documents all at once. */
const AT_ONCE = 500;

/** Plans several, as many in one round trip as memory bears; those whose key exists already are left as they are. */
export async function enqueueAll(ctx: Ctx, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const turn = turns();
  const placed = await gatheredForOthers(ctx, deliveries);
  for (let from = 0; from < placed.length; from += AT_ONCE) {
    const rows = placed.slice(from, from + AT_ONCE).map((delivery) => planned(ctx, delivery)).map((row) => ({ ...row, order: turn(row) }));
    await insertNew(ctx, rows);
  }
  ctx.wake('outbox');
}

async function insertNew(ctx: Ctx, rows: readonly object[]): Promise<void> {
  try {
    await ctx.db.Delivery.insertMany(rows, { ordered: false, throwOnValidationError: true });
  } catch (error) {
    if (!onlyDuplicates(error)) throw error;
  }
}

function planned(ctx: Ctx, delivery: NewDelivery) {
  const now = ctx.clock.now();
  const data = delivery.data ?? {};
  return {
    key: delivery.key,
    kind: delivery.kind,
    lane: delivery.lane,
    personId: delivery.personId ?? null,
    chat: delivery.chat ?? null,
    taskCode: delivery.taskCode ?? text(data['taskCode']),
    meetingCode: delivery.meetingCode ?? text(data['meetingCode']),
    data,
    asked: delivery.asked ?? null,
    behalfOf: delivery.behalfOf ?? null,
    follows: delivery.follows ?? null,
    triedChannels: [...(delivery.triedChannels ?? [])],
    digestKey: mayTravel(delivery) ? GATHER : null,
    state: 'planned' as const,
    notBefore: delivery.notBefore ?? now,
    expiresAt: delivery.expiresAt ?? null,
    createdAt: now,
    cause: ctx.cause,
  };
}

/** Answers, what was asked for this moment, further attempts and digests themselves go alone. */
const mayTravel = ({ gather, lane, kind, personId, chat, data = {}, asked, follows }: NewDelivery): boolean =>
  (gather === true || lane === 'digest') && (chat ? mailboxAgency({ chat, data, kind }) !== null : personId !== undefined) && asked !== 'now' && !follows && kind !== DIGEST;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
