import { z } from 'zod';
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
  MONGODB_URI: text.regex(/^mongodb(\+srv)?:\/\//, 'mongodb://… or mongodb+srv://…').transform((value) => new Secret(value)).optional(),
  ALLOW_EMBEDDED_IN_PRODUCTION: flag.default(false),
  DATA_DIR: text.default('./data'),
  SESSION_SECRET: text.min(32, 'at least 32 characters').transform((value) => new Secret(value)).optional(),
  ADMIN_EMAIL: z.email('an e-mail address').transform((value) => value.toLowerCase()).optional(),
  ADMIN_PASSWORD: text.min(10, 'at least 10 characters').transform((value) => new Secret(value)).optional(),
  API_TOKEN: text.min(16, 'at least 16 characters').transform((value) => new Secret(value)).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TELEGRAM_BOT_TOKEN: text.regex(/^\d+:[\w-]{10,}$/, 'the token BotFather gave, like 123456:ABC…').transform((value) => new Secret(value)).optional(),
  TELEGRAM_API_ROOT: url.default('https://api.telegram.org'),
  TELEGRAM_UPDATES: z.enum(['polling', 'webhook']).default('polling'),
  TELEGRAM_WEBHOOK_SECRET: text.regex(/^[\w-]{16,256}$/, '16 to 256 of A-Z a-z 0-9 _ -').transform((value) => new Secret(value)).optional(),
  TELEGRAM_PROXY: url.optional(),
  ZALO_APP_ID: text.regex(/^\d+$/, 'digits').optional(),
  ZALO_APP_SECRET: secret.optional(),
  ZALO_OA_SECRET_KEY: secret.optional(),
  ZALO_OA_REFRESH_TOKEN: secret.optional(),
  ZALO_API_ROOT: url.default('https://openapi.zalo.me'),
  ZALO_OAUTH_ROOT: url.default('https://oauth.zaloapp.com'),
  SMTP_URL: text.regex(/^smtps?:\/\//, 'smtp://… or smtps://…').transform((value) => new Secret(value)).optional(),
  MAIL_FROM: text.optional(),
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
  if (c.NODE_ENV !== 'production') return problems;
  need(!c.SESSION_SECRET, 'SESSION_SECRET', 'required in production, at least 32 characters');
  need(!c.MONGODB_URI && !c.ALLOW_EMBEDDED_IN_PRODUCTION, 'MONGODB_URI', 'required in production (or ALLOW_EMBEDDED_IN_PRODUCTION=true to accept the embedded database)');
  return problems;
}

/** Why a channel is off, as variable names still to be set; an empty list means it is complete. */
export function missingForChannel(c: Config, channel: 'telegram' | 'zalo' | 'email'): string[] {
  const lacking = (names: (keyof Config)[]) => names.filter((name) => c[name] === undefined);
  if (channel === 'telegram') return lacking(c.TELEGRAM_UPDATES === 'webhook' ? ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET', 'PUBLIC_URL'] : ['TELEGRAM_BOT_TOKEN']);
  if (channel === 'zalo') return lacking(['ZALO_APP_ID', 'ZALO_APP_SECRET', 'ZALO_OA_SECRET_KEY', 'ZALO_OA_REFRESH_TOKEN']);
  return lacking(['SMTP_URL', 'MAIL_FROM']);
}

/** True where somebody began to configure a channel, so that its silence would surprise. */
export const halfConfigured = (c: Config, channel: 'telegram' | 'zalo' | 'email'): boolean => {
  const names = { telegram: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET'], zalo: ['ZALO_APP_ID', 'ZALO_APP_SECRET', 'ZALO_OA_SECRET_KEY', 'ZALO_OA_REFRESH_TOKEN'], email: ['SMTP_URL', 'MAIL_FROM'] } as const;
  const started = names[channel].some((name) => c[name] !== undefined);
  return started && missingForChannel(c, channel).length > 0;
};
