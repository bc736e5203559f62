import { ANOTHERS_ANSWER, GivenIds, namesAnother } from '../../../src/ask/names-another.js';
import type { Ctx } from '../../../src/context.js';
import type { Sender, SendOutcome } from '../../../src/delivery/sender.js';
import { withoutFiles } from '../../../src/texts/attachment-texts.js';
import { offer, shown, withdraw } from './choices.js';
import type { BotClient } from './client.js';
import { botCode, outcomeOf } from './errors.js';
import { botUse, countSent } from './quota.js';
import { choicesOf, renderBot } from './render.js';

/** A flood that lasts longer than this is a used-up month, whatever our own count says. */
const LASTING_FLOOD_MS = 10 * 60_000;

export interface SenderParts {
  client: BotClient;
  /** Told every outcome, for health. */
  noticed(outcome: SendOutcome): void;
}

/** Zalo Bot's way out. There is no idempotency key, no receipt and no look-up, so truth is "none". */
export function createBotSender(ctx: Ctx, { client, noticed }: SenderParts): Sender {
  let floodSince: Date | null = null;
  const given = new GivenIds();
  const send: Sender['send'] = async (to, whole, { key, signal }) => {
    if (signal.aborted) return { kind: 'retry', code: botCode('timeout'), maybeSent: false };
    // Only pictures at a public address could be sent; our files have none.
    const message = withoutFiles(whole, ctx.config.PUBLIC_URL);
    await offer(ctx, to, { key, choices: choicesOf(message) });
    const answer = await client.call('sendMessage', { chat_id: to, text: renderBot(message) }, signal);
    if (answer.kind === 'refused' && answer.status === 429) {
      floodSince ??= ctx.clock.now();
      return flooded(ctx, floodSince, answer);
    }
    if (answer.kind !== 'ok') return outcomeOf(answer);
    floodSince = null;
    await count(ctx);
    const outcome = accepted(answer.result, to);
    return outcome.kind === 'accepted' && given.givenToAnother(outcome.providerId, key) ? { kind: 'retry', code: botCode(ANOTHERS_ANSWER), maybeSent: true } : outcome;
  };
  return {
    channel: 'zalo-bot',
    truth: 'none',
    send: async (to, message, options) => {
      const outcome = await send(to, message, options);
      await remember(ctx, to, { key: options.key, outcome });
      noticed(outcome);
      return outcome;
    },
  };
}

/** Which numbers are on the phone. Where this cannot be written a number is asked back; a sent message must not look unsent. */
async function remember(ctx: Ctx, to: string, { key, outcome }: { key: string; outcome: SendOutcome }): Promise<void> {
  try {
    if (outcome.kind === 'accepted') await shown(ctx, to, key);
    else if (outcome.kind !== 'retry' || !outcome.maybeSent) await withdraw(ctx, to, key);
  } catch (error) {
    ctx.log.warn({ event: 'zalo-bot.choices-not-kept', error: error instanceof Error ? error.name : 'unknown' }, 'the numbers of a message are in doubt');
  }
}

/** 429 means "too fast" and "the month is used up" alike; only the first is worth waiting for. */
async function flooded(ctx: Ctx, since: Date, answer: Parameters<typeof outcomeOf>[0]): Promise<SendOutcome> {
  const lasting = ctx.clock.now().getTime() - since.getTime() >= LASTING_FLOOD_MS;
  const { sent, sentLimit } = await botUse(ctx);
  if (lasting || sent >= sentLimit) return { kind: 'unreachable', code: botCode('quota') };
  return outcomeOf(answer);
}

/** The platform's documented answer names nobody; a chat in it is checked in case it ever does. */
function accepted(result: unknown, to: string): SendOutcome {
  const chat = (result as { chat?: { id?: unknown } } | null)?.chat?.id;
  if (namesAnother(chat, to)) return { kind: 'retry', code: botCode(ANOTHERS_ANSWER), maybeSent: true };
  const id = typeof result === 'object' && result !== null && 'message_id' in result ? result.message_id : undefined;
  if (typeof id === 'string' && id !== '') return { kind: 'accepted', providerId: id };
  if (Number.isSafeInteger(id)) return { kind: 'accepted', providerId: String(id) };
  return { kind: 'retry', code: botCode('no-message-id'), maybeSent: true };
}

/** A count that cannot be written must not make a sent message look unsent. */
async function count(ctx: Ctx): Promise<void> {
  try {
    await countSent(ctx);
  } catch (error) {
    ctx.log.warn({ event: 'zalo-bot.not-counted', error: error instanceof Error ? error.name : 'unknown' }, 'a sent message was not counted');
  }
}
