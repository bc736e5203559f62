import { askJson } from '../../ask/ask-json.js';
import type { Ctx } from '../../context.js';
import { SMS_BALANCE_STATE } from '../balance.js';
import type { EsmsParts } from './esms.js';
import { textIn } from './esms-codes.js';

const BALANCE_PATH = '/MainService.svc/json/GetBalance_json';
const LIMIT_MS = 10_000;

/** Keeps what is left on the account, in đồng; a failed question leaves the old figure. Never throws for what eSMS does. */
export async function askBalance(ctx: Ctx, { agent, settings }: EsmsParts): Promise<void> {
  const body = { ApiKey: settings.apiKey.reveal(), SecretKey: settings.secretKey.reveal() };
  const asked = await askJson(agent, { method: 'POST', url: settings.root + BALANCE_PATH, json: body, signal: AbortSignal.timeout(LIMIT_MS) });
  if (asked.kind !== 'json' || textIn(asked.body['CodeResponse'] ?? asked.body['CodeResult']) !== '100') return;
  const left = Number(asked.body['Balance'] ?? NaN);
  if (Number.isFinite(left)) await ctx.db.State.updateOne({ _id: SMS_BALANCE_STATE }, { $set: { value: { left }, updatedAt: ctx.clock.now() } }, { upsert: true });
}
