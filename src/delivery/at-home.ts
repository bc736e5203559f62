import { isIP, Socket } from 'node:net';
import { configurableChannels, missingForChannel, type Config, type ConfigurableChannel } from '../config.js';
import type { Secret } from '../kernel/secret.js';

/** Where each channel's settings lead out of the house. */
const ways: Readonly<Record<ConfigurableChannel, readonly (keyof Config)[]>> = {
  zalo: ['ZALO_API_ROOT', 'ZALO_OAUTH_ROOT'],
  'zalo-bot': ['ZALO_BOT_API_ROOT'],
  zbs: ['ZALO_ZBS_API_ROOT', 'ZALO_OAUTH_ROOT'],
  telegram: ['TELEGRAM_API_ROOT', 'TELEGRAM_PROXY'],
  sms: ['SMS_SMPP_URL', 'SMS_ESMS_ROOT'],
  email: ['SMTP_URL', 'IMAP_URL'],
};
const always: readonly (keyof Config)[] = ['ALARM_SMTP_URL', 'HEARTBEAT_URL'];

/** True for this very machine, by name or number. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|(::ffff:)?127(\.\d{1,3}){3}|::1|::|0\.0\.0\.0)$/i.test(host.replace(/^\[|\]$/g, ''));

/** The settings by which a configured channel would reach beyond this machine and the hosts allowed. Names only, never values. */
export function waysOut(config: Config): (keyof Config)[] {
  const used = configurableChannels.filter((channel) => missingForChannel(config, channel).length === 0).flatMap((channel) => ways[channel]);
  const idle: keyof Config = config.SMS_DRIVER === 'smpp' ? 'SMS_ESMS_ROOT' : 'SMS_SMPP_URL';
  const allowed = allowedHosts(config);
  return [...new Set([...used, ...always])].filter((name) => name !== idle && hostsIn(config[name]).some((host) => !isLoopback(host) && !allowed.has(host)));
}

/** Everybody's stand-ins on other machines, and the database. */
const allowedHosts = (config: Config): Set<string> => new Set([...(config.STAND_IN_HOSTS ?? []), ...hostsIn(config.MONGODB_URI)].map((host) => host.toLowerCase()));

/** Hosts of an address; a database's may name several. */
function hostsIn(value: unknown): string[] {
  const text = typeof value === 'string' ? value : isSecret(value) ? value.reveal() : '';
  const authority = /^[a-z+]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  return authority.slice(authority.lastIndexOf('@') + 1).split(',').map((one) => one.replace(/:\d+$/, '').replace(/^\[|\]$/g, '').toLowerCase()).filter(Boolean);
}

const isSecret = (value: unknown): value is Secret => typeof value === 'object' && value !== null && 'reveal' in value;

/** Says which settings would lead out of a test or a demonstration. */
export class WayOutError extends Error {
  readonly variables: readonly string[];
  constructor(variables: readonly string[]) {
    super(`A test or demonstration may not reach a real provider; these settings lead out: ${variables.join(', ')} (STAND_IN_HOSTS names stand-ins on other machines)`);
    this.name = 'WayOutError';
    this.variables = variables;
  }
}

const doors: { allowed: Set<string> | null } = { allowed: null };

/**
 * For tests and the demonstration: from now on no socket of this process, whoever opens it (HTTP, SMTP, SMPP, IMAP), reaches
 * beyond this machine and the hosts allowed; it fails as a refused connection does, before any name is looked up.
 * Throws WayOutError where the settings of a channel would need such a socket. Calling it again widens what is allowed.
 */
export function stayAtHome(config: Config): void {
  const out = waysOut(config);
  if (out.length > 0) throw new WayOutError(out);
  lockDoors(allowedHosts(config));
}

/** The lock itself, once per process. */
export function lockDoors(allowed: ReadonlySet<string>): void {
  const known = doors.allowed;
  doors.allowed = new Set([...(known ?? []), ...allowed]);
  if (known) return;
  const open = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const host = hostOf(args);
    if (host === null || isLoopback(host) || doors.allowed?.has(host.toLowerCase())) return open.apply(this, args);
    process.nextTick(() => this.destroy(refused(host)));
    return this;
  } as typeof Socket.prototype.connect;
}

/** What a socket is asked to connect to; null: a file of this machine. `net.connect` hands its arguments on as one array. */
function hostOf(args: unknown[]): string | null {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    const { path, host } = first as { path?: unknown; host?: unknown };
    return typeof path === 'string' && host === undefined ? null : typeof host === 'string' ? host : 'localhost';
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return null;
  return typeof second === 'string' ? second : 'localhost';
}

/** Clients take it for a host that does not answer. Host names of providers are no secret; tokens stand in paths. */
const refused = (host: string): Error => Object.assign(new Error(`refused: ${isIP(host) ? 'an address' : host} is beyond this machine`), { code: 'ECONNREFUSED', syscall: 'connect' });
