import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ctx } from '../../context.js';
import type { ChannelPorts } from '../../delivery/channel-module.js';
import type { Secret } from '../../kernel/secret.js';
import { isRequestId, type EsmsRequests } from './esms-requests.js';
import { endOf, recordEnd } from './esms-status.js';

/** Followed by the secret; together with PUBLIC_URL the address eSMS calls. */
export const CALLBACK_PATH = '/webhooks/sms';

export interface CallbackParts {
  secret: Secret;
  ports: Pick<ChannelPorts, 'receipt'>;
  requests: EsmsRequests;
}

/**
 * eSMS's callback: GET without a signature, so the path is the secret. 404 to everybody else; 200 where the word was stored
 * or says nothing to us; 503 where storing failed (eSMS tries five times, after that GetSendStatus is asked).
 */
export async function registerCallback(http: FastifyInstance, ctx: Ctx, parts: CallbackParts): Promise<void> {
  http.get<{ Params: { secret: string } }>(`${CALLBACK_PATH}/:secret`, async (request, reply) => {
    if (!parts.secret.matches(request.params.secret)) return reply.callNotFound();
    try {
      await take(ctx, parts, request);
    } catch (error) {
      ctx.log.error({ event: 'sms.callback-not-stored', err: error instanceof Error ? error.name : 'unknown' });
      return answer(reply, 503);
    }
    return answer(reply, 200);
  });
}

const answer = (reply: FastifyReply, status: number): FastifyReply => reply.code(status).header('cache-control', 'no-store').type('text/plain').send(status === 200 ? 'OK' : 'unavailable');

async function take(ctx: Ctx, { ports, requests }: CallbackParts, request: FastifyRequest): Promise<void> {
  const query = request.query as Record<string, unknown>;
  const requestId = await requestOf(query, requests);
  if (!requestId) ctx.log.warn({ event: 'sms.callback-unknown' });
  else await recordEnd(ctx, { ports, requests }, requestId, endOf(query));
}

/** By our id; by theirs where they leave ours out. */
async function requestOf(query: Record<string, unknown>, requests: EsmsRequests): Promise<string | null> {
  const { RequestId: ours, SMSID: theirs } = query;
  if (typeof ours === 'string' && isRequestId(ours)) return ours;
  return typeof theirs === 'string' && theirs !== '' && theirs.length <= 100 ? requests.bySmsId(theirs) : null;
}
