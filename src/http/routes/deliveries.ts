import { Type, type Static } from '@sinclair/typebox';
import type { Ctx } from '../../context.js';
import { deliveryStates, type Delivery } from '../../delivery/delivery.model.js';
import { lanes } from '../../delivery/intent.js';
import { getTask } from '../../directives/find-tasks.js';
import { channels } from '../../kernel/channels.js';
import { getMeeting } from '../../meetings/find-meetings.js';
import { mustBeAllowed } from '../../people/policy.js';
import { API_ACTOR, PAGE_SIZE, pageOf, read, type Api } from '../route.js';
import { closed, oneOf, orNull, pageQuery, recordId, time } from '../schemas.js';

const line = closed({
  kind: Type.String({ examples: ['task-reminder'] }),
  lane: oneOf(lanes),
  taskCode: orNull(Type.String()),
  meetingCode: orNull(Type.String()),
  personId: orNull(recordId),
  channel: orNull(oneOf(channels)),
  state: oneOf(deliveryStates),
  reason: orNull(Type.String({ description: 'Vì sao không gửi, hoặc gửi không được' })),
  text: orNull(Type.String({ description: 'Đã gửi gì; văn bản mật chỉ có ghi chú' })),
  createdAt: time,
  notBefore: time,
  acceptedAt: orNull(time),
  deliveredAt: orNull(time),
  seenAt: orNull(time),
  acknowledgedAt: orNull(time),
  attempts: Type.Array(closed({ at: time, channel: orNull(oneOf(channels)), outcome: Type.String(), code: Type.String(), repeat: Type.Boolean() })),
});

const query = closed({ taskCode: Type.Optional(Type.String({ maxLength: 40 })), meetingCode: Type.Optional(Type.String({ maxLength: 40 })), personId: Type.Optional(recordId), page: pageQuery });

export function deliveryRoutes(api: Api): void {
  read(api, '/deliveries', {
    tag: 'Tin gửi đi',
    summary: 'Sổ tin gửi đi, cũ trước',
    description: 'Theo taskCode hoặc meetingCode: gửi cho ai, qua kênh nào, đã đến hay chưa. Lỗi: task-unknown, meeting-unknown, input-invalid.',
    query,
    answer: closed({ deliveries: Type.Array(line), total: Type.Integer(), page: Type.Integer(), pageSize: Type.Integer() }),
    run: async (ctx, { query: { taskCode, meetingCode, personId, page } }) => {
      mustBeAllowed(API_ACTOR, 'delivery.read');
      if (taskCode) await getTask(ctx, API_ACTOR, taskCode);
      if (meetingCode) await getMeeting(ctx, API_ACTOR, meetingCode);
      return list(ctx, { ...(taskCode ? { taskCode } : {}), ...(meetingCode ? { meetingCode } : {}), ...(personId ? { personId } : {}) }, pageOf(page));
    },
  });
}

async function list(ctx: Ctx, filter: { taskCode?: string; meetingCode?: string; personId?: string }, page: number) {
  const rows = await ctx.db.Delivery.find(filter).sort({ createdAt: 1 }).skip((page - 1) * PAGE_SIZE).limit(PAGE_SIZE).lean<Delivery[]>();
  const total = Object.keys(filter).length === 0 ? ctx.db.Delivery.estimatedDocumentCount() : ctx.db.Delivery.countDocuments(filter);
  return { deliveries: rows.map(present), total: await total, page, pageSize: PAGE_SIZE };
}

/** Without addresses, phone numbers and provider ids: another system has no use for them. */
const present = (row: Delivery): Static<typeof line> => ({
  kind: row.kind,
  lane: row.lane,
  taskCode: row.taskCode,
  meetingCode: row.meetingCode,
  personId: row.personId?.toString() ?? null,
  channel: row.channel,
  state: row.state,
  reason: row.reason,
  text: row.text,
  createdAt: row.createdAt.toISOString(),
  notBefore: row.notBefore.toISOString(),
  acceptedAt: iso(row.acceptedAt),
  deliveredAt: iso(row.deliveredAt),
  seenAt: iso(row.seenAt),
  acknowledgedAt: iso(row.acknowledgedAt),
  attempts: row.attempts.map(({ at, channel, outcome, code, repeat }) => ({ at: at.toISOString(), channel, outcome, code, repeat })),
});

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
