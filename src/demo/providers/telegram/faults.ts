import type { FastifyReply } from 'fastify';
import type { PhoneNetwork } from '../phone-network.js';
import { ApiError } from './api-error.js';

export type Fault = Parameters<PhoneNetwork['misbehave']>[0];

interface Planned {
  fault: Fault;
  left: number;
  retryAfterS: number;
  matches: RegExp;
}

/** Calls that reach people; getMe, getUpdates and the like stay healthy unless a fault is aimed at them by name. */
const SENDING = /^(send|edit)/i;

/** What the next calls suffer. "broken-json" is carried out and then answered in half; the others are not carried out. */
export class Faults {
  #planned: Planned[] = [];

  plan(fault: Fault, times = 1, options: { retryAfterS?: number; method?: string } = {}): void {
    const matches = options.method ? new RegExp(`^${options.method}$`, 'i') : SENDING;
    this.#planned.push({ fault, left: times, retryAfterS: options.retryAfterS ?? 1, matches });
  }

  next(method: string): Planned | undefined {
    const planned = this.#planned.find((p) => p.left > 0 && p.matches.test(method));
    if (planned) planned.left--;
    return planned;
  }
}

/** Carries a fault out before the method runs. True: the call is over (or hangs), nothing more is to be answered. */
export function suffer(planned: { fault: Fault; retryAfterS: number }, reply: FastifyReply): boolean {
  if (planned.fault === 'flood-429')
    throw new ApiError(429, `Too Many Requests: retry after ${planned.retryAfterS}`, { retry_after: planned.retryAfterS });
  if (planned.fault === 'blocked') throw new ApiError(403, 'Forbidden: bot was blocked by the user');
  if (planned.fault === 'server-500') {
    void reply.code(502).type('text/html').send('<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>');
    return true;
  }
  if (planned.fault === 'broken-json') return false;
  reply.hijack();
  if (planned.fault === 'reset') reply.raw.socket?.resetAndDestroy();
  return true;
}
