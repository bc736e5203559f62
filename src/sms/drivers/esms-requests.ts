import { createHash } from 'node:crypto';
import type { Ctx } from '../../context.js';

/** What is kept of a request until its end is known (State, `esms:<id>`). */
interface Kept {
  /** How often eSMS refused it: each new attempt needs a new id. */
  turn: number;
  /** eSMS's own id, for asking how it went; null once that is known. */
  smsId: string | null;
  acceptedAt: Date | null;
  /** When to ask (again). */
  askAt: Date | null;
  /** Digest of the text that was handed over, to know it again in eSMS's list; never the text. */
  textHash?: string;
}

/** Digest of a text as eSMS lists it. */
export const textHashOf = (text: string): string => createHash('sha256').update(text.trim()).digest('hex').slice(0, 32);

export interface Waiting {
  requestId: string;
  smsId: string;
}

const PREFIX = 'esms:';
const range = { $gte: PREFIX, $lt: 'esms;' };
/** eSMS's own id -> ours, for callbacks that leave ours out: two reads by key, however many messages a week has. */
const BY_SMS_ID = 'esms-sms:';
const bySmsIdRange = { $gte: BY_SMS_ID, $lt: 'esms-sms;' };
/** eSMS itself answers for seven days. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** Without a callback for so long, eSMS is asked; then ever less often, the older the message. */
const ASK_AFTER_MS = 60_000;
/** No word after a day: the networks give up earlier. */
const ASKED_FOR_MS = 24 * 3_600_000;
const AT_ONCE = 20;

/** True for an id of ours, as callbacks bring it back. */
export const isRequestId = (text: string): boolean => /^[0-9a-f]{32}(-\d{1,3})?$/.test(text);

const rowOf = (requestId: string): string => PREFIX + requestId.slice(0, 32);

/**
 * The ids under which eSMS knows our messages. The same delivery gives the same id, so a repeat after a lost answer is
 * recognised (code 124). Only after a refusal the id changes: whether a refused one counts as used is documented nowhere,
 * and a 124 for it would pass for a message that never left.
 */
export function createRequests(ctx: Ctx) {
  const keep = (requestId: string, value: Kept) => ctx.db.State.updateOne({ _id: rowOf(requestId) }, { $set: { value, updatedAt: ctx.clock.now() } }, { upsert: true });
  return {
    /** The id for this delivery's next attempt. */
    current: async (key: string): Promise<string> => {
      const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
      const row = await ctx.db.State.findById(rowOf(id)).lean();
      const turn = (row?.value as Kept | undefined)?.turn ?? 0;
      return turn === 0 ? id : `${id}-${turn}`;
    },
    /** Written before the call: a process that dies in it leaves a trace to look up. */
    begun: async (requestId: string, text: string): Promise<void> => {
      await ctx.db.State.updateOne({ _id: rowOf(requestId) }, { $set: { 'value.turn': turnOf(requestId), 'value.textHash': textHashOf(text), updatedAt: ctx.clock.now() } }, { upsert: true });
    },
    /** What is known of this delivery's latest attempt; null where none was begun. */
    known: async (key: string): Promise<{ requestId: string; isTaken: boolean; textHash: string | null } | null> => {
      const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
      const row = await ctx.db.State.findById(rowOf(id)).lean();
      if (!row) return null;
      const { acceptedAt, textHash } = row.value as Kept;
      return { requestId: idIn(row), isTaken: Boolean(acceptedAt), textHash: textHash ?? null };
    },
    /** Milliseconds since then. */
    age: (at: Date): number => ctx.clock.now().getTime() - at.getTime(),
    accepted: async (requestId: string, smsId: string): Promise<void> => {
      const acceptedAt = ctx.clock.now();
      await keep(requestId, { turn: turnOf(requestId), smsId, acceptedAt, askAt: new Date(acceptedAt.getTime() + ASK_AFTER_MS) });
      if (smsId) await ctx.db.State.updateOne({ _id: BY_SMS_ID + smsId }, { $set: { value: requestId, updatedAt: acceptedAt } }, { upsert: true });
    },
    refused: async (requestId: string): Promise<void> => {
      await keep(requestId, { turn: turnOf(requestId) + 1, smsId: null, acceptedAt: null, askAt: null });
    },
    /** The end is known: nobody needs to ask any more. */
    done: async (requestId: string): Promise<void> => {
      await ctx.db.State.updateOne({ _id: rowOf(requestId) }, { $set: { 'value.smsId': null, updatedAt: ctx.clock.now() } });
    },
    bySmsId: async (smsId: string): Promise<string | null> => {
      const ours = await ctx.db.State.findById(BY_SMS_ID + smsId).lean();
      const row = ours && (await ctx.db.State.findById(rowOf(String(ours.value))).lean());
      // Not of an end that is known already, and not of an attempt that another followed.
      return row && (row.value as Kept).smsId === smsId ? idIn(row) : null;
    },
    /** Messages to ask about now; each is given to one asker only. Old rows are dropped on the way. */
    toAskAbout: async (): Promise<Waiting[]> => {
      const now = ctx.clock.now();
      for (const old of [range, bySmsIdRange]) await ctx.db.State.deleteMany({ _id: old, updatedAt: { $lt: before(now, KEPT_MS) } });
      const unknown = { 'value.smsId': { $ne: null }, 'value.acceptedAt': { $gt: before(now, ASKED_FOR_MS) }, 'value.askAt': { $lte: now } };
      const rows = await ctx.db.State.find({ _id: range, ...unknown }).limit(AT_ONCE).lean();
      const mine: Waiting[] = [];
      for (const row of rows) {
        const { smsId, askAt, acceptedAt } = row.value as Kept;
        const later = new Date(now.getTime() + Math.max(ASK_AFTER_MS, (now.getTime() - (acceptedAt?.getTime() ?? 0)) / 2));
        const taken = await ctx.db.State.updateOne({ _id: row._id, 'value.askAt': askAt }, { $set: { 'value.askAt': later } });
        if (taken.modifiedCount === 1 && smsId) mine.push({ requestId: idIn(row), smsId });
      }
      return mine;
    },
  };
}

export type EsmsRequests = ReturnType<typeof createRequests>;

const before = (now: Date, ms: number): Date => new Date(now.getTime() - ms);

const turnOf = (requestId: string): number => Number(requestId.slice(33) || 0);

function idIn(row: { _id: string; value: unknown }): string {
  const { turn } = row.value as Kept;
  const id = row._id.slice(PREFIX.length);
  return turn === 0 ? id : `${id}-${turn}`;
}
