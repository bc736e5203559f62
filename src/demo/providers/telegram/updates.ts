import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../kernel/clock.js';
import { ApiError, badRequest } from './api-error.js';

interface Pending {
  update: { update_id: number } & Record<string, unknown>;
  at: Date;
  /** Called once the webhook has answered, or not answered, for the first time. */
  tried: () => void;
}
interface Webhook {
  url: string;
  secret: string | undefined;
}

const KEPT_MS = 24 * 3_600_000;

/** Updates on their way to the bot: kept 24 h, confirmed by a later offset or by a 2xx of the webhook, at least once. */
export class Updates {
  readonly #clock: Clock;
  #pending: Pending[] = [];
  #nextId = 610_000_001;
  #allowed: string[] | undefined;
  #waiting: { wake: () => void; conflict: (error: ApiError) => void } | undefined;
  #webhook: Webhook | undefined;
  #pushing: Promise<void> | undefined;
  #stop = new AbortController();
  #settled: (() => void)[] = [];
  #lastError: { at: Date; message: string } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Puts an update on its way. With a webhook: resolves when it has been tried once, whatever came of it. */
  push(kind: string, body: unknown): Promise<void> {
    if (this.#allowed && !this.#allowed.includes(kind)) return Promise.resolve();
    const pending: Pending = { update: { update_id: this.#nextId++, [kind]: body }, at: this.#clock.now(), tried: () => {} };
    const tried = new Promise<void>((resolve) => void (pending.tried = resolve));
    this.#pending.push(pending);
    this.#waiting?.wake();
    this.#startPushing();
    return this.#webhook ? tried : Promise.resolve();
  }

  /** Resolves when the bot has confirmed every update. */
  settled(): Promise<void> {
    return this.#pending.length === 0 ? Promise.resolve() : new Promise((resolve) => this.#settled.push(resolve));
  }

  /** getUpdates: confirms everything below `offset`, then waits up to `timeout` seconds of real time for something new. */
  async take(options: { offset: number; limit: number; timeout: number; allowed?: string[] }, gone: AbortSignal): Promise<unknown[]> {
    if (this.#webhook) throw new ApiError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
    this.#waiting?.conflict(new ApiError(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'));
    if (options.allowed) this.#allowed = options.allowed;
    this.#confirm(options.offset);
    if (this.#pending.length === 0 && options.timeout > 0) await this.#news(options.timeout * 1000, gone);
    return this.#pending.slice(0, options.limit).map((p) => p.update);
  }

  setWebhook(webhook: Webhook | undefined, options: { allowed?: string[]; drop?: boolean }): void {
    this.#webhook = webhook;
    if (options.allowed) this.#allowed = options.allowed;
    if (options.drop) this.#keep([]);
    this.#waiting?.conflict(new ApiError(409, 'Conflict: terminated by setWebhook request'));
    this.#startPushing();
  }

  info() {
    const error = this.#lastError ? { last_error_date: Math.floor(this.#lastError.at.getTime() / 1000), last_error_message: this.#lastError.message } : {};
    return { url: this.#webhook?.url ?? '', has_custom_certificate: false, pending_update_count: this.#pending.length, ...error, ...(this.#allowed ? { allowed_updates: this.#allowed } : {}) };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#webhook = undefined;
    this.#waiting?.wake();
    await this.#pushing;
    for (const { tried } of this.#pending) tried();
    this.#keep([]);
  }

  #confirm(offset: number): void {
    const oldest = this.#clock.now().getTime() - KEPT_MS;
    const young = this.#pending.filter((p) => p.at.getTime() >= oldest);
    this.#keep(offset < 0 ? young.slice(offset) : young.filter((p) => p.update.update_id >= offset));
  }

  #keep(pending: Pending[]): void {
    this.#pending = pending;
    if (pending.length === 0) for (const resolve of this.#settled.splice(0)) resolve();
  }

  async #news(timeoutMs: number, gone: AbortSignal): Promise<void> {
    const late = new AbortController();
    const news = new Promise<void>((resolve, reject) => {
      const mine = { wake: resolve, conflict: reject };
      this.#waiting = mine;
      late.signal.addEventListener('abort', () => {
        if (this.#waiting === mine) this.#waiting = undefined;
      });
    });
    const enough = wait(timeoutMs, undefined, { signal: AbortSignal.any([late.signal, gone, this.#stop.signal]) }).catch(() => {});
    await Promise.race([news, enough]).finally(() => late.abort());
  }

  #startPushing(): void {
    this.#pushing ??= this.#pushAll().finally(() => {
      this.#pushing = undefined;
      // Something may have come between the loop's last look and this line.
      if (this.#webhook && this.#pending.length > 0) this.#startPushing();
    });
  }

  /** One after the other; a non-2xx is tried again with growing pauses (real time, short because nobody here is far away). */
  async #pushAll(): Promise<void> {
    for (let failures = 0; this.#webhook && this.#pending[0]; ) {
      const [first] = this.#pending;
      const problem = await post(this.#webhook, first.update, this.#stop.signal);
      if (problem === undefined) this.#keep(this.#pending.filter((p) => p !== first));
      first.tried();
      if (problem === undefined) {
        failures = 0;
      } else {
        this.#lastError = { at: this.#clock.now(), message: problem };
        await wait(Math.min(2_000, 20 * 2 ** failures++), undefined, { signal: this.#stop.signal }).catch(() => {});
      }
    }
  }
}

async function post(webhook: Webhook, update: unknown, stopped: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(webhook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(webhook.secret ? { 'x-telegram-bot-api-secret-token': webhook.secret } : {}) },
      body: JSON.stringify(update),
      signal: AbortSignal.any([stopped, AbortSignal.timeout(10_000)]),
    });
    await response.arrayBuffer();
    return response.ok ? undefined : `Wrong response from the webhook: ${response.status} ${response.statusText}`;
  } catch {
    return 'Connection refused or timed out';
  }
}

/** The address of a webhook. Plain HTTP and any port are taken, as a Bot API server of one's own takes them (`--local`). */
export function webhookAddress(url: unknown): string {
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw badRequest('bad webhook: invalid webhook URL specified');
  return url;
}
