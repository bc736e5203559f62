import type { FastifyInstance } from 'fastify';
import type { Ctx } from '../context.js';
import type { Download } from '../inbox/download.js';
import type { AnyInbound } from '../inbox/inbound.js';
import type { Sender } from './sender.js';

/** How a channel is doing, for /readyz and the back office; `problem` is a Vietnamese sentence. */
export interface ChannelHealth {
  state: 'ok' | 'failing' | 'off';
  problem?: string;
  /** Failing only because nothing was heard yet since then, when it began to connect. */
  connectingSince?: Date;
}

/** "failed": the provider took it and could not deliver it; `code` says why. */
export type ReceiptKind = 'delivered' | 'seen' | 'failed';

/** What a channel gets from the house: a door for what came in and one for receipts. Both store first and are idempotent. */
export interface ChannelPorts {
  receive(message: AnyInbound): Promise<void>;
  receipt(providerId: string, what: ReceiptKind, at: Date, code?: string): Promise<void>;
}

/** A channel as app.ts plugs it in. */
export interface ChannelModule {
  sender: Sender;
  /** Registers webhooks and callback pages. Each module gets its own encapsulated scope. */
  routes?(http: FastifyInstance): Promise<void> | void;
  /** Starts polling or registers the webhook; must return at once and keep trying by itself. */
  start?(): Promise<void>;
  /** Stops polling, lets the update in hand be stored. */
  stop?(): Promise<void>;
  health(): ChannelHealth;
  /** Once a minute: asks the provider about what it owes us (statuses, quotas). Returns how many answers changed something. */
  poll?(): Promise<number>;
  /** Fetches a file that came in on this channel. */
  download?: Download;
  /** Looks anew at what somebody may have mended by hand. */
  recheck?(): Promise<void>;
}

export type CreateChannel = (ctx: Ctx, ports: ChannelPorts) => ChannelModule;
