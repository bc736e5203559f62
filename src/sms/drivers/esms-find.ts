import { askJson } from '../../ask/ask-json.js';
import type { Found } from '../../delivery/sender.js';
import { formatTime, localDateOf } from '../../kernel/local-date.js';
import { normalisePhone } from '../../people/phone.js';
import type { EsmsParts } from './esms.js';
import { textIn } from './esms-codes.js';
import { textHashOf } from './esms-requests.js';

const LIST_PATH = '/MainService.svc/json/GetSmsSentData_V2';
const PAGE = 500;
const AROUND_MS = 5 * 60_000;
/** A list asked for sooner may not hold the message yet. */
const LISTED_AFTER_MS = 60_000;

/**
 * What became of a call of which we heard nothing. Our own note of an answer comes first; then eSMS's list of what it sent,
 * where a message is known by its number and text (the list has no RequestId). "not-sent" only from a complete list.
 */
export async function findSent(parts: EsmsParts, { key, to, at, signal }: { key: string; to: string; at: Date; signal: AbortSignal }): Promise<Found> {
  const { agent, settings, requests } = parts;
  const call = await requests.known(key);
  if (call?.isTaken) return { kind: 'sent', providerId: call.requestId };
  if (!call?.textHash) return { kind: 'unknown' };
  const until = new Date(at.getTime() + AROUND_MS);
  const body = { ApiKey: settings.apiKey.reveal(), SecretKey: settings.secretKey.reveal(), SmsType: 2, From: wall(new Date(at.getTime() - AROUND_MS)), To: wall(until), Page: 1, PageSize: PAGE };
  const asked = await askJson(agent, { method: 'POST', url: settings.root + LIST_PATH, json: body, signal });
  if (asked.kind !== 'json' || textIn(asked.body['CodeResult']) !== '100') return { kind: 'unknown' };
  const lines = linesIn(asked.body['SentData']);
  const phone = normalisePhone(to);
  const mine = lines.find((line) => normalisePhone(textIn(line['Phone'])) === phone && textHashOf(textIn(line['Content'])) === call.textHash);
  if (mine) {
    await requests.accepted(call.requestId, textIn(mine['ReferenceId']));
    return { kind: 'sent', providerId: call.requestId };
  }
  const isComplete = Number(asked.body['CountTotal'] ?? Infinity) <= lines.length;
  return isComplete && requests.age(at) >= LISTED_AFTER_MS ? { kind: 'not-sent' } : { kind: 'unknown' };
}

const linesIn = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter((line): line is Record<string, unknown> => typeof line === 'object' && line !== null) : []);

/** "yyyy-MM-dd HH:mm:ss" on Vietnamese clocks. */
const wall = (at: Date): string => `${localDateOf(at)} ${formatTime(at)}:00`;
