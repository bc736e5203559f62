import { setTimeout as wait } from 'node:timers/promises';
import { Refused } from './world.js';

interface Webhook {
  url: string;
  secret: string;
}

/**
 * Updates on their way to the bot. Polling: each is handed out once and forgotten, whoever loses it. Webhook: pushed one after
 * the other until answered 200, in turn in both shapes that were seen, wrapped and bare.
 */
export class Updates {
  #waiting: Record<string, unknown>[] = [];
  #webhook: Webhook | undefined;
  #wake: (() => void) | undefined;
  #pushing: Promise<void> | undefined;
  #pushed = 0;
  /** An update is in the poller's hand until it asks again. */
  #inHand = false;
  readonly #stop = new AbortController();

  get webhook(): Webhook | undefined {
    return this.#webhook;
  }

  /** Resolves after the first push in webhook mode, at once in polling mode. */
  async push(update: Record<string, unknown>): Promise<void> {
    this.#waiting.push(update);
    this.#wake?.();
    if (this.#webhook) await this.#pushAll();
  }

  setWebhook(webhook: Webhook | undefined): void {
    this.#webhook = webhook;
    if (webhook) void this.#pushAll();
  }

  /** One update, or a refusal with 408 after `timeoutMs`; nothing is taken for a caller that has gone. */
  async take(timeoutMs: number, gone: AbortSignal): Promise<Record<string, unknown>> {
    if (this.#webhook) throw new Refused(400, "Bad Request: can't use getUpdates while webhook is active");
    this.#inHand = false;
    if (this.#waiting.length === 0) await this.#news(timeoutMs, gone);
    const update = gone.aborted ? undefined : this.#waiting.shift();
    if (!update) throw new Refused(408, 'Request timeout');
    this.#inHand = true;
    return update;
  }

  /** Resolves when the bot has taken and worked off every update. */
  async settled(): Promise<void> {
    while ((this.#waiting.length > 0 || this.#inHand || this.#pushing) && !this.#stop.signal.aborted) await wait(2);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#pushing;
  }

  async #news(timeoutMs: number, gone: AbortSignal): Promise<void> {
    const late = new AbortController();
    const news = new Promise<void>((resolve) => (this.#wake = resolve));
    const enough = wait(timeoutMs, undefined, { signal: AbortSignal.any([late.signal, gone, this.#stop.signal]) }).catch(() => {});
    await Promise.race([news, enough]).finally(() => late.abort());
  }

  #pushAll(): Promise<void> {
    return (this.#pushing ??= this.#pushEach().finally(() => (this.#pushing = undefined)));
  }

  async #pushEach(): Promise<void> {
    for (let failures = 0; this.#webhook && this.#waiting[0] && !this.#stop.signal.aborted && failures < 8; ) {
      const [update] = this.#waiting;
      const body = this.#pushed % 2 === 0 ? { ok: true, result: update } : update;
      if (await post(this.#webhook, body, this.#stop.signal)) {
        this.#waiting.shift();
        this.#pushed++;
        failures = 0;
      } else await wait(10 * 2 ** failures++, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }
}

async function post({ url, secret }: Webhook, body: unknown, stopped: AbortSignal): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json', 'x-bot-api-secret-token': secret };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.any([stopped, AbortSignal.timeout(10_000)]) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
