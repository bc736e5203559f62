import { ApiError, badRequest } from './api-error.js';
import { plainFromHtml } from './html.js';
import { readMarkup } from './markup.js';
import type { CallbackQueries } from './callback-queries.js';
import { webhookAddress, type Updates } from './updates.js';
import { wireChat, wireMessage } from './wire.js';
import type { StoredMessage, World } from './world.js';

/** Parameters of a call, wherever they came from (JSON, form, query). */
export type Params = Record<string, unknown>;
export interface Provider {
  world: World;
  updates: Updates;
  queries: CallbackQueries;
  /** Throws 429 where a limit is exceeded (only in strict mode). */
  mayWrite(chatId: string): void;
}
type Method = (on: Provider, params: Params, gone: AbortSignal) => unknown;

const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;
const ACTIONS = new Set(['typing', 'upload_photo', 'record_video', 'upload_video', 'record_voice', 'upload_voice', 'upload_document', 'choose_sticker', 'find_location', 'record_video_note', 'upload_video_note']);

const json = (value: unknown): unknown => (typeof value === 'string' && /^[[{]/.test(value.trim()) ? (JSON.parse(value) as unknown) : value);
const number = (value: unknown, otherwise: number): number => (value === undefined || !Number.isFinite(Number(value)) ? otherwise : Number(value));

/** The text as shown, or the 400 of the real server: empty, too long after entities, broken HTML, broken Unicode. */
function shownText(params: Params, field: 'text' | 'caption', max: number): string {
  const given = params[field] ?? '';
  if (typeof given !== 'string' || Buffer.from(given).toString() !== given) throw badRequest('strings must be encoded in UTF-8');
  const mode = typeof params['parse_mode'] === 'string' ? params['parse_mode'].toLowerCase() : '';
  if (mode !== '' && mode !== 'html') throw badRequest('unsupported parse_mode');
  const shown = (mode === 'html' ? plainFromHtml(given) : given).trim();
  if (shown.length > max) throw badRequest(field === 'text' ? 'message is too long' : 'message caption is too long');
  return shown;
}

function ownMessage({ world }: Provider, params: Params, verb: string): StoredMessage {
  const chatId = world.writableChat(params['chat_id']);
  const message = world.messages(chatId).find((m) => m.id === number(params['message_id'], 0));
  if (!message) throw badRequest(`message to ${verb} not found`);
  if (message.from !== 'bot') throw badRequest(`message can't be ${verb}ed`);
  return message;
}

function sendMessage(on: Provider, params: Params) {
  const chatId = on.world.writableChat(params['chat_id']);
  const text = shownText(params, 'text', MAX_TEXT);
  if (text === '') throw badRequest('message text is empty');
  const markup = readMarkup(params['reply_markup']);
  const replyTo = (json(params['reply_parameters']) as { message_id?: number } | undefined)?.message_id;
  if (replyTo !== undefined && !on.world.messages(chatId).some((m) => m.id === replyTo)) throw badRequest('message to be replied not found');
  on.mayWrite(chatId);
  return wireMessage(on.world, on.world.add(chatId, { from: 'bot', text, markup }));
}

function edit(on: Provider, message: StoredMessage, text: string, markup: StoredMessage['markup']) {
  if (text === message.text && JSON.stringify(markup.buttons) === JSON.stringify(message.markup.buttons))
    throw badRequest('message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message');
  Object.assign(message, { text, markup, edited: true });
  on.world.changed(message.chatId);
  return wireMessage(on.world, message);
}

/** A file's words are its caption: the real server knows them apart. */
function editable(on: Provider, params: Params, what: 'text' | 'caption'): StoredMessage {
  const message = ownMessage(on, params, 'edit');
  if ((what === 'text') === Boolean(message.attachment)) throw badRequest(`there is no ${what} in the message to edit`);
  return message;
}

function editMessageCaption(on: Provider, params: Params) {
  const message = editable(on, params, 'caption');
  return edit(on, message, shownText(params, 'caption', MAX_CAPTION), readMarkup(params['reply_markup']));
}

function editMessageText(on: Provider, params: Params) {
  const message = editable(on, params, 'text');
  const text = shownText(params, 'text', MAX_TEXT);
  if (text === '') throw badRequest('message text is empty');
  return edit(on, message, text, readMarkup(params['reply_markup']));
}

/** Limits of uploads by the Bot API: photos 10 MB, everything else 50 MB. */
const MAX_BYTES = { photo: 10_000_000, document: 50_000_000 } as const;

/** `document: "attach://abc"` names another part of the form. */
const partOf = (params: Params, field: string): unknown => {
  const given = params[field];
  return typeof given === 'string' && given.startsWith('attach://') ? params[given.slice(9)] : given;
};

async function sendFile(on: Provider, params: Params, field: 'photo' | 'document') {
  const chatId = on.world.writableChat(params['chat_id']);
  const caption = shownText(params, 'caption', MAX_CAPTION);
  const given = partOf(params, field);
  if (!(given instanceof File) && !(typeof given === 'string' && on.world.files.has(given))) throw badRequest(`there is no ${field} in the request`);
  if (given instanceof File && given.size === 0) throw badRequest('file must be non-empty');
  if (given instanceof File && given.size > MAX_BYTES[field]) throw new ApiError(413, 'Request Entity Too Large');
  if (field === 'photo' && given instanceof File && !isPicture(new Uint8Array(await given.slice(0, 4).arrayBuffer()))) throw badRequest('IMAGE_PROCESS_FAILED');
  on.mayWrite(chatId);
  const name = given instanceof File ? given.name : (on.world.files.get(given)?.name ?? '');
  const size = given instanceof File ? given.size : (on.world.files.get(given)?.bytes.length ?? 0);
  const message = on.world.add(chatId, { from: 'bot', text: caption, markup: readMarkup(params['reply_markup']), attachment: { name, size } });
  const file = { file_id: `doc-${message.id}`, file_unique_id: `u-${message.id}`, file_name: name, file_size: size };
  return { ...wireMessage(on.world, message), ...(field === 'photo' ? { photo: [file] } : { document: file }) };
}

const isPicture = ([a, b]: Uint8Array): boolean => (a === 0xff && b === 0xd8) || (a === 0x89 && b === 0x50);

function getFile({ world }: Provider, params: Params) {
  const id = String(params['file_id'] ?? '');
  const file = world.files.get(id);
  if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable');
  if (file.bytes.length > 20 * 1024 * 1024) throw badRequest('file is too big');
  return { file_id: id, file_unique_id: `u-${id}`, file_size: file.bytes.length, file_path: `documents/${id}` };
}

function setWebhook(on: Provider, params: Params): true {
  const secret = params['secret_token'];
  if (secret !== undefined && !(typeof secret === 'string' && /^[\w-]{1,256}$/.test(secret))) throw badRequest('secret token contains unallowed characters');
  const allowed = json(params['allowed_updates']) as string[] | undefined;
  const drop = params['drop_pending_updates'] === true || params['drop_pending_updates'] === 'true';
  const webhook = params['url'] ? { url: webhookAddress(params['url']), secret: secret as string | undefined } : undefined;
  on.updates.setWebhook(webhook, { ...(allowed ? { allowed } : {}), drop });
  return true;
}

function setMyCommands(_on: Provider, params: Params): true {
  const commands = json(params['commands']);
  if (!Array.isArray(commands) || commands.length > 100) throw badRequest("can't parse commands list");
  for (const command of commands as { command?: unknown; description?: unknown }[]) {
    if (typeof command.command !== 'string' || !/^[a-z0-9_]{1,32}$/.test(command.command)) throw badRequest('BOT_COMMAND_INVALID');
    if (typeof command.description !== 'string' || command.description.length < 1 || command.description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  return true;
}

/** Every method this stand-in knows, by lower-case name: the real server does not mind the case either. */
export const methods: Record<string, Method> = {
  getme: ({ world }) => ({ ...world.bot, can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false }),
  getupdates: ({ updates }, params, gone) => {
    const allowed = json(params['allowed_updates']) as string[] | undefined;
    const limit = Math.min(100, Math.max(1, number(params['limit'], 100)));
    return updates.take({ offset: number(params['offset'], 0), limit, timeout: Math.min(50, number(params['timeout'], 0)), ...(allowed ? { allowed } : {}) }, gone);
  },
  setwebhook: setWebhook,
  deletewebhook: ({ updates }, params) => {
    updates.setWebhook(undefined, { drop: params['drop_pending_updates'] === true || params['drop_pending_updates'] === 'true' });
    return true;
  },
  getwebhookinfo: ({ updates }) => updates.info(),
  sendmessage: sendMessage,
  editmessagetext: editMessageText,
  editmessagereplymarkup: (on, params) => {
    const message = ownMessage(on, params, 'edit');
    return edit(on, message, message.text, readMarkup(params['reply_markup']));
  },
  answercallbackquery: ({ queries }, params) => queries.answer(params['callback_query_id']),
  sendchataction: ({ world }, params) => {
    world.writableChat(params['chat_id']);
    if (!ACTIONS.has(String(params['action']))) throw badRequest('wrong parameter action in request');
    return true;
  },
  setmycommands: setMyCommands,
  getchat: ({ world }, params) => {
    const id = String(params['chat_id'] ?? '');
    if (!world.phones.get(id)?.started && !world.groups.has(id)) throw badRequest('chat not found');
    return wireChat(world, id);
  },
  senddocument: (on, params) => sendFile(on, params, 'document'),
  sendphoto: (on, params) => sendFile(on, params, 'photo'),
  editmessagecaption: editMessageCaption,
  getfile: getFile,
};

/** The method of a name, or the real server's 404. */
export function findMethod(name: string): Method {
  const method = methods[name.toLowerCase()];
  if (!method) throw new ApiError(404, 'Not Found');
  return method;
}
