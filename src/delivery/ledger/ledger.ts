import type { Ctx } from '../../context.js';
import type { Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import type { Delivery, DeliveryState } from '../delivery.model.js';

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
  total: number;
  page: number;
  pageSize: number;
}

/** Who was to be told, when, by which channel, and what came of it; newest first. Throws forbidden. Without an actor: the house itself. */
export async function deliveriesFor(ctx: Ctx, actor: Actor | null, query: LedgerQuery): Promise<LedgerPage> {
  if (actor) mustBeAllowed(actor, 'delivery.read');
  const page = Math.max(1, query.page ?? 1);
  const pageSize = Math.min(200, Math.max(1, query.pageSize ?? 50));
  const filter = {
    ...(query.taskCode ? { taskCode: query.taskCode } : {}),
    ...(query.meetingCode ? { meetingCode: query.meetingCode } : {}),
    ...(query.personId ? { personId: query.personId } : {}),
    ...(query.state ? { state: query.state } : {}),
  };
  const [deliveries, total] = await Promise.all([
    ctx.db.Delivery.find(filter).sort({ createdAt: -1, _id: -1 }).skip((page - 1) * pageSize).limit(pageSize).lean<Delivery[]>(),
    ctx.db.Delivery.countDocuments(filter),
  ]);
  return { deliveries, total, page, pageSize };
}
