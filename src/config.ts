import { z } from 'zod';
import type { Channel } from './kernel/channels.js';
import { readQuietHours } from './kernel/quiet-hours.js';
import { Secret } from './kernel/secret.js';

const text = z.string().trim().min(1);
const secret = text.transform((value) => new Secret(value));
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const url = z.url({ protocol: /^https?$/, error: 'an http(s) address' }).transform((value) => value.replace(/\/+$/, ''));
const integer = (min: number, max: number) => z.coerce.number(`a whole number from ${min} to ${max}`).int().min(min, `at least ${min}`).max(max, `at most ${max}`);

/** Every setting, by its environment variable. `.env.example` documents the same list; a test holds them equal. */
export const settings = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HOST: text.default('127.0.0.1'),
  PORT: integer(0, 65_535).default(3000),
  PUBLIC_URL: url.optional(),
  TRUST_PROXY: flag.default(false),
  STAND_IN_HOSTS: text.transform((value) => value.split(/[\s,]+/)).optional(),
  MONGODB_URI: text.regex(/^mongodb(\+srv)?:\/\//, 'mongodb://… or mongodb+srv://…').refine((value) => !/[?&](readPreference(?!=primary(&|$))|readPreferenceTags|maxStalenessSeconds)/i.test(value), 'without readPreference: every read goes to the primary server').transform((value) => new Secret(value)).optional(),
  ALLOW_EMBEDDED_IN_PRODUCTION: flag.default(false),
  DATA_DIR: text.default('./data'),
  SESSION_SECRET: text.min(16, 'at least 16 characters').transform((value) => new Secret(value)).optional(),
  ADMIN_EMAIL: z.email('an e-mail address').transform((value) => value.toLowerCase()).optional(),
  ADMIN_PASSWORD: text.min(8, 'at least 8 characters').transform((value) => new Secret(value)).optional(),
  API_TOKEN: text.min(8, 'at least 8 characters').transform((value) => new Secret(value)).optional(),
  QUIET_HOURS: text.default('21:00-06:30').refine((value) => readQuietHours(value) !== undefined, 'off, "21:00-06:30" (days off are quiet too) or "21:00-06:30 every-day"'),
  SECRET_NOTICES: z.enum(['neutral', 'none']).default('neutral'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TELEGRAM_BOT_TOKEN: text.regex(/^[^\s/?#]{8,}$/, 'the token BotFather gave, like 123456:ABC…').transform((value) => new Secret(value)).optional(),
  TELEGRAM_API_ROOT: url.default('https://api.telegram.org'),
  TELEGRAM_UPDATES: z.enum(['polling', 'webhook']).default('polling'),
  TELEGRAM_WEBHOOK_SECRET: text.regex(/^[\w-]{8,256}$/, '8 to 256 of A-Z a-z 0-9 _ -').transform((value) => new Secret(value)).optional(),
  TELEGRAM_PROXY: url.optional(),
  ZALO_APP_ID: text.regex(/^\d+$/, 'digits').optional(),
  ZALO_APP_SECRET: secret.optional(),
  ZALO_OA_SECRET_KEY: secret.optional(),
  ZALO_OA_REFRESH_TOKEN: secret.optional(),
  ZALO_API_ROOT: url.default('https://openapi.zalo.me'),
  ZALO_OAUTH_ROOT: url.default('https://oauth.zaloapp.com'),
  ZALO_MEDIA_HOSTS: text.default('zdn.vn zadn.vn zalo.me').transform((value) => value.split(/[\s,]+/)),
  ZALO_ZBS_MODE: z.enum(['development', 'live']).optional(),
  ZALO_ZBS_API_ROOT: url.default('https://business.openapi.zalo.me'),
  ZALO_BOT_TOKEN: text.regex(/^\d+:[^\s/?#]{8,}$/, 'the token Zalo Bot Manager gave, like 123456:ABC…').transform((value) => new Secret(value)).optional(),
  ZALO_BOT_API_ROOT: url.default('https://bot-api.zaloplatforms.com'),
  ZALO_BOT_UPDATES: z.enum(['polling', 'webhook']).default('polling'),
  ZALO_BOT_WEBHOOK_SECRET: text.regex(/^[\w-]{8,256}$/, '8 to 256 of A-Z a-z 0-9 _ -').transform((value) => new Secret(value)).optional(),
  SMS_DRIVER: z.enum(['esms', 'smpp']).optional(),
  SMS_BRANDNAME: text.regex(/^(?!\d+$)[A-Za-z0-9 ._-]{1,11}$/, 'at most 11 letters, digits, blanks, - _ or ., not digits only').optional(),
  SMS_UNICODE: flag.default(false),
  SMS_MAX_PARTS: integer(1, 8).default(3),
  SMS_TASK_EXCERPT: integer(0, 200).refine((value) => value === 0 || value >= 20, '0, or 20 to 200').default(100),
  SMS_PRICE: integer(1, 100_000).optional(),
  SMS_REQUIRE_VERIFIED: flag.default(true),
  SMS_TEMPLATES_ONLY: flag.default(false),
  SMS_REPLY_NUMBER: text.regex(/^\d{3,12}$/, 'digits of the number people answer to, like 0888123456 or 8077').optional(),
  SMS_SHARED_NUMBER: z.enum(['note', 'counts']).default('note'),
  OFFICE_PHONE: text.regex(/^[\d .+()-]{6,20}$/, 'a telephone number as people read it').optional(),
  SMS_ESMS_API_KEY: secret.optional(),
  SMS_ESMS_SECRET_KEY: secret.optional(),
  SMS_ESMS_ROOT: url.default('https://rest.esms.vn'),
  SMS_ESMS_SANDBOX: flag.default(false),
  SMS_CALLBACK_SECRET: text.regex(/^[\w-]{16,100}$/, '16 to 100 of A-Z a-z 0-9 _ -').transform((value) => new Secret(value)).optional(),
  SMS_SMPP_URL: text.regex(/^(smpp|ssmpp|smpps):\/\/[^\s:@/]+:[^\s@/]*@[^\s@/]+\/?$/, 'smpp://user:password@host:port (ssmpp:// for TLS)').transform((value) => new Secret(value)).optional(),
  SMTP_URL: text.regex(/^smtps?:\/\//, 'smtp://… or smtps://…').transform((value) => new Secret(value)).optional(),
  MAIL_FROM: text.optional(),
  ALARM_EMAILS: text.transform((value) => value.split(',').map((address) => address.trim()).filter(Boolean)).pipe(z.array(z.email('e-mail addresses, separated by commas'))).optional(),
  ALARM_SMTP_URL: text.regex(/^smtps?:\/\//, 'smtp://… or smtps://…').transform((value) => new Secret(value)).optional(),
  HEARTBEAT_URL: url.transform((value) => new Secret(value)).optional(),
  MAIL_PER_DAY: integer(1, 1_000_000).optional(),
  MAIL_SECRET: text.min(16, 'at least 16 characters').transform((value) => new Secret(value)).optional(),
  MAIL_REPLY_TO: text.regex(/^[\w.-]{1,14}@[\w-]+(\.[\w-]+)+$/, 'an address with at most 14 characters before the @').optional(),
  MAIL_BOUNCE: text.regex(/^[\w.-]{1,14}@[\w-]+(\.[\w-]+)+$/, 'an address with at most 14 characters before the @').optional(),
  IMAP_URL: text.regex(/^imaps?:\/\/[^\s:@/]+:[^\s@/]+@[^\s@/]+(\/[^\s]*)?$/, 'imap(s)://user:password@host:port/INBOX').transform((value) => new Secret(value)).optional(),
  IMAP_DONE_FOLDER: text.optional(),
});

/** The process's settings, checked and frozen. */
export type Config = Readonly<z.output<typeof settings>>;

/** All mistakes in the environment at once, each with its variable's name and what is expected. Never holds a value. */
export class ConfigError extends Error {
  readonly problems: { variable: string; expected: string }[];
  constructor(problems: { variable: string; expected: string }[]) {
    super(`Configuration is not usable:\n${problems.map((p) => `  ${p.variable}: ${p.expected}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads the environment. Empty variables count as unset. Throws ConfigError naming every mistake. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const read = settings.safeParse(given);
  const problems = read.success ? [] : read.error.issues.map((issue) => ({ variable: issue.path.join('.'), expected: issue.message }));
  if (read.success) problems.push(...contradictions(read.data));
  if (!read.success || problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(read.data);
}

function contradictions(c: Config): { variable: string; expected: string }[] {
  const problems: { variable: string; expected: string }[] = [];
  const need = (wrong: boolean, variable: string, expected: string) => wrong && problems.push({ variable, expected });
  need(Boolean(c.ADMIN_PASSWORD) && !c.ADMIN_EMAIL, 'ADMIN_EMAIL', 'needed beside ADMIN_PASSWORD');
  need(Boolean(c.ADMIN_EMAIL) && !c.ADMIN_PASSWORD, 'ADMIN_PASSWORD', 'needed beside ADMIN_EMAIL');
  need(Boolean(c.ALARM_EMAILS) && !c.ALARM_SMTP_URL && !c.SMTP_URL, 'ALARM_SMTP_URL', 'needed beside ALARM_EMAILS where SMTP_URL is not set');
  if (c.NODE_ENV !== 'production') return problems;
  need((c.SESSION_SECRET?.reveal().length ?? 0) < 32, 'SESSION_SECRET', 'required in production, at least 32 characters');
  need((c.API_TOKEN?.reveal().length ?? 16) < 16, 'API_TOKEN', 'at least 16 characters in production');
  need((c.TELEGRAM_WEBHOOK_SECRET?.reveal().length ?? 16) < 16, 'TELEGRAM_WEBHOOK_SECRET', 'at least 16 characters in production');
  need(!c.MONGODB_URI && !c.ALLOW_EMBEDDED_IN_PRODUCTION, 'MONGODB_URI', 'required in production (or ALLOW_EMBEDDED_IN_PRODUCTION=true to accept the embedded database)');
  return problems;
}

interface ChannelSettings {
  /** Settings without which the channel stays off. */
  needs(c: Config): (keyof Config)[];
  /** Settings whose presence shows that somebody wants this channel. */
  begins: readonly (keyof Config)[];
}

/** The first refresh token is not among them: the permission may also be given in the back office. */
const zaloApp = ['ZALO_APP_ID', 'ZALO_APP_SECRET', 'ZALO_OA_SECRET_KEY'] as const;

/** A new channel is one entry here. */
const channelSettings = {
  zalo: { needs: () => [...zaloApp], begins: [...zaloApp, 'ZALO_OA_REFRESH_TOKEN'] },
  'zalo-bot': {
    needs: (c) => (c.ZALO_BOT_UPDATES === 'webhook' ? ['ZALO_BOT_TOKEN', 'ZALO_BOT_WEBHOOK_SECRET', 'PUBLIC_URL'] : ['ZALO_BOT_TOKEN']),
    begins: ['ZALO_BOT_TOKEN', 'ZALO_BOT_WEBHOOK_SECRET'],
  },
  telegram: {
    needs: (c) => (c.TELEGRAM_UPDATES === 'webhook' ? ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET', 'PUBLIC_URL'] : ['TELEGRAM_BOT_TOKEN']),
    begins: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET'],
  },
  // Template messages are sent in the name of the OA, with its token.
  zbs: { needs: () => ['ZALO_ZBS_MODE', ...zaloApp], begins: ['ZALO_ZBS_MODE'] },
  sms: {
    needs: (c) => ['SMS_DRIVER', 'SMS_BRANDNAME', ...(c.SMS_DRIVER === 'smpp' ? (['SMS_SMPP_URL'] as const) : (['SMS_ESMS_API_KEY', 'SMS_ESMS_SECRET_KEY'] as const))],
    begins: ['SMS_DRIVER', 'SMS_BRANDNAME', 'SMS_ESMS_API_KEY', 'SMS_ESMS_SECRET_KEY', 'SMS_SMPP_URL'],
  },
  email: { needs: () => ['SMTP_URL', 'MAIL_FROM'], begins: ['SMTP_URL', 'MAIL_FROM', 'IMAP_URL', 'MAIL_REPLY_TO', 'MAIL_BOUNCE'] },
} as const satisfies Partial<Record<Channel, ChannelSettings>>;

/** Channels the environment can open. */
export type ConfigurableChannel = keyof typeof channelSettings;
export const configurableChannels = Object.keys(channelSettings) as ConfigurableChannel[];

/** Why a channel is off, as variable names still to be set; an empty list means it is complete. */
export const missingForChannel = (c: Config, channel: ConfigurableChannel): string[] =>
  channelSettings[channel].needs(c).filter((name) => c[name] === undefined);

/** True where somebody began to configure a channel, so that its silence would surprise. */
export const halfConfigured = (c: Config, channel: ConfigurableChannel): boolean =>
  channelSettings[channel].begins.some((name) => c[name] !== undefined) && missingForChannel(c, channel).length > 0;
