import { fastify } from 'fastify';
import type { Clock } from '../../kernel/clock.js';
import { registerApi } from './esms/api.js';
import { createCallbackCaller, type CallbackCaller, type Later } from './esms/callback.js';
import { createWorld, phoneOf, type EsmsFault, type EsmsMessage } from './esms/world.js';

export interface EsmsStandInOptions {
  /** 0 or absent: any free port. */
  port?: number;
  clock: Clock;
  /** True: phones get their messages at once and the callback follows. Otherwise deliver() and fail() decide. */
  deliverAtOnce?: boolean;
  /** Runs callback retries; default: real timers. */
  later?: Later;
}

/** A local eSMS.vn: sending, status and callbacks, as strict as the real one. */
export interface EsmsStandIn {
  /** SMS_ESMS_ROOT */
  root: string;
  apiKey: string;
  secretKey: string;
  /** The only one registered. */
  brandname: string;
  /** What eSMS took over for a phone (any way of writing the number), oldest first. */
  messagesOf(phone: string): EsmsMessage[];
  /** The network has delivered, or given up; the callback is made. Resolves after its first attempt. */
  deliver(message: EsmsMessage): Promise<void>;
  fail(message: EsmsMessage, how?: 'failed' | 'refused'): Promise<void>;
  /** As deliver(), but the callback gets lost: only GetSendStatus knows. */
  deliverSilently(message: EsmsMessage): void;
  failSilently(message: EsmsMessage): void;
  callbacks: Pick<CallbackCaller, 'attempts' | 'settled'>;
  /** The next sends go wrong in these ways, one each. */
  failNext(...faults: EsmsFault[]): void;
  block(phone: string): void;
  /** From now on only texts that match one of these are sent (146). */
  register(...templates: RegExp[]): void;
  setBalance(messages: number): void;
  /** Every call, without keys. */
  calls(): { method: string; body: Record<string, unknown>; at: Date }[];
  /** Called after every message. Returns the way to stop. */
  onMessage(listener: (phone: string) => void): () => void;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1. */
export async function startEsmsStandIn(options: EsmsStandInOptions): Promise<EsmsStandIn> {
  const world = createWorld(options.clock);
  const callbacks = createCallbackCaller(options.later ?? ((ms, work) => void setTimeout(work, ms).unref()));
  const end = async (message: EsmsMessage, how: 'delivered' | 'failed' | 'refused'): Promise<void> => {
    message.end = how;
    await callbacks.tell(message);
  };
  const http = fastify({ forceCloseConnections: true });
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  registerApi(http, world, (message) => {
    world.listeners.forEach((listener) => listener(message.phone));
    if (options.deliverAtOnce) void end(message, 'delivered');
  });
  const root = await http.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  return {
    root,
    apiKey: world.apiKey,
    secretKey: world.secretKey,
    brandname: world.brandname,
    messagesOf: (phone) => world.messages.filter((message) => message.phone === phoneOf(phone)),
    deliver: (message) => end(message, 'delivered'),
    fail: (message, how = 'failed') => end(message, how),
    failSilently: (message) => void (message.end = 'failed'),
    deliverSilently: (message) => void (message.end = 'delivered'),
    callbacks,
    failNext: (...faults) => void world.faults.push(...faults),
    block: (phone) => void world.blocked.add(phoneOf(phone) ?? phone),
    register: (...templates) => void world.templates.push(...templates),
    setBalance: (messages) => void (world.balance = messages),
    calls: () => [...world.calls],
    onMessage: (listener) => {
      world.listeners.add(listener);
      return () => void world.listeners.delete(listener);
    },
    stop: async () => {
      await callbacks.settled();
      await http.close();
    },
  };
}
