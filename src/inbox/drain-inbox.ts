import { because, type Ctx } from '../context.js';
import type { AnyInbound } from './inbound.js';
import type { InboundRecord } from './inbound.model.js';

export interface DrainInboxOptions {
  /** The work; runs with `cause` "<channel>:<message id>" and may run again after a crash: it has to be idempotent. */
  handle: (ctx: Ctx, message: AnyInbound) => Promise<void>;
  instance: string;
  /** Aborted when the process stops: nothing new is claimed. */
  stopping?: AbortSignal;
}

const LEASE_MS = 30_000;
const MAX_ATTEMPTS = 5;
const FIRST_RETRY_MS = 1_000;
const AT_ONCE = 8;
const LOOK_AHEAD = 200;

/**
 * Works on what came in: in order within a chat, several chats at a time, any number of processes. A message that keeps
 * failing is parked after five attempts, so that its chat goes on. Returns how many messages were done.
 */
export async function drainInbox(ctx: Ctx, options: DrainInboxOptions): Promise<number> {
  let done = 0;
  for (;;) {
    const heads = options.stopping?.aborted ? [] : await chatHeads(ctx);
    if (heads.length === 0) return done;
    let worked = 0;
    for (let i = 0; i < heads.length; i += AT_ONCE) {
      const results = await Promise.all(heads.slice(i, i + AT_ONCE).map((head) => workOn(ctx, options, head)));
      worked += results.filter((result) => result !== 'taken').length;
      done += results.filter((result) => result === 'done').length;
    }
    if (worked === 0) return done;
  }
}

/** What decides whose turn it is; thousands that wait for theirs are looked through without what they say. */
type Head = Omit<InboundRecord, 'message'>;

/** The oldest open message of each chat, where it may be worked on now. What stands behind a failing one waits for it. */
async function chatHeads(ctx: Ctx): Promise<Head[]> {
  const now = ctx.clock.now();
  const heads = new Map<string, Head>();
  for (let page = 0; ; page++) {
    const open = await ctx.db.Inbound.find({ state: { $in: ['new', 'claimed'] } }, { message: 0 })
      .sort({ receivedAt: 1, _id: 1 })
      .skip(page * LOOK_AHEAD)
      .limit(LOOK_AHEAD)
      .lean<Head[]>();
    for (const record of open) {
      const chat = `${record.channel}:${record.chatId}`;
      if (!heads.has(chat)) heads.set(chat, record);
    }
    const free = [...heads.values()].filter((head) => isFree(head, now));
    // A flood in one blocked chat must not hide the others behind it.
    if (free.length > 0 || open.length < LOOK_AHEAD) return free;
  }
}

const isFree = (record: Head, now: Date): boolean =>
  record.state === 'new' ? record.notBefore <= now : record.claimedUntil === null || record.claimedUntil <= now;

async function workOn(ctx: Ctx, options: DrainInboxOptions, head: Head): Promise<'done' | 'failed' | 'taken'> {
  const held = await claim(ctx, options.instance, head);
  if (!held) return 'taken';
  if (held.attempts > MAX_ATTEMPTS) return settle(ctx, held, { state: 'parked', lastError: held.lastError ?? 'worker-died' }, 'failed');
  const work = because(ctx, `${held.channel}:${held.messageId}`);
  try {
    await options.handle(work, held.message);
  } catch (error) {
    work.log.error({ event: 'inbox.failed', attempt: held.attempts, err: error });
    return settle(ctx, held, afterFailure(ctx, held, error), 'failed');
  }
  return settle(ctx, held, { state: 'done', doneAt: ctx.clock.now(), lastError: null }, 'done');
}

/** Attempts are counted when they begin, so that a message that kills its worker is parked too. */
const claim = (ctx: Ctx, instance: string, head: Head): Promise<InboundRecord | null> => {
  const now = ctx.clock.now();
  return ctx.db.Inbound.findOneAndUpdate(
    { _id: head._id, state: head.state, fence: head.fence },
    { $set: { state: 'claimed', claimedBy: instance, claimedUntil: new Date(now.getTime() + LEASE_MS) }, $inc: { fence: 1, attempts: 1 } },
    { returnDocument: 'after' },
  ).lean<InboundRecord>();
};

function afterFailure(ctx: Ctx, held: InboundRecord, error: unknown): Partial<InboundRecord> {
  const lastError = nameOf(error);
  if (held.attempts >= MAX_ATTEMPTS) return { state: 'parked', lastError };
  return { state: 'new', lastError, notBefore: new Date(ctx.clock.now().getTime() + FIRST_RETRY_MS * 2 ** (held.attempts - 1)) };
}

async function settle<R>(ctx: Ctx, held: InboundRecord, fields: Partial<InboundRecord>, result: R): Promise<R> {
  await ctx.db.Inbound.updateOne({ _id: held._id, fence: held.fence, state: 'claimed' }, { $set: { ...fields, claimedBy: null, claimedUntil: null } });
  return result;
}

/** Name and code only: an error's message may quote what a person wrote. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' || typeof code === 'number' ? `${error.name} ${code}` : error.name;
}
