import type { Ctx } from '../../src/context.js';
import { deliveryStates, type Attempt, type Delivery } from '../../src/delivery/delivery.model.js';
import { channels } from '../../src/kernel/channels.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import { can } from '../../src/people/policy.js';
import { errorInWords } from '../channels/error-words.js';
import { messageWord } from '../locale/message-word.js';
import { attemptWords, channelWords, deliveryReasonWords, deliveryWords, wordOf } from '../locale/words.js';
import { arrivedElsewhere, problemStates, withoutSolved } from './arrived-elsewhere.js';
import { receiverNames } from './names.js';
import { asCode, codesMeant } from './find.js';
import { beginsWith, onDay, yearOf } from './rules.js';
import type { Query, ResourceSpec } from './scoped-resource.js';

const WEEK_MS = 7 * 86_400_000;

/** Problems that came up within a week and are some still: what the overview counts. */
export const recentProblems = (ctx: Ctx): Promise<Query> => withoutSolved(ctx, { state: { $in: problemStates }, finishedAt: { $gte: new Date(ctx.clock.now().getTime() - WEEK_MS) } });

const isState = (value: string): boolean => (deliveryStates as readonly string[]).includes(value);

/** How a delivery's state is coloured. */
export const deliveryTone = (state: string): string =>
  problemStates.includes(state) ? 'bad' : ['delivered', 'seen', 'acknowledged'].includes(state) ? 'good' : state === 'suppressed' ? 'quiet' : 'plain';

const aboutCode = (typed: string, year: number) => {
  const [whole, meant] = [beginsWith(asCode(typed)), { $in: codesMeant(typed, year) }];
  return { $or: [{ taskCode: whole }, { meetingCode: whole }, { taskCode: meant }, { meetingCode: meant }] };
};

/** Tin gửi đi: what became of each message, in words. Nobody edits it. */
export const deliveryResource = (ctx: Ctx): ResourceSpec<Delivery> => ({
  id: 'Delivery',
  model: ctx.db.Delivery,
  key: '_id',
  title: 'person',
  columns: [
    { name: 'createdAt', as: 'short', sort: 'createdAt' },
    { name: 'person' },
    { name: 'kind', sort: 'kind' },
    { name: 'about', as: 'short' },
    { name: 'channel', sort: 'channel' },
    { name: 'state', as: 'badge', sort: 'state' },
    { name: 'reason', list: false },
    { name: 'acceptedAt', list: false },
    { name: 'deliveredAt', list: false },
    { name: 'seenAt', list: false },
    { name: 'acknowledgedAt', list: false },
    { name: 'attempts', list: false },
    { name: 'text', list: false },
  ],
  filters: [
    // By the beginning of the code: an index answers that among a million rows.
    { name: 'q', as: 'search', where: (value) => aboutCode(value, yearOf(ctx)) },
    { name: 'state', as: 'choice', choices: { problem: 'Có vấn đề', 'problem-week': 'Có vấn đề, 7 ngày qua', ...deliveryWords }, where: (value) => (value === 'problem' ? withoutSolved(ctx, { state: { $in: problemStates } }) : value === 'problem-week' ? recentProblems(ctx) : isState(value) ? { state: value } : null) },
    { name: 'channel', as: 'choice', choices: Object.fromEntries(channels.map((channel) => [channel, wordOf(channelWords, channel)])), where: (value) => ((channels as readonly string[]).includes(value) ? { channel: value } : null) },
    { name: 'day', as: 'day', where: onDay('createdAt') },
  ],
  sort: { by: 'createdAt', direction: 'desc' },
  large: true,
  scope: (actor) => (can(actor, 'delivery.read') ? {} : null),
  select: 'createdAt key finishedAt personId data.agencyCode data.again follows kind taskCode meetingCode channel state reason acceptedAt deliveredAt seenAt acknowledgedAt attempts text',
  present: async (rows) => {
    const [receiverOf, wayOf] = [await receiverNames(ctx, rows), await arrivedElsewhere(ctx, rows)];
    const at = (instant: Date | null) => (instant ? formatInstant(instant) : '');
    return rows.map((row) => ({
      createdAt: at(row.createdAt),
      ...receiverOf(row),
      personHref: row.personId ? `/admin/resources/Person/records/${String(row.personId)}/show` : '',
      kind: messageWord(row),
      about: row.taskCode ?? row.meetingCode ?? '',
      aboutHref: row.taskCode ? `/admin/resources/Task/records/${row.taskCode}/show` : row.meetingCode ? `/admin/resources/Meeting/records/${row.meetingCode}/show` : '',
      channel: wordOf(channelWords, row.channel),
      state: wordOf(deliveryWords, row.state),
      stateTone: wayOf(row) ? 'quiet' : deliveryTone(row.state),
      stateNote: wayOf(row) && `đã đến bằng ${wayOf(row)}`,
      reason: wordOf(deliveryReasonWords, row.reason),
      acceptedAt: at(row.acceptedAt),
      deliveredAt: at(row.deliveredAt),
      seenAt: at(row.seenAt),
      acknowledgedAt: at(row.acknowledgedAt),
      attempts: row.attempts.map((attempt, n) => `${at(attempt.at)} ${wordOf(channelWords, attempt.channel)}: ${attemptInWords(attempt, row.state === 'dead' && n === row.attempts.length - 1)}`).join(' · '),
      text: row.text ?? '',
    }));
  },
});

/** What an attempt came to; one that was taken and is dead all the same was reported undelivered afterwards. */
function attemptInWords(attempt: Attempt, diedOfIt: boolean): string {
  if (attempt.outcome === 'accepted') return diedOfIt ? 'nhà cung cấp đã nhận, sau đó báo không chuyển được' : wordOf(attemptWords, 'accepted');
  return `${wordOf(attemptWords, attempt.outcome)}${attempt.code ? `, ${errorInWords(attempt)}` : ''}`;
}
