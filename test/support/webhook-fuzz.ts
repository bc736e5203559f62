import { Agent, request } from 'undici';
import { macOf } from '../../bots/zalo/oa/verify.js';
import type { Db } from '../../src/models.js';
import { Secret } from '../../src/kernel/secret.js';
import type { SeededRandom } from './random.js';

/** Settings under which every webhook of the house is open; nothing outside of this machine is asked. */
export const webhookEnv: Record<string, string> = {
  NODE_ENV: 'test', LOG_LEVEL: 'silent', PORT: '0', PUBLIC_URL: 'http://127.0.0.1:9', ADMIN_EMAIL: 'quantri@example.vn', ADMIN_PASSWORD: 'mat-khau-thu-nghiem',
  TELEGRAM_BOT_TOKEN: '7026112026:only-for-this-test', TELEGRAM_API_ROOT: 'http://127.0.0.1:9', TELEGRAM_UPDATES: 'webhook', TELEGRAM_WEBHOOK_SECRET: 'fuzz-telegram-secret-1',
  ZALO_APP_ID: '2719482049120374651', ZALO_APP_SECRET: 'fuzz-app-secret', ZALO_OA_SECRET_KEY: 'fuzz-oa-secret-key', ZALO_API_ROOT: 'http://127.0.0.1:9', ZALO_OAUTH_ROOT: 'http://127.0.0.1:9',
  ZALO_ZBS_MODE: 'development', ZALO_ZBS_API_ROOT: 'http://127.0.0.1:9',
  ZALO_BOT_TOKEN: '1:only-for-this-test', ZALO_BOT_API_ROOT: 'http://127.0.0.1:9', ZALO_BOT_UPDATES: 'webhook', ZALO_BOT_WEBHOOK_SECRET: 'fuzz-zalo-bot-secret-1',
  SMS_DRIVER: 'esms', SMS_BRANDNAME: 'UBND', SMS_ESMS_API_KEY: 'fuzz', SMS_ESMS_SECRET_KEY: 'fuzz', SMS_ESMS_ROOT: 'http://127.0.0.1:9', SMS_CALLBACK_SECRET: 'fuzz-esms-callback-secret',
};

interface Call {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

/** One webhook: bodies as its provider sends them, and how to prove oneself or fail to. */
export interface Target {
  name: string;
  seeds: unknown[];
  /** `honest`: with the right secret or signature. */
  call(body: Buffer, honest: boolean, random: SeededRandom): Call;
}

const post = (path: string, headers: Record<string, string>, body: Buffer): Call => ({ method: 'POST', path, headers: { 'content-type': 'application/json', ...headers }, body });
const wrong = (random: SeededRandom, right: string): string | undefined => random.pick([undefined, '', `${right}x`, right.slice(1), 'x'.repeat(5_000), right.toUpperCase()]);
const withToken = (path: string, header: string, secret: string): Target['call'] => (body, honest, random) => {
  const given = honest ? secret : wrong(random, secret);
  return post(path, given === undefined ? {} : { [header]: given }, body);
};

const now = (): string => String(Date.now());
const zaloKey = new Secret(webhookEnv['ZALO_OA_SECRET_KEY'] ?? '');
const appId = webhookEnv['ZALO_APP_ID'] ?? '';

const signed: Target['call'] = (body, honest, random) => {
  const timestamp = /"timestamp":"?(\d+)/.exec(body.toString('utf8'))?.[1] ?? '';
  const mac = macOf({ appId, rawBody: body, timestamp: timestampOf(body) ?? timestamp }, zaloKey);
  const given = honest ? `mac=${mac}` : random.pick([undefined, '', 'mac=', `mac=${'0'.repeat(64)}`, mac.slice(1), `mac=${mac.slice(0, 63)}${mac.endsWith('0') ? '1' : '0'}`, 'x'.repeat(5_000)]);
  return post('/webhooks/zalo', given === undefined ? {} : { 'x-zevent-signature': given }, body);
};

/** What the real signer would put in: the body's own field, whatever it is. */
function timestampOf(body: Buffer): string | undefined {
  try {
    return String((JSON.parse(body.toString('utf8')) as { timestamp?: unknown } | null)?.timestamp ?? '');
  } catch {
    return undefined;
  }
}

const telegramMessage = { message_id: 7, from: { id: 5001, is_bot: false, first_name: 'Lan' }, chat: { id: 5001, type: 'private' }, date: 1_795_000_000 };
const zaloEvent = (event_name: string, more: object) => ({ app_id: appId, user_id_by_app: '1', event_name, timestamp: now(), sender: { id: '7011' }, recipient: { id: '4318' }, ...more });
const botMessage = (event_name: string, more: object) => ({ ok: true, result: { event_name, message: { from: { id: 'a1', display_name: 'Lan', is_bot: false }, chat: { id: 'a1', chat_type: 'PRIVATE' }, message_id: 'm1', date: 1, ...more } } });

/** Every webhook of the house. */
export const targets: readonly Target[] = [
  {
    name: 'telegram',
    seeds: [
      { update_id: 1, message: { ...telegramMessage, text: '/capnhat NV-12 70% đã họp' } },
      { update_id: 2, message: { ...telegramMessage, caption: 'ảnh', photo: [{ file_id: 'f', file_size: 10 }], reply_to_message: telegramMessage } },
      { update_id: 3, callback_query: { id: '1', from: telegramMessage.from, data: '/chitiet NV-2026-00001', message: telegramMessage } },
      { update_id: 4, my_chat_member: { chat: telegramMessage.chat, from: telegramMessage.from, old_chat_member: { status: 'member' }, new_chat_member: { status: 'kicked' } } },
      { update_id: 5, message: { ...telegramMessage, contact: { phone_number: '84912345678', user_id: 5001 } } },
    ],
    call: withToken('/webhooks/telegram', 'x-telegram-bot-api-secret-token', webhookEnv['TELEGRAM_WEBHOOK_SECRET'] ?? ''),
  },
  {
    name: 'zalo',
    seeds: [
      zaloEvent('user_send_text', { message: { text: '#capnhat NV-12 70%', msg_id: 'm1', quote_msg_id: 'q' } }),
      zaloEvent('user_send_image', { message: { msg_id: 'm2', attachments: [{ type: 'image', payload: { url: 'https://a.zdn.vn/1.jpg', thumbnail: 'x' } }] } }),
      zaloEvent('user_submit_info', { info: { name: 'Lan', phone: '84912345678' } }),
      { oa_id: '4318', follower: { id: '7011' }, event_name: 'follow', app_id: appId, timestamp: now() },
      zaloEvent('oa_send_text', { message: { text: 'x', msg_id: 'm3' } }),
    ],
    call: signed,
  },
  {
    name: 'zbs-receipts',
    seeds: [
      zaloEvent('user_received_message', { recipient: { id: '84912345678' }, message: { delivery_time: now(), msg_id: 'z1', tracking_id: 't1' } }),
      zaloEvent('user_seen_message', { message: { msg_ids: ['z1', 'z2'] } }),
      { oa_id: '4318', app_id: appId, event_name: 'user_click_response_button', msg_id: 'z1', timestamp: now(), message: { submit_time: now(), button_type: 'response', data: 'Đã nhận', tracking_id: 't1' } },
      { app_id: appId, event_name: 'change_template_status', timestamp: now(), template_id: '1', status: { prev: 'ENABLE', now: 'DISABLE' } },
    ],
    call: signed,
  },
  {
    name: 'zalo-bot',
    seeds: [botMessage('message.text.received', { text: '/nhiemvu' }), botMessage('message.image.received', { photo: 'https://a.zdn.vn/1.jpg', caption: 'x' }), botMessage('message.text.received', { text: '1' }).result, botMessage('message.unsupported.received', {})],
    call: withToken('/webhooks/zalo-bot', 'x-bot-api-secret-token', webhookEnv['ZALO_BOT_WEBHOOK_SECRET'] ?? ''),
  },
  {
    name: 'esms',
    seeds: [{ SMSID: 's1', SendStatus: 5, SendSuccess: 1, SendFailed: 0, TotalPrice: 800, RequestId: '64b000000000000000000001', TypeId: 2, telcoid: 1, phonenumber: '84912345678', error_info: '' }],
    call: (body, honest, random) => {
      const secret = honest ? (webhookEnv['SMS_CALLBACK_SECRET'] ?? '') : random.pick(['', 'x', 'fuzz-esms-callback-secreT', '%00', '..%2f', 'x'.repeat(300), 'fuzz-esms-callback-secret%20']);
      return { method: 'GET', path: `/webhooks/sms/${secret}?${queryOf(body)}`, headers: {} };
    },
  },
];

/** The fields as a query string where they are any, else the bytes as they are, escaped enough to be sent. */
function queryOf(body: Buffer): string {
  try {
    const fields = JSON.parse(body.toString('utf8')) as unknown;
    if (typeof fields === 'object' && fields !== null) return Object.entries(fields).slice(0, 50).map(([k, v]) => `${encodeURIComponent(wellFormed(k))}=${encodeURIComponent(wellFormed(typeof v === 'string' ? v : (JSON.stringify(v) ?? '')))}`).join('&').slice(0, 6_000);
  } catch {
    // falls through
  }
  return body.toString('latin1').replace(/[^\x21-\x22\x24-\x7e]/g, '%').slice(0, 2_000);
}

const wellFormed = (text: string): string => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?');

const STRANGE: readonly unknown[] = [null, true, false, 0, -1, 1e308, 2 ** 53, 0.1, '', ' ', '\u0000', '\ud800', 'ế'.normalize('NFD'), '/capnhat', '/lienket ABCDEFGH', '<script>', '{"$gt":""}', { $gt: '' }, { $where: '1' }, [], {}, [[[]]], '7'.repeat(400), 'x'.repeat(20_000), { __proto__: null, constructor: { prototype: {} } }, '1e999', -0, ['a', 1, null]];
const KEYS: readonly string[] = ['__proto__', 'constructor', 'toString', '$set', 'text', 'id', 'event_name', 'message', 'a.b', '', 'update_id', 'attachments', 'timestamp'];

/** A body with something wrong in it, or just bytes. */
export function mutate(seed: unknown, random: SeededRandom): Buffer {
  const kind = random.int(20);
  if (kind === 0) return Buffer.from(Array.from({ length: random.int(300) }, () => random.int(256)));
  const changed = random.chance(0.05) ? random.pick(STRANGE) : change(seed, random, 0);
  let text = Buffer.from(JSON.stringify(changed) ?? '');
  if (kind === 1) text = text.subarray(0, random.int(text.length + 1));
  if (kind === 2) for (let i = 0; i < 5 && text.length > 0; i++) text[random.int(text.length)] = random.int(256);
  if (kind === 3) return Buffer.from(`${'['.repeat(random.int(5_000))}${text.toString()}`);
  return text;
}

function change(value: unknown, random: SeededRandom, depth: number): unknown {
  if (random.chance(depth === 0 ? 0 : 0.04)) return random.pick(STRANGE);
  if (Array.isArray(value)) return [...value.map((item) => change(item, random, depth + 1)), ...(random.chance(0.1) ? random.list(1, 40, () => random.pick(STRANGE)) : [])];
  if (typeof value !== 'object' || value === null) return random.chance(0.3) && typeof value === 'string' ? value + random.int(1_000_000) : random.chance(0.5) && typeof value === 'number' ? random.int(1_000_000) : value;
  const kept = Object.entries(value).filter(() => !random.chance(0.03)).map(([key, item]) => [key, change(item, random, depth + 1)] as const);
  const added = random.chance(0.2) ? [[random.pick(KEYS), random.pick(STRANGE)] as const] : [];
  return Object.fromEntries([...kept, ...added]);
}

export interface FuzzRun {
  sent: number;
  /** How often each status was answered. */
  statuses: Record<number, number>;
  /** Milliseconds. */
  p50: number;
  p99: number;
  worst: number;
}

/** Sends mutated bodies to one webhook, several at a time. `honest`: share of calls with the right secret. */
export async function fuzzWebhook(root: string, target: Target, options: { random: SeededRandom; calls: number; honest: number; parallel?: number }): Promise<FuzzRun> {
  const { random, calls, honest, parallel = 4 } = options;
  const agent = new Agent({ connections: parallel, pipelining: 1 });
  const times: number[] = [];
  const statuses: Record<number, number> = {};
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const { path, ...call } = target.call(mutate(random.pick(target.seeds), random), random.chance(honest), random);
      const began = performance.now();
      const answer = await request(`${root}${path}`, { ...call, dispatcher: agent });
      await answer.body.dump();
      times.push(performance.now() - began);
      statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  await agent.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2));
  return { sent: calls, statuses, p50: at(0.5), p99: at(0.99), worst: at(1) };
}

/** Everything the house holds, so that a write anywhere is seen: how many documents per collection, and each State. */
export async function everything(db: Db): Promise<Record<string, unknown>> {
  const names = (await db.conn.listCollections()).map(({ name }) => name).filter((name) => !/^(agenda|sessions)/.test(name));
  const counts = await Promise.all(names.map(async (name) => [name, await db.conn.collection(name).countDocuments()] as const));
  return { ...Object.fromEntries(counts), state: JSON.stringify(await db.State.find().sort({ _id: 1 }).lean()) };
}

/** Statuses an honest house may answer: never a fault of ours. */
export const isCalm = (status: number): boolean => [200, 400, 401, 404, 413, 414, 431].includes(status);
