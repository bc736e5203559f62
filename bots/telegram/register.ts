import type { Config } from '../../src/config.js';
import { telegramMenu } from '../../src/texts/telegram-texts.js';
import { ALLOWED_UPDATES } from './bot.js';
import { call } from './call.js';
import { readFailure } from './failure.js';
import { pauseAfter, problemOf } from './pauses.js';
import type { PollingSeams } from './polling.js';
import { WEBHOOK_PATH } from './webhook.js';

const CALL_LIMIT_MS = 10_000;
/** In webhook mode nothing else tells us whether the token still works. */
const PROBE_EVERY_MS = 5 * 60_000;
const CONNECTIONS = 40;

type Seams = PollingSeams & { config: Config; known(bot: { id: number; username: string }): Promise<void> };

/** Asks who we are and tells Telegram our menu; tried until it works, then again now and then. Resolves when the signal aborts. */
export async function introduce(seams: Seams, signal: AbortSignal): Promise<void> {
  const webhook = seams.config.TELEGRAM_UPDATES === 'webhook';
  for (let failures = 0, told = false; !signal.aborted; ) {
    try {
      if (webhook && !told) await setWebhook(seams, signal);
      await whoAreWe(seams, signal);
      if (!told) await showMenu(seams, signal);
      told = true;
      failures = 0;
      // While polling, the polls themselves say how the channel is doing.
      if (webhook) seams.report(undefined);
      await seams.wait(PROBE_EVERY_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = readFailure(error);
      seams.report(problemOf(failure));
      seams.log.warn({ event: 'telegram.introduce-failed', failure: failure.kind, failures: ++failures });
      await seams.wait(pauseAfter(failure, failures, seams.random.next()), signal);
    }
  }
}

const limited = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]);

async function setWebhook({ bot, config }: Seams, signal: AbortSignal): Promise<void> {
  const secret = config.TELEGRAM_WEBHOOK_SECRET;
  if (!secret || !config.PUBLIC_URL) throw new TypeError('TELEGRAM_WEBHOOK_SECRET and PUBLIC_URL are needed for webhooks');
  const payload = { url: `${config.PUBLIC_URL}${WEBHOOK_PATH}`, secret_token: secret.reveal(), allowed_updates: ALLOWED_UPDATES, max_connections: CONNECTIONS };
  await call(bot, 'setWebhook', payload, limited(signal));
}

async function whoAreWe({ bot, known }: Seams, signal: AbortSignal): Promise<void> {
  const me = await call(bot, 'getMe', {}, limited(signal));
  bot.botInfo = me;
  await known({ id: me.id, username: me.username });
}

/** Only a convenience: where it fails (relays, test servers) everything else still works. */
async function showMenu({ bot, log }: Seams, signal: AbortSignal): Promise<void> {
  await call(bot, 'setMyCommands', { commands: [...telegramMenu] }, limited(signal)).catch((error: unknown) => {
    log.info({ event: 'telegram.menu-not-set', failure: readFailure(error).kind });
  });
}
