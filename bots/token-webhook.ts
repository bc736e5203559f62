import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Secret } from '../src/kernel/secret.js';

/** A webhook whose sender proves itself by a secret in a header. */
export interface TokenWebhook {
  path: string;
  /** Lower case. */
  header: string;
  secret: Secret;
  maxBytes: number;
  log: Logger;
  /** Stores one update; what is none it only counts. Rejects where it could not be stored. */
  take(update: unknown): Promise<void>;
}

/**
 * Wrong or missing secret: 401 and nothing read. Stored: 200. Not stored: 500, so that it is sent again. A body that is no
 * update is answered 200: a repeat would not make it readable. Any content type; the scope is the route's own.
 */
export async function registerTokenWebhook(http: FastifyInstance, { path, header, secret, maxBytes, log, take }: TokenWebhook): Promise<void> {
  await http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: maxBytes }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', async (request, reply) => {
      const given = request.headers[header];
      if (!secret.matches(typeof given === 'string' ? given : undefined)) return reply.code(401).send();
    });
    scope.post(path, { bodyLimit: maxBytes }, async (request, reply) => {
      try {
        await take(parse(request.body));
      } catch (error) {
        log.error({ event: 'webhook.update-not-stored', error: error instanceof Error ? error.name : 'unknown' });
        return reply.code(500).send();
      }
      return reply.code(200).send();
    });
  });
}

function parse(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}
