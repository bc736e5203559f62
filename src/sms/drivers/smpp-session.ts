import smpp, { type Pdu, type Session } from 'smpp';
import { onceAborted } from './once-aborted.js';

/** What came of a request. After "unknown" nobody knows whether it was carried out. */
export type Answered = { kind: 'answer'; pdu: Pdu } | { kind: 'not-sent'; code: string } | { kind: 'unknown'; code: string };

export interface SmppAddress {
  host: string;
  port: number;
  tls: boolean;
}

/** A message_payload has up to 64 kB (SMPP 3.4, 5.3.2.32). At the package's 16 kB a longer one ends the connection, and the SMSC delivers it again for ever. */
smpp.PDU.maxLength = 128 * 1024;

/**
 * One TCP connection to an SMSC. The package carries the bytes; what it leaves out is here: answers have a time limit,
 * a lost connection settles every open request, an unreadable PDU ends the connection instead of the process.
 */
export class SmppSession {
  readonly #session: Session;
  readonly #open = new Map<number, (answer: Answered) => void>();
  readonly #closed = new AbortController();
  readonly #connected: Promise<boolean>;

  /** Connects at once. `onRequest` gets what the SMSC asks of us; it must not throw. */
  constructor({ host, port, tls }: SmppAddress, onRequest: (pdu: Pdu) => void) {
    const named = tls && !/^[\d.]+$|:/.test(host) ? { servername: host } : {};
    this.#session = smpp.connect({ host, port, ...(tls ? { tls, ...named } : {}) });
    this.#connected = new Promise((resolve) => {
      this.#session.on(tls ? 'secureConnect' : 'connect', () => resolve(true));
      this.#session.on('close', () => resolve(false));
    });
    this.#session.on('close', () => this.#end());
    // After a PDU it cannot read the package reads no more, so the connection is of no use. Without a listener: a crash.
    this.#session.on('error', () => this.#session.destroy());
    this.#session.on('pdu', (pdu) => (pdu.isResponse() ? this.#open.get(pdu.sequence_number)?.({ kind: 'answer', pdu }) : onRequest(pdu)));
  }

  /** Aborts when the connection is gone. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** False where no connection came about before the signal aborted; the session is of no use then. */
  async connected(signal: AbortSignal): Promise<boolean> {
    const there = await Promise.race([this.#connected, onceAborted(signal).then(() => false)]);
    if (!there) this.destroy();
    return there;
  }

  /** Sends a request and waits for its answer until a signal aborts. */
  ask(command: string, fields: Record<string, unknown>, signals: readonly AbortSignal[]): Promise<Answered> {
    if (signals.some((signal) => signal.aborted)) return Promise.resolve({ kind: 'not-sent', code: 'timeout' });
    if (this.#closed.signal.aborted) return Promise.resolve({ kind: 'not-sent', code: 'no-connection' });
    const pdu = new smpp.PDU(command, fields);
    if (!this.#session.send(pdu)) return Promise.resolve({ kind: 'not-sent', code: 'no-connection' });
    return new Promise((resolve) => {
      const late = () => settle({ kind: 'unknown', code: 'timeout' });
      const settle = (answer: Answered) => {
        signals.forEach((signal) => signal.removeEventListener('abort', late));
        this.#open.delete(pdu.sequence_number);
        resolve(answer);
      };
      this.#open.set(pdu.sequence_number, settle);
      signals.forEach((signal) => signal.addEventListener('abort', late, { once: true }));
    });
  }

  /** Answers a request of the SMSC; without effect where the connection is gone or the command has no answer. */
  answer(request: Pdu, status = 0): void {
    if (/^(outbind|alert_notification)$/.test(request.command)) return;
    this.#session.send(request.response(status === 0 ? {} : { command_status: status }));
  }

  /** Requests without an answer so far. */
  get openRequests(): number {
    return this.#open.size;
  }

  /** Closes after what was written has left. */
  close(): void {
    this.#session.close();
  }

  destroy(): void {
    this.#session.destroy();
  }

  #end(): void {
    for (const settle of [...this.#open.values()]) settle({ kind: 'unknown', code: 'connection-lost' });
    this.#closed.abort();
  }
}
