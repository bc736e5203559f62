import { setTimeout as timer } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Pdu } from 'smpp';
import type { Random } from '../../kernel/random.js';
import type { Secret } from '../../kernel/secret.js';
import { onceAborted } from './once-aborted.js';
import { isBindRefused, smppCode } from './smpp-codes.js';
import { SmppSession, type Answered, type SmppAddress } from './smpp-session.js';
import { Window } from './window.js';

/** Spans in milliseconds of real time, and how many submit_sm may be unanswered at once. */
export interface SmppLimits {
  connectMs: number;
  answerMs: number;
  /** Silence after which we ask whether the other side is alive. */
  enquireMs: number;
  /** First pause before connecting again; doubled each time, up to a minute. */
  againMs: number;
  window: number;
}

export const defaultLimits: SmppLimits = { connectMs: 5_000, answerMs: 8_000, enquireMs: 30_000, againMs: 1_000, window: 10 };

export interface SmppLogin extends SmppAddress {
  systemId: string;
  password: Secret;
}

export interface SmppLinkParts {
  login: SmppLogin;
  limits: SmppLimits;
  log: Logger;
  random: Random;
  /** What the SMSC delivers to us. Rejects where it could not be stored: the SMSC keeps it then. */
  onDeliver(pdu: Pdu): Promise<void>;
}

/** ESME_RX_T_APPN: a temporary error of ours, to be delivered again. */
const LATER = 0x64;
/** ESME_RINVCMDID: nothing an SMSC has to ask of us. */
const INVALID_COMMAND = 0x03;
const MAX_PAUSE_MS = 60_000;
const FAREWELL_MS = 2_000;

/** A bound connection that keeps itself alive: binds, answers and asks enquire_link, comes back after a loss. */
export class SmppLink {
  readonly #parts: SmppLinkParts;
  readonly #stopping = new AbortController();
  readonly #window: Window;
  #session: SmppSession | null = null;
  /** While a connection is being made; resolves with it or with null. */
  #connecting: Promise<SmppSession | null> | null = null;
  #trouble: string | undefined = 'starting';
  #life: Promise<void> = Promise.resolve();

  constructor(parts: SmppLinkParts) {
    this.#parts = parts;
    this.#window = new Window(parts.limits.window);
  }

  /** Why nothing can be sent now; undefined while bound. "smpp-bind-refused": name or password are wrong. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  start(): void {
    this.#life = this.#live(this.#stopping.signal);
  }

  /** Lets open requests be answered for a moment, says goodbye, closes. */
  async stop(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#trouble = 'stopped';
    if (session) {
      const limit = AbortSignal.timeout(FAREWELL_MS);
      while (session.openRequests > 0 && !limit.aborted && !session.closed.aborted) await timer(10);
      await session.ask('unbind', {}, [limit]);
      session.destroy();
    }
    this.#stopping.abort();
    await this.#life;
  }

  /** Sends a submit_sm. Waits for a connection in the making and for a place in the window, no longer than the signal. */
  async submit(fields: Record<string, unknown>, signal: AbortSignal): Promise<Answered> {
    const session = this.#session ?? (await Promise.race([this.#connecting ?? null, onceAborted(signal).then(() => null)]));
    if (!session) return { kind: 'not-sent', code: this.#trouble === 'smpp-bind-refused' ? this.#trouble : 'no-connection' };
    if (!(await this.#window.take(signal))) return { kind: 'not-sent', code: 'window-full' };
    try {
      return await session.ask('submit_sm', fields, [signal, AbortSignal.timeout(this.#parts.limits.answerMs)]);
    } finally {
      this.#window.giveBack();
    }
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { limits, random, log } = this.#parts;
    for (let failures = 0; !signal.aborted; ) {
      this.#connecting = this.#connect(signal);
      const session = await this.#connecting;
      this.#session = session;
      this.#connecting = null;
      if (session) {
        failures = 0;
        log.info({ event: 'sms.smpp-bound' });
        await this.#stayAlive(session);
        this.#session = null;
      } else failures++;
      if (signal.aborted) return;
      if (session) this.#trouble = 'no-connection';
      log.warn({ event: 'sms.smpp-down', why: this.#trouble, failures });
      await pause(Math.min(MAX_PAUSE_MS, limits.againMs * 2 ** Math.min(failures, 6)) * (0.5 + random.next() / 2), signal);
    }
  }

  /** A bound session, or null with the reason in #trouble. */
  async #connect(signal: AbortSignal): Promise<SmppSession | null> {
    const { login, limits } = this.#parts;
    const session: SmppSession = new SmppSession(login, (pdu) => this.#asked(session, pdu));
    signal.addEventListener('abort', () => session.destroy(), { once: true, signal: session.closed });
    if (!(await session.connected(AbortSignal.timeout(limits.connectMs)))) return this.#failed('no-connection');
    const fields = { system_id: login.systemId, password: login.password.reveal(), system_type: '', interface_version: 0x34 };
    const bound = await session.ask('bind_transceiver', fields, [AbortSignal.timeout(limits.answerMs)]);
    if (bound.kind === 'answer' && bound.pdu.command_status === 0) {
      this.#trouble = undefined;
      return session;
    }
    session.destroy();
    if (bound.kind !== 'answer') return this.#failed('no-connection');
    const status = bound.pdu.command_status;
    return this.#failed(isBindRefused(status) ? 'smpp-bind-refused' : smppCode(status));
  }

  #failed(why: string): null {
    this.#trouble = why;
    return null;
  }

  /** Asks for a sign of life again and again; resolves when the connection is gone. */
  async #stayAlive(session: SmppSession): Promise<void> {
    const { limits } = this.#parts;
    // Stopping closes the session, see #connect.
    while (!session.closed.aborted) {
      await pause(limits.enquireMs, session.closed);
      if (session.closed.aborted) return;
      const alive = await session.ask('enquire_link', {}, [AbortSignal.timeout(limits.answerMs)]);
      if (alive.kind !== 'answer') session.destroy();
    }
  }

  #asked(session: SmppSession, pdu: Pdu): void {
    if (pdu.command === 'deliver_sm' || pdu.command === 'data_sm') {
      void this.#parts.onDeliver(pdu).then(
        () => session.answer(pdu),
        () => session.answer(pdu, LATER),
      );
      return;
    }
    session.answer(pdu, pdu.command === 'enquire_link' || pdu.command === 'unbind' ? 0 : INVALID_COMMAND);
    // After its unbind the SMSC takes nothing more; the life loop comes back with a new connection.
    if (pdu.command === 'unbind') session.close();
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => timer(ms, undefined, { signal, ref: false }).catch(() => {});
