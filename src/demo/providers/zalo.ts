import { fastify } from 'fastify';
import type { Clock } from '../../kernel/clock.js';
import type { PhoneNetwork } from './phone-network.js';
import { createNetwork } from './zalo/network.js';
import { registerConsent } from './zalo/consent.js';
import { registerOauth } from './zalo/oauth.js';
import { registerOpenApi } from './zalo/openapi.js';
import { baseEvent, createWebhookCaller, type Later } from './zalo/webhook.js';
import { createWorld, phoneOf, type Fault, type StoredMessage } from './zalo/world.js';

export interface ZaloStandInOptions {
  /** 0 or absent: any free port. */
  port?: number;
  clock: Clock;
  /** Runs webhook retries; default: real timers. */
  later?: Later;
}

/** A local Zalo: OAuth, OpenAPI and phones. Speaks the real wire protocol and is as strict as the real one. */
export interface ZaloStandIn {
  /** ZALO_API_ROOT */
  apiRoot: string;
  /** ZALO_OAUTH_ROOT */
  oauthRoot: string;
  appId: string;
  appSecret: string;
  oaSecretKey: string;
  /** The first refresh token, as the console gives it; dead after its first use. */
  refreshToken: string;
  network: Required<PhoneNetwork> & { unfollow(userId: string): Promise<void> };
  /** Registers the callback address of consents as the console does; throws for one with a query. */
  registerCallback(url: string): void;
  /** Saves the webhook address as the console does; throws where the console would refuse it. */
  setWebhook(url: string): Promise<void>;
  webhook: { attempts(): { event: string; status: number; retry: number }[]; isOff(): boolean; tell(event: Record<string, unknown>): Promise<void> };
  /** These people follow the OA and have just written, without any event. */
  follow(...userIds: string[]): void;
  /** The next calls to a message endpoint go wrong in these ways, one each. */
  failNext(...faults: Fault[]): void;
  /** From now on a state-agency OA: -235 on v3, v2 works. */
  becomeStateAgency(): void;
  /** Whether this is the access token now valid; ZBS takes the same one. */
  isToken(token: string): boolean;
  /** The access token dies before its time. */
  expireToken(): void;
  /** Somebody takes the permission away: access and refresh tokens are dead. Returns a new refresh token, as a new consent would. */
  revokeGrant(): string;
  /** Resolves when no webhook call is under way. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1. */
export async function startZaloStandIn(options: ZaloStandInOptions): Promise<ZaloStandIn> {
  const world = createWorld(options.clock);
  const http = fastify({ forceCloseConnections: true, bodyLimit: 12_000_000 });
  const webhook = createWebhookCaller(world, options.later ?? ((ms, work) => void setTimeout(work, ms).unref()));
  let root = '';
  const network = createNetwork(world, webhook, () => `${root}/media`);
  const sent = (userId: string, message: StoredMessage): void => {
    const { sender, recipient } = baseEvent(world, '', userId);
    // Zalo echoes the OA's own messages to its webhook, then tells that the phone got them.
    void webhook.tell({ ...baseEvent(world, 'oa_send_text', userId), sender: recipient, recipient: sender, message: { msg_id: message.id, text: message.text } });
    void webhook.tell({ ...baseEvent(world, 'user_received_message', userId), message: { msg_id: message.id } });
  };
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  registerConsent(http, world);
  registerOauth(http, world);
  registerOpenApi(http, world, sent);
  http.get('/media/:id', async (request, reply) => {
    const file = world.uploads.get((request.params as { id: string }).id);
    return file ? reply.type(file.type).send(Buffer.from(file.bytes)) : reply.code(404).send();
  });
  root = await http.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  return {
    apiRoot: `${root}/openapi`,
    oauthRoot: `${root}/oauth`,
    appId: world.appId,
    appSecret: world.appSecret,
    oaSecretKey: world.oaSecretKey,
    refreshToken: world.grant?.refresh ?? '',
    network,
    registerCallback: (url) => {
      if (!/^https?:\/\/[^?#]+$/.test(url)) throw new Error('a callback URL has no query');
      world.callback = url;
    },
    setWebhook: webhook.save,
    webhook,
    follow: (...userIds) => userIds.forEach((id) => Object.assign(phoneOf(world, id), { following: true, lastInteractionAt: world.clock.now() })),
    failNext: (...faults) => void world.faults.push(...faults),
    becomeStateAgency: () => void (world.oaType = 4),
    isToken: (token) => world.grant?.access === token && world.clock.now() < world.grant.expiresAt,
    expireToken: () => void (world.grant && (world.grant.access = null)),
    revokeGrant: () => {
      world.grant = { access: null, expiresAt: world.clock.now(), refresh: crypto.randomUUID().replaceAll('-', '') };
      return world.grant.refresh;
    },
    settled: webhook.settled,
    stop: async () => {
      await webhook.settled();
      await http.close();
    },
  };
}
