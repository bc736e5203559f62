import type { AddressInfo } from 'node:net';
import smpp from 'smpp';
import { Smsc, type ReceiptState, type SmppFault, type SmppStandInOptions, type SmppText } from './smpp/smsc.js';

/** A local SMSC on the `smpp` package's server: binds, checks what it is given, assembles parts, sends receipts. */
export interface SmppStandIn {
  /** SMS_SMPP_URL */
  url: string;
  password: string;
  brandname: string;
  messagesOf(phone: string): SmppText[];
  /** Parts that wait for their fellows. */
  incomplete(phone: string): number;
  failNext(...faults: SmppFault[]): void;
  /** Sends a receipt for a text; resolves with the command_status of the answer, or -1 where the connection ended. */
  receipt(text: SmppText, state?: ReceiptState): Promise<number>;
  /** Any deliver_sm, as a phone's answer; resolves as receipt(). */
  deliver(fields: Record<string, unknown>): Promise<number>;
  /** The next binds are refused with this status. */
  refuseBinds(status: number, times?: number): void;
  /** Stops or starts answering enquire_link. */
  answerEnquiries(answer: boolean): void;
  /** Asks the other side for a sign of life; resolves as receipt(). */
  enquire(): Promise<number>;
  unbindAll(): Promise<number>;
  dropAll(): void;
  /** Requests so far as "command", without passwords; the most that were open at once. */
  calls(): string[];
  mostOpen(): number;
  /** Holds the answers to submit_sm back until the returned function is called. */
  hold(): () => void;
  /** Called after every text that has come whole. Returns the way to stop. */
  onMessage(listener: (phone: string) => void): () => void;
  /** Resolves when a session is bound. */
  bound(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1. */
export async function startSmppStandIn(options: SmppStandInOptions): Promise<SmppStandIn> {
  const smsc = new Smsc(options);
  const server = smpp.createServer((session) => smsc.meet(session));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smpp://${smsc.systemId}:${encodeURIComponent(smsc.password)}@127.0.0.1:${port}`,
    password: smsc.password,
    brandname: smsc.brandname,
    messagesOf: (phone) => smsc.texts.get(phone) ?? [],
    incomplete: (phone) => [...smsc.pieces].filter(([key]) => key.startsWith(`${phone}/`)).reduce((sum, [, pieces]) => sum + pieces.size, 0),
    failNext: (...faults) => void smsc.faults.push(...faults),
    receipt: (text, state = 'DELIVRD') => smsc.receipt(text, state),
    deliver: (fields) => smsc.ask('deliver_sm', fields),
    refuseBinds: (status, times = 1) => void smsc.bindRefusals.push(...Array<number>(times).fill(status)),
    answerEnquiries: (answer) => void (smsc.answersEnquiries = answer),
    enquire: () => smsc.ask('enquire_link', {}),
    unbindAll: () => smsc.ask('unbind', {}),
    dropAll: () => smsc.sessions.forEach((session) => session.socket.resetAndDestroy()),
    calls: () => [...smsc.calls],
    mostOpen: () => smsc.mostOpen,
    hold: () => smsc.hold(),
    onMessage: (listener) => {
      smsc.listeners.add(listener);
      return () => void smsc.listeners.delete(listener);
    },
    bound: () => smsc.bound(),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      smsc.sessions.forEach((session) => session.destroy());
      await closed;
    },
  };
}
