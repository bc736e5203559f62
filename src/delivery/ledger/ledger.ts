import type { Types } from 'mongoose';
import type { Ctx } from '../../context.js';
import type { Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import { deliveryStates, type Delivery, type DeliveryState } from '../delivery.model.js';
import type { LedgerEntry } from './ledger-entry.model.js';

export interface LedgerQuery {
  taskCode?: string;
  meetingCode?: string;
  personId?: string;
  state?: DeliveryState;
  /** From 1. */
  page?: number;
  /** At most 200; default 50. */
  pageSize?: number;
}

export interface LedgerPage {
  deliveries: Delivery[];
  /** Counted up to COUNTED_TO where the question names neither task, meeting nor person; then "more than that". */
  total: number;
  page: number;
  pageSize: number;
}

/** A wide question is counted so far: nobody turns to page 2,000, and a count without end would hold up the others. */
export const COUNTED_TO = 100_000;
/** More messages than this in one state, and every few hundredth of all is in it. */
const DENSE = 5_000;
/** No message is tried so often. */
const MOST_REVISIONS = 1_000;
/** Who was to be told, when, by which channel, and what came of it; newest first. Throws forbidden. Without an actor: the house itself. */
export async function deliveriesFor(ctx: Ctx, actor: Actor | null, query: LedgerQuery): Promise<LedgerPage> {
  if (actor) mustBeAllowed(actor, 'delivery.read');
  const page = Math.max(1, query.page ?? 1);
  const pageSize = Math.min(200, Math.max(1, query.pageSize ?? 50));
  const filter = { ...aboutOf(query), ...(query.personId ? { personId: query.personId } : {}), ...(query.state ? { state: query.state } : {}) };
  const total = await countOf(ctx, filter);
  // Of a state that many messages are in, the newest are found sooner by time; of a rare one by the state.
  const byTime = Object.keys(filter).join() === 'state' && total > DENSE ? { hint: { createdAt: -1 } } : {};
  // Rows of one moment need an order of their own, or turning the page shows some twice; over all rows no index has it.
  const few = query.taskCode !== undefined || query.meetingCode !== undefined || query.personId !== undefined;
  const deliveries = await ctx.db.Delivery.find(filter, null, byTime).sort(few ? { createdAt: -1, _id: -1 } : { createdAt: -1 }).skip((page - 1) * pageSize).limit(pageSize).lean<Delivery[]>();
  return { deliveries, total, page, pageSize };
}

const aboutOf = ({ taskCode, meetingCode }: LedgerQuery) => ({ ...(taskCode ? { taskCode } : {}), ...(meetingCode ? { meetingCode } : {}) });

const countOf = (ctx: Ctx, filter: Record<string, unknown>): Promise<number> =>
  Object.keys(filter).length === 0 ? ctx.db.Delivery.estimatedDocumentCount() : ctx.db.Delivery.countDocuments(filter, { limit: COUNTED_TO });

/** Every revision of one message as the chain holds it, oldest first. Throws forbidden. */
export async function deliveryHistory(ctx: Ctx, actor: Actor | null, key: string): Promise<LedgerEntry[]> {
  if (actor) mustBeAllowed(actor, 'delivery.read');
  return ctx.db.LedgerEntry.find({ key }).sort({ rev: 1 }).limit(MOST_REVISIONS).lean<LedgerEntry[]>();
}

/** The delivery's key for its id; null where there is none. */
export async function deliveryById(ctx: Ctx, actor: Actor | null, id: string | Types.ObjectId): Promise<Delivery | null> {
  if (actor) mustBeAllowed(actor, 'delivery.read');
  return ctx.db.Delivery.findById(id).lean<Delivery>();
}

/** True for the word of a state. */
export const isDeliveryState = (text: string): text is DeliveryState => (deliveryStates as readonly string[]).includes(text);
