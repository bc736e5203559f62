import { createHash } from 'node:crypto';
import type { Ctx } from '../../../src/context.js';
import type { Secret } from '../../../src/kernel/secret.js';
import type { Attachment } from '../../../src/texts/message.js';
import type { ZaloClient } from './client.js';
import type { ZaloMessage } from './render.js';

/** What an OA may upload: jpg and png up to 1 MB, pdf, doc and docx up to 5 MB. Everything else is refused by Zalo. */
const rules = [
  { what: 'image', types: /^image\/(jpeg|png)$/, max: 1_000_000 },
  { what: 'file', types: /^application\/(pdf|msword|vnd\.openxmlformats-officedocument\.wordprocessingml\.document)$/, max: 5_000_000 },
] as const;

/** Zalo keeps uploads for seven days; a day less, so that none ends on its way. */
const KEPT_MS = 6 * 24 * 3_600_000;
/** The text must not wait for a slow upload: what is not up by then is named in the text instead. */
const PATIENCE_MS = 5_000;

type What = (typeof rules)[number]['what'];

/** Files ready to be sent as messages of their own, and those Zalo does not take. */
export interface Uploaded {
  messages: FileMessage[];
  refused: Attachment[];
}

/** A message that is a file; `file` to upload it again where Zalo has forgotten it. */
export interface FileMessage {
  message: ZaloMessage;
  file: Attachment;
}

export interface UploadParts {
  client: ZaloClient;
  token: Secret;
  signal: AbortSignal;
  /** The OA; uploads belong to one. */
  appId: string;
}

/** Whether Zalo takes this file at all. */
export const ruleFor = ({ contentType, content }: Attachment) => rules.find(({ types, max }) => types.test(contentType) && content.byteLength <= max);

/** Uploads what can be uploaded, once per file and OA: the same invitation to five hundred people is one upload of the 5,000 a month. */
export async function uploadAll(ctx: Ctx, files: readonly Attachment[], parts: UploadParts): Promise<Uploaded> {
  const result: Uploaded = { messages: [], refused: [] };
  for (const file of files) {
    const message = await uploadOne(ctx, file, parts);
    if (message) result.messages.push({ message, file });
    else result.refused.push(file);
  }
  return result;
}

/** The message for one file; null where Zalo did not take it. `anew`: not the one remembered. */
export async function uploadOne(ctx: Ctx, file: Attachment, parts: UploadParts, anew = false): Promise<ZaloMessage | null> {
  const rule = ruleFor(file);
  if (!rule) return null;
  const _id = idOf(parts.appId, rule.what, file);
  const known = anew ? null : await ctx.db.State.findOne({ _id, updatedAt: { $gt: new Date(ctx.clock.now().getTime() - KEPT_MS) } }).lean();
  if (known) return asMessage(rule.what, String(known.value));
  const signal = AbortSignal.any([parts.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const answer = await parts.client.upload(rule.what, { name: file.name, type: file.contentType, bytes: file.content }, { token: parts.token, signal });
  const id = answer.kind === 'ok' ? answer.data[rule.what === 'image' ? 'attachment_id' : 'token'] : undefined;
  if (typeof id !== 'string' || id === '') {
    ctx.log.warn({ event: 'zalo-upload-failed', what: rule.what, code: answer.kind === 'ok' ? 'no-id' : answer.code });
    return null;
  }
  await ctx.db.State.updateOne({ _id }, { $set: { value: id, updatedAt: ctx.clock.now() } }, { upsert: true });
  return asMessage(rule.what, id);
}

const idOf = (appId: string, what: What, file: Attachment): string => `zalo-upload:${appId}:${what}:${createHash('sha256').update(file.name).update('\0').update(file.content).digest('hex')}`;

const asMessage = (what: What, id: string): ZaloMessage =>
  what === 'image'
    ? { attachment: { type: 'template', payload: { template_type: 'media', elements: [{ media_type: 'image', attachment_id: id }] } } }
    : { attachment: { type: 'file', payload: { token: id } } };
