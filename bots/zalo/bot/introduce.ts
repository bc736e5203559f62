import type { Config } from '../../../src/config.js';
import type { BotAnswer } from './client.js';
import { briefly, pauseAfter, problemOf } from './pauses.js';
import type { PollingSeams } from './polling.js';
import { WEBHOOK_PATH } from './webhook.js';

const CALL_LIMIT_MS = 10_000;
/** In webhook mode nothing else tells us whether the token still works. */
const PROBE_EVERY_MS = 5 * 60_000;

type Seams = Omit<PollingSeams, 'take'> & { config: Config; known(bot: { id: string; name: string }): Promise<void> };

/** Asks who we are and sets the webhook; tried until it works, then again now and then. Resolves when the signal aborts. */
export async function introduce(seams: Seams, signal: AbortSignal): Promise<void> {
  const webhook = seams.config.ZALO_BOT_UPDATES === 'webhook';
  for (let failures = 0, told = !webhook; !signal.aborted; ) {
    const answer = await introduceOnce(seams, told, signal);
    if (signal.aborted) return;
    if (answer.kind === 'ok') {
      told = true;
      failures = 0;
      // While polling, the polls themselves say how the channel is doing.
      if (webhook) seams.report(undefined);
      await seams.wait(PROBE_EVERY_MS, signal);
    } else {
      seams.report(problemOf(answer));
      seams.log.warn({ failure: briefly(answer), failures: ++failures }, 'zalo-bot.introduce-failed');
      await seams.wait(pauseAfter(answer, failures, seams.random.next()), signal);
    }
  }
}

async function introduceOnce({ client, config, known, log }: Seams, told: boolean, signal: AbortSignal): Promise<BotAnswer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]);
  const secret = config.ZALO_BOT_WEBHOOK_SECRET;
  if (!told && secret) {
    const set = await client.call('setWebhook', { url: `${config.PUBLIC_URL ?? ''}${WEBHOOK_PATH}`, secret_token: secret.reveal() }, limit);
    if (set.kind !== 'ok') return set;
  }
  const me = await client.call('getMe', {}, limit);
  if (me.kind !== 'ok') return me;
  const { id, account_name: name } = (typeof me.result === 'object' && me.result !== null ? me.result : {}) as { id?: unknown; account_name?: unknown };
  try {
    if (typeof id === 'string' || typeof id === 'number') await known({ id: String(id), name: typeof name === 'string' ? name : '' });
  } catch (error) {
    // Only a name to show: the next probe tells it again.
    log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'zalo-bot.name-not-stored');
  }
  return me;
}
