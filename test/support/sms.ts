import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Ctx } from '../../src/context.js';
import type { ChannelModule } from '../../src/delivery/channel-module.js';
import type { SendOutcome } from '../../src/delivery/sender.js';
import { startEsmsStandIn, type EsmsStandIn } from '../../src/demo/providers/esms.js';
import { startSmppStandIn, type SmppStandIn } from '../../src/demo/providers/smpp.js';
import type { SmppStandInOptions } from '../../src/demo/providers/smpp/smsc.js';
import { smsChannel } from '../../src/sms/index.js';
import type { SmppLimits } from '../../src/sms/drivers/smpp-link.js';
import type { Message } from '../../src/texts/message.js';
import type { TestClock } from './test-clock.js';
import { testCtx } from './test-ctx.js';

/** Lan's number as the register keeps it. */
export const LAN = '84912345678';
export const CALLBACK_SECRET = 'duong-dan-bi-mat-cua-sms';

/** The settings that point the product at the eSMS stand-in. */
export const esmsEnv = (esms: EsmsStandIn): Record<string, string> => ({
  SMS_DRIVER: 'esms',
  SMS_ESMS_API_KEY: esms.apiKey,
  SMS_ESMS_SECRET_KEY: esms.secretKey,
  SMS_ESMS_ROOT: esms.root,
  SMS_BRANDNAME: esms.brandname,
  SMS_CALLBACK_SECRET: CALLBACK_SECRET,
});

/** The settings that point the product at the SMPP stand-in. */
export const smppEnv = (smsc: SmppStandIn): Record<string, string> => ({ SMS_DRIVER: 'smpp', SMS_SMPP_URL: smsc.url, SMS_BRANDNAME: smsc.brandname });

export interface SmsBench {
  ctx: Ctx;
  clock: TestClock;
  channel: ChannelModule;
  receipts: { providerId: string; what: string; code?: string }[];
  outcomes: SendOutcome[];
  /** Everything logged so far, as text. */
  logged(): string;
  send(message?: Partial<Message>, options?: { to?: string; key?: string; signal?: AbortSignal }): Promise<SendOutcome>;
  close(): Promise<void>;
}

/** The channel alone on a database of its own; receipts are collected. */
export async function smsBench(env: Record<string, string>, limits: Partial<SmppLimits> = {}): Promise<SmsBench> {
  const bench = await testCtx('2026-11-23T01:00:00Z', env);
  const lines: string[] = [];
  const sink = new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) });
  const ctx = { ...bench.ctx, log: pino({ level: 'trace' }, sink) };
  const receipts: SmsBench['receipts'] = [];
  const outcomes: SendOutcome[] = [];
  const ports = { receive: async () => {}, receipt: async (providerId: string, what: string, _at: Date, code?: string) => void receipts.push({ providerId, what, ...(code ? { code } : {}) }) };
  const channel = smsChannel(ctx, ports, { smppLimits: limits });
  await channel.start?.();
  return {
    ctx,
    clock: bench.clock,
    channel,
    receipts,
    outcomes,
    logged: () => lines.join(''),
    send: async (message = {}, { to = LAN, key = 'task-reminder:1', signal = AbortSignal.timeout(5_000) } = {}) => {
      const outcome = await channel.sender.send(to, { text: 'Nhắc việc', ...message }, { key, signal });
      outcomes.push(outcome);
      return outcome;
    },
    close: async () => {
      await channel.stop?.();
      await bench.close();
    },
  };
}

export const startEsms = (clock: { now(): Date }): Promise<EsmsStandIn> => startEsmsStandIn({ clock, later: () => {} });
export const startSmpp = (clock: { now(): Date }, options: Partial<SmppStandInOptions> = {}): Promise<SmppStandIn> => startSmppStandIn({ clock, ...options });
