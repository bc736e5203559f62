import { inspect } from 'node:util';
import { pino } from 'pino';
import { channelView } from '../../../admin/channels/channel-view.js';
import type { Ctx } from '../../../src/context.js';
import type { ChannelDesk } from '../../../src/delivery/channel-desk.js';
import type { ChannelModule, CreateChannel } from '../../../src/delivery/channel-module.js';
import type { SendOutcome } from '../../../src/delivery/sender.js';
import type { Message } from '../../../src/texts/message.js';
import { testCtx } from '../../support/test-ctx.js';

/** A channel as the house runs it, on a database of its own, with everything it lets be seen. */
export interface OpenChannel {
  ctx: Ctx;
  send(to: string, message: Message, signal: AbortSignal): Promise<SendOutcome>;
  /** All that people and logs see of it: outcomes, health, log lines, and the page "Kênh" with what was sent. */
  seen(): Promise<string>;
  close(): Promise<void>;
}

const ports = { receive: async () => {}, receipt: async () => {} };

/** Opens a channel with these settings; `prepare` fills the database before. */
export async function openChannel(env: Record<string, string>, create: CreateChannel | ((ctx: Ctx, ports: Parameters<CreateChannel>[1]) => ChannelModule), prepare?: (ctx: Ctx) => Promise<unknown>): Promise<OpenChannel> {
  const bench = await testCtx('2026-11-23T01:00:00Z', env);
  const lines: string[] = [];
  const ctx: Ctx = { ...bench.ctx, log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }) };
  await prepare?.(ctx);
  const channel = create(ctx, ports);
  await channel.start?.();
  const outcomes: SendOutcome[] = [];
  return {
    ctx,
    send: async (to, message, signal) => {
      const outcome = await channel.sender.send(to, message, { key: `k${outcomes.length}`, signal });
      outcomes.push(outcome);
      return outcome;
    },
    seen: async () => {
      await keepInLedger(ctx, channel, outcomes);
      const page = await channelView(ctx, { kind: 'system', name: 'test' }, deskOf(channel));
      return [inspect([outcomes, channel.health()], { depth: 9 }), JSON.stringify([outcomes, channel.health(), page]), ...lines].join('\n');
    },
    close: async () => {
      await channel.stop?.();
      await bench.close();
    },
  };
}

/** As the outbox writes failures down; the page shows the newest. */
async function keepInLedger({ db, clock }: Ctx, { sender: { channel } }: ChannelModule, outcomes: readonly SendOutcome[]): Promise<void> {
  const at = clock.now();
  const rows = outcomes.flatMap((outcome, i) => (outcome.kind === 'accepted' ? [] : [{ key: `seen${i}`, kind: 'note', lane: 'normal', channel, state: 'planned', notBefore: at, createdAt: at, cause: 't', attempts: [{ at, channel, outcome: outcome.kind, code: outcome.code, repeat: false }] }] as const));
  await db.Delivery.create(rows as never);
}

const deskOf = (channel: ChannelModule): ChannelDesk => ({
  health: () => ({ [channel.sender.channel]: channel.health() }),
  quotas: async () => ({}),
  grant: async () => null,
  consent: { missing: [], redirectUri: '', start: () => Promise.reject(new Error('not asked for')), finish: () => Promise.reject(new Error('not asked for')) },
});
