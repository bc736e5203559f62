import type { Ctx } from '../../src/context.js';
import type { Hold } from '../../src/delivery/hold/hold.js';
import { previewHold, sentUntilOf } from '../../src/delivery/hold/what-waits.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { messageWord } from '../locale/message-word.js';
import { laneWords, messageKindWords, wordOf } from '../locale/words.js';
import { receiverNames } from '../resources/names.js';
import { actingNow } from './acting-now.js';

/** The page "Tạm dừng gửi" in words. Throws forbidden. */
export async function holdView(ctx: Ctx, actor: Actor) {
  const { hold, total, leftBefore, counts, first } = await previewHold(ctx, actor);
  // The preview knows people; whose mailbox a message goes to, and whether it repeats another, is with the message.
  const more = await ctx.db.Delivery.find({ _id: { $in: first.map(({ id }) => id) } }, { data: 1, follows: 1 }).lean().exec();
  const moreOf = new Map(more.map(({ _id, data, follows }) => [String(_id), { data, follows }]));
  const rows = first.map((row) => ({ ...row, ...(moreOf.get(row.id) ?? { data: {} }) }));
  const receiverOf = await receiverNames(ctx, rows);
  const actingOf = await actingNow(ctx, rows);
  return {
    may: { decide: can(actor, 'hold.decide') },
    hold: hold && holdInWords(hold),
    total,
    leftBefore,
    counts: counts.map(({ kind, lane, n, leftBefore: left }) => ({ kind: wordOf(messageKindWords, kind), lane: wordOf(laneWords, lane), n, leftBefore: left })),
    first: rows.map((row) => ({
      id: row.id,
      ...(actingOf(row) ?? receiverOf(row)),
      kind: messageWord(row),
      lane: wordOf(laneWords, row.lane),
      urgent: row.lane === 'urgent',
      about: row.taskCode ?? row.meetingCode ?? '',
      due: formatInstant(row.dueAt),
      leftBefore: row.leftBefore,
    })),
  };
}

function holdInWords(hold: Hold) {
  const { since, cause, by, reason, restoredTo, lastSentAt, urgentPasses } = hold;
  return {
    /** Sent back with the decision: exactly this hold is ended. */
    key: since.toISOString(),
    cause,
    since: formatInstant(since),
    by,
    reason: cause === 'no-index' ? `Cơ sở dữ liệu thiếu chỉ mục chống gửi trùng (${reason}). Hệ thống tự gửi tiếp khi chỉ mục đã có lại.` : reason,
    restoredTo: restoredTo ? formatInstant(restoredTo) : '',
    sentUntil: formatInstant(sentUntilOf(hold)),
    sentUntilKnown: lastSentAt !== null,
    urgentPasses,
  };
}
