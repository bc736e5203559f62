import type { Ctx } from '../../src/context.js';
import { headInWords } from '../../src/delivery/ledger/entry.js';
import type { LedgerEntry } from '../../src/delivery/ledger/ledger-entry.model.js';
import { COUNTED_TO, deliveriesFor, deliveryById, deliveryHistory, isDeliveryState, receiversOf, type LedgerQuery } from '../../src/delivery/ledger/ledger.js';
import { headOf } from '../../src/delivery/ledger/seal-ledger.js';
import { DomainError } from '../../src/kernel/errors.js';
import { fold } from '../../src/kernel/fold.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { mustBeAllowed } from '../../src/people/policy.js';
import { attemptWords, channelWords, deliveryReasonWords, deliveryWords, messageKindWords, wordOf } from '../locale/words.js';
import { deliveryTone } from '../resources/delivery-resource.js';
import { peopleNames } from '../resources/names.js';

/** What the page "Sổ gửi tin" is asked. */
export interface Asked {
  /** A task's or meeting's code, or a person's name. */
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
export async function ledgerView(ctx: Ctx, actor: Actor, asked: Asked) {
  mustBeAllowed(actor, 'delivery.read');
  const head = await headOf(ctx);
  const found = await readQuestion(ctx, asked);
  const chain = { seq: head.seq, at: maybe(head.at), words: head.seq === 0 ? '' : headInWords(head) };
  if ('people' in found) return { chain, people: found.people, receivers: [], rows: [], total: 0, more: false, page: 1, pages: 1 };
  const { deliveries, total, page } = await deliveriesFor(ctx, actor, { ...found.query, page: asked.page, pageSize: PAGE });
  const about = found.query.taskCode ? { taskCode: found.query.taskCode } : found.query.meetingCode ? { meetingCode: found.query.meetingCode } : null;
  const receivers = about ? await receiversOf(ctx, actor, about) : [];
  const personOf = await peopleNames(ctx, [...deliveries, ...receivers].map((row) => row.personId));
  const nameOf = (id: { toString(): string } | null) => ({ person: personOf(id as never)?.name ?? 'Người chưa liên kết', personNote: personOf(id as never)?.position ?? '' });
  return {
    chain,
    people: [],
    receivers: receivers.map((one) => ({
      id: one.personId ?? '', ...nameOf(one.personId), messages: one.messages, state: wordOf(deliveryWords, one.state), tone: deliveryTone(one.state), channel: wordOf(channelWords, one.channel),
      reason: wordOf(deliveryReasonWords, one.reason), sentAt: maybe(one.acceptedAt), seenAt: maybe(one.seenAt), acknowledgedAt: maybe(one.acknowledgedAt),
    })),
    rows: deliveries.map((row) => ({
      id: String(row._id), at: formatInstant(row.createdAt), ...nameOf(row.personId), kind: wordOf(messageKindWords, row.kind), about: row.taskCode ?? row.meetingCode ?? '', channel: wordOf(channelWords, row.channel),
      state: wordOf(deliveryWords, row.state), tone: deliveryTone(row.state), reason: wordOf(deliveryReasonWords, row.reason),
      sentAt: maybe(row.acceptedAt), seenAt: maybe(row.seenAt), acknowledgedAt: maybe(row.acknowledgedAt),
    })),
    total,
    more: total >= COUNTED_TO,
    page,
    pages: Math.max(1, Math.ceil(total / PAGE)),
  };
}

/** A code, else a name: one match is that person, several are offered. */
async function readQuestion(ctx: Ctx, { q, person, state }: Asked): Promise<{ query: LedgerQuery } | { people: { id: string; name: string; position: string }[] }> {
  const more = isDeliveryState(state) ? { state } : {};
  // A NUL, which no name or code holds, is refused by the database in a pattern.
  const text = q.replace(/\p{Cc}/gu, ' ').trim();
  if (/^[0-9a-f]{24}$/.test(person)) return { query: { personId: person, ...more } };
  if (/^NV-/i.test(text)) return { query: { taskCode: text.toUpperCase(), ...more } };
  if (/^HOP-/i.test(text)) return { query: { meetingCode: text.toUpperCase(), ...more } };
  if (text === '') return { query: more };
  const words = fold(text).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const people = await ctx.db.Person.find({ nameFold: { $regex: words } }, { name: 1, position: 1 }).sort({ nameFold: 1 }).limit(FOUND_PEOPLE).lean();
  const [only] = people;
  if (only && people.length === 1) return { query: { personId: String(only._id), ...more } };
  return { people: people.map(({ _id, name, position }) => ({ id: String(_id), name, position })) };
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
    to: text('to'),
    reason: wordOf(deliveryReasonWords, text('reason') || null),
    attempts: attempts.length,
    answer: last ? `${wordOf(channelWords, last.channel)}: ${wordOf(attemptWords, last.outcome)}${last.code ? ` (${last.code})` : ''}` : '',
    hash: hash.slice(0, 12),
  };
}
