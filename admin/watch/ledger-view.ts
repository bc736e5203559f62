import type { Ctx } from '../../src/context.js';
import { headInWords } from '../../src/delivery/ledger/entry.js';
import type { LedgerEntry } from '../../src/delivery/ledger/ledger-entry.model.js';
import { COUNTED_TO, deliveriesFor, deliveryById, deliveryHistory, isDeliveryState, type LedgerQuery } from '../../src/delivery/ledger/ledger.js';
import { receiversOf } from '../../src/delivery/ledger/receivers.js';
import { headOf } from '../../src/delivery/ledger/seal-ledger.js';
import { DomainError } from '../../src/kernel/errors.js';
import { fold } from '../../src/kernel/fold.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { mustBeAllowed } from '../../src/people/policy.js';
import { messageWord } from '../locale/message-word.js';
import { attemptWords, channelWords, deliveryReasonWords, deliveryWords, wordOf } from '../locale/words.js';
import { deliveryTone } from '../resources/delivery-resource.js';
import { asCode, codesMeant } from '../resources/find.js';
import { receiverNames } from '../resources/names.js';
import { yearOf } from '../resources/rules.js';

/** What the page "Sổ gửi tin" is asked. */
export interface Asked {
  /** A task's or meeting's code, short ("NV-12") or whole, or a person's name with or without diacritics. */
  q: string;
  /** One person, chosen from those a name found. */
  person: string;
  state: string;
  page: number;
}

const PAGE = 50;
const FOUND_PEOPLE = 20;
const maybe = (at: Date | null): string => (at ? formatInstant(at) : '');

/** Who was to be told, when, by which channel, what came of it; with the end of the chain. Throws forbidden. */
export async function ledgerView(ctx: Ctx, actor: Actor, question: Asked) {
  mustBeAllowed(actor, 'delivery.read');
  const head = await headOf(ctx);
  const found = await readQuestion(ctx, question);
  const chain = { seq: head.seq, at: maybe(head.at), words: head.seq === 0 ? '' : headInWords(head) };
  const nothing = { chain, about: '', people: [], receivers: [], rows: [], total: 0, more: false, page: 1, pages: 1 };
  if ('people' in found) return { ...nothing, people: found.people };
  if ('none' in found) return { ...nothing, none: found.none };
  const { deliveries, total, page } = await deliveriesFor(ctx, actor, { ...found.query, page: question.page, pageSize: PAGE });
  const about = found.query.taskCode ? { taskCode: found.query.taskCode } : found.query.meetingCode ? { meetingCode: found.query.meetingCode } : null;
  const receivers = about ? await receiversOf(ctx, actor, about) : [];
  const asked = receivers.map((one) => ({ ...one, data: { agencyCode: one.agencyCode, again: one.again } }));
  const receiverOf = await receiverNames(ctx, [...asked, ...deliveries]);
  return {
    chain,
    about: found.query.taskCode ?? found.query.meetingCode ?? '',
    people: [],
    receivers: asked.map((one) => ({
      id: one.personId ?? one.agencyCode ?? '', ...receiverOf(one), messages: one.messages, kind: messageWord(one), state: wordOf(deliveryWords, one.state), tone: deliveryTone(one.state), channel: wordOf(channelWords, one.channel),
      reason: wordOf(deliveryReasonWords, one.reason), sentAt: maybe(one.acceptedAt), seenAt: maybe(one.seenAt), acknowledgedAt: maybe(one.acknowledgedAt),
    })),
    rows: deliveries.map((row) => ({
      id: String(row._id), at: formatInstant(row.createdAt), ...receiverOf(row), kind: messageWord(row), about: row.taskCode ?? row.meetingCode ?? '', channel: wordOf(channelWords, row.channel),
      state: wordOf(deliveryWords, row.state), tone: deliveryTone(row.state), reason: wordOf(deliveryReasonWords, row.reason),
      sentAt: maybe(row.acceptedAt), seenAt: maybe(row.seenAt), acknowledgedAt: maybe(row.acknowledgedAt),
    })),
    total,
    more: total >= COUNTED_TO,
    page,
    pages: Math.max(1, Math.ceil(total / PAGE)),
  };
}

interface Choice {
  id: string;
  name: string;
  position: string;
}

/** A code, short or whole; else a name: one match is that person, several are offered. `none`: why nothing is found. */
async function readQuestion(ctx: Ctx, { q, person, state }: Asked): Promise<{ query: LedgerQuery } | { people: Choice[] } | { none: string }> {
  const more = isDeliveryState(state) ? { state } : {};
  // A NUL, which no name or code holds, is refused by the database in a pattern.
  const text = q.replace(/\p{Cc}/gu, ' ').trim();
  if (/^[0-9a-f]{24}$/.test(person)) return { query: { personId: person, ...more } };
  if (text === '') return { query: more };
  const about = await matterMeant(ctx, text);
  if (about) return { query: { ...about, ...more } };
  if (/^(?:NV|HOP)[-\s]*[\d-]*$/i.test(text)) return { none: `Chưa có tin nào về ${text.toUpperCase()}. Gõ mã như NV-12, HOP-3 hoặc đủ năm NV-2026-00012.` };
  const words = fold(text).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const people = await ctx.db.Person.find({ nameFold: { $regex: words } }, { name: 1, position: 1 }).sort({ nameFold: 1 }).limit(FOUND_PEOPLE).lean();
  const [only] = people;
  if (!only) return { none: `Không có cán bộ nào tên “${text.slice(0, 80)}”. Gõ họ tên có dấu hay không dấu đều được, hoặc mã như NV-12, HOP-3.` };
  if (people.length === 1) return { query: { personId: String(only._id), ...more } };
  return { people: people.map(({ _id, name, position }) => ({ id: String(_id), name, position })) };
}

/** The task or meeting a code stands for; of several years the one there was last a message about. Null: no code, or nothing was sent about it. */
async function matterMeant(ctx: Ctx, text: string): Promise<{ taskCode: string } | { meetingCode: string } | null> {
  const whole = asCode(text);
  const codes = /^(?:NV|HOP)-\d{4}-\d{5,7}$/.test(whole) ? [whole] : codesMeant(text, yearOf(ctx));
  if (codes.length === 0) return null;
  const newest = (path: 'taskCode' | 'meetingCode') => ctx.db.Delivery.findOne({ [path]: { $in: codes } }, { taskCode: 1, meetingCode: 1 }).sort({ createdAt: -1 }).lean();
  if (whole.startsWith('HOP')) {
    const meetingCode = (await newest('meetingCode'))?.meetingCode;
    return meetingCode ? { meetingCode } : null;
  }
  const taskCode = (await newest('taskCode'))?.taskCode;
  return taskCode ? { taskCode } : null;
}

/** One message as the chain holds it, revision by revision. Throws forbidden, not-found. */
export async function historyView(ctx: Ctx, actor: Actor, id: string) {
  const row = /^[0-9a-f]{24}$/.test(id) ? await deliveryById(ctx, actor, id) : null;
  if (!row) throw new DomainError('not-found');
  const entries = await deliveryHistory(ctx, actor, row.key);
  return { entries: entries.map(entryInWords), waiting: row.unsealed === true };
}

function entryInWords({ _id, at, rev, snapshot, hash }: LedgerEntry) {
  const text = (name: string): string => (typeof snapshot[name] === 'string' ? snapshot[name] : '');
  const attempts = Array.isArray(snapshot['attempts']) ? (snapshot['attempts'] as { channel: string | null; outcome: string; code: string }[]) : [];
  const last = attempts.at(-1);
  const state = text('state');
  return {
    seq: _id,
    at: formatInstant(at),
    rev,
    state: state === 'open' ? 'Chờ gửi' : wordOf(deliveryWords, state),
    channel: wordOf(channelWords, text('channel') || null),
    // Of a number its end tells people which one; of an address or a chat it tells nobody anything.
    to: text('channel') === 'sms' ? `số ${text('to')}` : '',
    reason: wordOf(deliveryReasonWords, text('reason') || null),
    attempts: attempts.length,
    answer: last ? `${wordOf(channelWords, last.channel)}: ${wordOf(attemptWords, last.outcome)}${last.code ? ` (${last.code})` : ''}` : '',
    hash: hash.slice(0, 12),
  };
}
