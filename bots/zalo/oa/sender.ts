import { ANOTHERS_ANSWER, GivenIds, namesAnother } from '../../../src/ask/names-another.js';
import { withoutAnswer } from '../../../src/ask/without-answer.js';
import type { Ctx } from '../../../src/context.js';
import type { Sender, SendOutcome } from '../../../src/delivery/sender.js';
import type { Secret } from '../../../src/kernel/secret.js';
import type { ZaloAnswer, ZaloClient } from './client.js';
import type { Endpoints } from './endpoints.js';
import { FLOOD_MS, isTokenRefused, outcomeOf, zaloCode } from './errors.js';
import { fileNotSent, withoutFiles } from '../../../src/texts/attachment-texts.js';
import type { Attachment } from '../../../src/texts/message.js';
import { renderZalo, type ZaloMessage } from './render.js';
import type { TokenAnswer, ZaloTokens } from './tokens.js';
import { uploadAll, uploadOne, type FileMessage, type Uploaded } from './uploads.js';

/** Zalo lets an OA write for 7 days after the person's last follow, message or tap (-230 afterwards). */
export const WINDOW_MS = 7 * 24 * 3_600_000;

export interface SenderParts {
  client: ZaloClient;
  tokens: ZaloTokens;
  endpoints: Endpoints;
  appId: string;
  /** Told every outcome, for health. */
  noticed(outcome: SendOutcome): void;
}

/** Sends consulting messages ("tư vấn"). Zalo takes no idempotency key; received-receipts are the only truth afterwards. */
export function createZaloSender(ctx: Ctx, parts: SenderParts): Sender {
  const given = new GivenIds();
  return {
    channel: 'zalo',
    truth: 'receipt',
    send: async (to, message, { key, signal }) => {
      if (await isWindowClosed(ctx, to)) return { kind: 'unreachable', code: 'window-closed' };
      const files = message.attachments?.length ? await upload(ctx, parts, message.attachments, signal) : { messages: [], refused: [] };
      const words = files.refused.length > 0 ? withoutFiles({ ...message, attachments: files.refused }, ctx.config.PUBLIC_URL) : message;
      const said = await sendParts(ctx, parts, { to, messages: renderZalo(words), signal });
      const outcome: SendOutcome = said.kind === 'accepted' && given.givenToAnother(said.providerId, key) ? { kind: 'retry', code: zaloCode(ANOTHERS_ANSWER), maybeSent: true } : said;
      parts.noticed(outcome);
      if (outcome.kind === 'accepted') await sendFiles(ctx, parts, { to, files: files.messages, signal });
      return outcome;
    },
  };
}

/** Before the words: an upload reaches nobody, and what Zalo does not take is named in the words. */
async function upload(ctx: Ctx, parts: SenderParts, files: readonly Attachment[], signal: AbortSignal): Promise<Uploaded> {
  const token = await parts.tokens.current();
  if (token.kind !== 'token') return { messages: [], refused: [...files] };
  return uploadAll(ctx, files, { client: parts.client, token: token.token, signal, appId: parts.appId });
}

/** After the words, each a message of its own. The words have arrived whatever becomes of them; a file that does not go is told. */
async function sendFiles(ctx: Ctx, parts: SenderParts, { to, files, signal }: { to: string; files: readonly FileMessage[]; signal: AbortSignal }): Promise<void> {
  const failed: Attachment[] = [];
  for (const { message, file } of files) {
    let outcome = await sendOne(ctx, parts, { to, message, signal });
    if (outcome.kind === 'retry' && outcome.code === zaloCode(FORGOTTEN)) outcome = await again(ctx, parts, { to, file, signal });
    // In doubt it may be there: better no word than a wrong one.
    if (outcome.kind !== 'accepted' && !(outcome.kind === 'retry' && outcome.maybeSent)) failed.push(file);
  }
  if (failed.length === 0) return;
  for (const message of renderZalo(fileNotSent(failed))) await sendOne(ctx, parts, { to, message, signal });
}

/** Zalo forgets uploads after seven days, and says so with its code for everything unknown. */
const FORGOTTEN = -100;

async function again(ctx: Ctx, parts: SenderParts, { to, file, signal }: { to: string; file: Attachment; signal: AbortSignal }): Promise<SendOutcome> {
  const token = await parts.tokens.current();
  if (token.kind !== 'token') return withoutToken(token);
  const message = await uploadOne(ctx, file, { client: parts.client, token: token.token, signal, appId: parts.appId }, true);
  return message ? sendOne(ctx, parts, { to, message, signal }) : { kind: 'unreachable', code: 'upload-refused' };
}

/** Known from our own webhook, so no failing call is needed. Chats linked to nobody have just written to us. */
async function isWindowClosed(ctx: Ctx, to: string): Promise<boolean> {
  const link = await ctx.db.ChatLink.findOne({ channel: 'zalo', chatId: to }, { lastInboundAt: 1 }).lean();
  return link !== null && ctx.clock.now().getTime() - link.lastInboundAt.getTime() > WINDOW_MS;
}

interface Job {
  to: string;
  messages: ZaloMessage[];
  signal: AbortSignal;
}

/** The last part's id stands for the whole: it carries the buttons, and who has seen it has seen the others. */
async function sendParts(ctx: Ctx, parts: SenderParts, { to, messages, signal }: Job): Promise<SendOutcome> {
  let outcome: SendOutcome = { kind: 'rejected', code: 'empty' };
  for (const [i, message] of messages.entries()) {
    outcome = await sendOne(ctx, parts, { to, message, signal });
    // From the second part on, a repeat would show the first part twice: nobody should believe nothing was sent.
    if (outcome.kind === 'retry' && i > 0) return { ...outcome, maybeSent: true };
    if (outcome.kind !== 'accepted') return outcome;
  }
  return outcome;
}

interface Part {
  to: string;
  message: ZaloMessage;
  signal: AbortSignal;
}

async function sendOne(ctx: Ctx, parts: SenderParts, part: Part): Promise<SendOutcome> {
  const first = await parts.tokens.current();
  if (first.kind !== 'token') return withoutToken(first);
  let answer = await post(parts, part, first.token);
  if (answer.kind === 'refused' && isTokenRefused(answer.code)) {
    const second = await parts.tokens.renew(first.token);
    if (second.kind !== 'token') return withoutToken(second);
    answer = await post(parts, part, second.token);
  }
  return read(ctx, answer, part.to);
}

/** Falls back to the other endpoint on -235 and on nothing else: after other errors the message may have arrived. */
async function post(parts: SenderParts, { to, message, signal }: Part, token: Secret): Promise<ZaloAnswer> {
  const body = { recipient: { user_id: to }, message };
  const path = await parts.endpoints.current();
  const answer = await parts.client.post(path, body, { token, signal });
  if (answer.kind !== 'refused') return answer;
  if (answer.code === -240) await parts.endpoints.forget();
  const other = answer.code === -235 ? parts.endpoints.otherThan(path) : null;
  if (!other) return answer;
  const again = await parts.client.post(other, body, { token, signal });
  if (again.kind === 'refused' && (again.code === -240 || again.code === -235)) return answer;
  await parts.endpoints.remember(other);
  return again;
}

function read(ctx: Ctx, answer: ZaloAnswer, to: string): SendOutcome {
  if (answer.kind === 'refused') return outcomeOf(answer.code, answer.message, ctx.clock.now());
  if (answer.kind !== 'ok') return withoutAnswer(answer, zaloCode, FLOOD_MS);
  if (namesAnother(answer.data['user_id'], to)) return { kind: 'retry', code: zaloCode(ANOTHERS_ANSWER), maybeSent: true };
  const id = answer.data['message_id'];
  if (typeof id === 'string' && id) return { kind: 'accepted', providerId: id };
  return { kind: 'retry', code: zaloCode('no-message-id'), maybeSent: true };
}

function withoutToken(answer: Exclude<TokenAnswer, { kind: 'token' }>): SendOutcome {
  if (answer.kind === 'lost') return { kind: 'rejected', code: zaloCode(answer.code) };
  return { kind: 'retry', code: zaloCode(answer.code), afterMs: answer.afterMs, maybeSent: false };
}
