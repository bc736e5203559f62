import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ctx } from '../../../src/context.js';
import type { ChannelPorts } from '../../../src/delivery/channel-module.js';
import type { Secret } from '../../../src/kernel/secret.js';
import { toInbound, type ZaloEvent } from './to-inbound.js';
import { isMac, isSignedByZalo } from './verify.js';

/** The address to enter in the Zalo developer console, after PUBLIC_URL. */
export const WEBHOOK_PATH = '/webhooks/zalo';

const BODY_LIMIT = 256 * 1024;
/** Zalo retries for about two hours; older bodies are replays. */
const OLDEST_MS = 6 * 3_600_000;
const CLOCK_SKEW_MS = 10 * 60_000;

export interface WebhookParts {
  appId: string;
  secretKey: Secret;
  ports: ChannelPorts;
}

/**
 * Verify, store, 200: Zalo waits 2 seconds and then retries. Answers:
 * 200 to bodies without a signature (the console probes with an unsigned `{}` before it saves the address) and to verified
 * events that do not concern us, nothing stored; 401 to a wrong signature, so that after a mistyped key Zalo's retries still
 * bring the messages once it is corrected; 503 where storing failed, for the same reason.
 */
export async function registerZaloWebhook(http: FastifyInstance, ctx: Ctx, parts: WebhookParts): Promise<void> {
  await http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
    scope.post(WEBHOOK_PATH, { bodyLimit: BODY_LIMIT }, (request, reply) => answer(ctx, parts, request, reply));
  });
}

async function answer(ctx: Ctx, parts: WebhookParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const signature = request.headers['x-zevent-signature'];
  const verdict = judge(ctx, parts, rawBody, typeof signature === 'string' ? signature : '');
  if (verdict.kind === 'forged') {
    ctx.log.warn({ event: 'zalo-webhook-forged' }, 'a webhook body with a wrong signature was refused');
    return reply.code(401).send({ error: 'signature' });
  }
  if (verdict.kind === 'ignored') {
    ctx.log.debug({ event: 'zalo-webhook-ignored', why: verdict.why }, 'webhook body ignored');
    return reply.code(200).send({});
  }
  try {
    await store(parts.ports, verdict);
  } catch (error) {
    ctx.log.error({ event: 'zalo-webhook-not-stored', err: error }, 'a webhook body could not be stored');
    return reply.code(503).send({ error: 'unavailable' });
  }
  return reply.code(200).send({});
}

type Verdict = ZaloEvent | { kind: 'forged' };

function judge(ctx: Ctx, parts: WebhookParts, rawBody: Buffer, signature: string): Verdict {
  if (!signature) return { kind: 'ignored', why: 'unsigned' };
  // The signature covers a field of the body, so the body has to be read; not for what can be no signature.
  if (!isMac(signature)) return { kind: 'forged' };
  const body = parse(rawBody);
  const timestamp = String(body?.['timestamp'] ?? '');
  if (!isSignedByZalo({ appId: parts.appId, rawBody, timestamp }, signature, parts.secretKey)) return { kind: 'forged' };
  if (body?.['app_id'] !== undefined && String(body['app_id']) !== parts.appId) return { kind: 'ignored', why: 'other-app' };
  const age = ctx.clock.now().getTime() - Number(timestamp);
  if (!(age < OLDEST_MS && age > -CLOCK_SKEW_MS)) return { kind: 'ignored', why: 'stale' };
  return toInbound(body, rawBody);
}

function parse(rawBody: Buffer): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(rawBody.toString('utf8'));
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

async function store(ports: ChannelPorts, event: Exclude<ZaloEvent, { kind: 'ignored' }>): Promise<void> {
  if (event.kind === 'message') return ports.receive(event.message);
  await Promise.all(event.providerIds.map((id) => ports.receipt(id, event.what, event.at)));
}
