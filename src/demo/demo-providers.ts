import { randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/clock.js';
import { cardText } from './demo-templates.js';
import { startMailStandIn, type MailStandIn } from './providers/mail.js';
import { startSmppStandIn, type SmppStandIn } from './providers/smpp.js';
import { openSmsPhones } from './providers/smpp/phones.js';
import { startTelegramStandIn, type TelegramStandIn } from './providers/telegram.js';
import { startZaloStandIn, type ZaloStandIn } from './providers/zalo.js';
import { startZaloBotStandIn, type ZaloBotStandIn } from './providers/zalo-bot.js';
import { startZbsStandIn, type ZbsStandIn } from './providers/zbs.js';
import { smsPhones, zbsPhones, type SimulatorNetwork } from './simulator/networks.js';

/** Only ever on this machine and with invented data, so the password may be known to everybody. */
export const LOGIN = { email: 'quantri@demo.invalid', password: 'nhacviec-2026' };

/** Where the demo lives. */
export interface DemoAddress {
  host: string;
  /** 0: any free port; PUBLIC_URL is then left unset. */
  port: number;
  dir: string;
  logLevel: string;
}

/** The stand-ins of the demo. */
export interface Providers {
  zalo: ZaloStandIn;
  telegram: TelegramStandIn;
  bot: ZaloBotStandIn;
  smsc: SmppStandIn;
  zbs: ZbsStandIn;
  mail: MailStandIn;
}

/** Starts all of them; letters are dated by `mailClock`. */
export async function startProviders(clock: Clock, mailClock: Clock): Promise<Providers> {
  const [zalo, telegram, bot, smsc, mail] = await Promise.all([startZaloStandIn({ clock }), startTelegramStandIn({ clock }), startZaloBotStandIn({ clock }), startSmppStandIn({ clock, deliverAtOnce: true }), startMailStandIn({ clock: mailClock })]);
  const zbs = await startZbsStandIn({ clock, isToken: zalo.isToken, tell: (event) => zalo.webhook.tell(event) });
  return { zalo, telegram, bot, smsc, zbs, mail };
}

/** Where people answer an SMS; like the sample's phones a number that nobody can have. */
const REPLY_NUMBER = '0000000999';

/** Their phones, for the simulator. */
export function networksOf({ zalo, telegram, bot, smsc, zbs }: Providers, clock: Clock): SimulatorNetwork[] {
  return [zalo.network, telegram.network, bot.network, smsPhones(smsc, openSmsPhones(smsc, { number: REPLY_NUMBER, clock })), zbsPhones(zbs, cardText)];
}

/** Settings of the demo. Of the machine's environment nothing is taken over, so a real token can never be used by mistake. */
export const environment = (options: DemoAddress, { zalo, telegram, bot, smsc, zbs, mail }: Providers): Record<string, string> => ({
  NODE_ENV: 'development',
  HOST: options.host,
  PORT: String(options.port),
  ...(options.port > 0 ? { PUBLIC_URL: `http://localhost:${options.port}` } : {}),
  DATA_DIR: options.dir,
  LOG_LEVEL: options.logLevel,
  ADMIN_EMAIL: LOGIN.email,
  ADMIN_PASSWORD: LOGIN.password,
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_API_ROOT: telegram.url,
  ZALO_APP_ID: zalo.appId,
  ZALO_APP_SECRET: zalo.appSecret,
  ZALO_OA_SECRET_KEY: zalo.oaSecretKey,
  ZALO_OA_REFRESH_TOKEN: zalo.refreshToken,
  ZALO_API_ROOT: zalo.apiRoot,
  ZALO_MEDIA_HOSTS: `${new URL(zalo.apiRoot).host} ${new URL(bot.apiRoot).host}`,
  ZALO_OAUTH_ROOT: zalo.oauthRoot,
  ZALO_BOT_TOKEN: bot.token,
  ZALO_BOT_API_ROOT: bot.apiRoot,
  ZALO_ZBS_MODE: 'live',
  ZALO_ZBS_API_ROOT: zbs.apiRoot,
  SMS_DRIVER: 'smpp',
  SMS_BRANDNAME: smsc.brandname,
  SMS_SMPP_URL: smsc.url,
  SMS_REPLY_NUMBER: REPLY_NUMBER,
  SMTP_URL: mail.smtpUrl,
  IMAP_URL: mail.imapUrl,
  MAIL_FROM: '"Nhắc Việc · Văn phòng UBND tỉnh" <nhacviec@laocai.invalid>',
  MAIL_REPLY_TO: 'traloi@laocai.invalid',
  MAIL_BOUNCE: 'thutralai@laocai.invalid',
  MAIL_SECRET: randomBytes(24).toString('hex'),
});
