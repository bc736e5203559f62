import smpp, { type Pdu, type Session } from 'smpp';
import type { Clock } from '../../../kernel/clock.js';

/** What the next submit_sm suffers: a command_status, bytes of any kind and the connection's end, silence, or the end before or after it was taken. */
export type SmppFault = { status: number } | { raw: Uint8Array } | 'silence' | 'drop' | 'drop-after' | 'garbage';

/** A whole text on a phone, put together from its parts. */
export interface SmppText {
  text: string;
  unicode: boolean;
  parts: number;
  /** The id of the part that asked for a receipt, as submit_sm_resp gave it. */
  id: string;
  at: Date;
}

export interface SmppStandInOptions {
  /** 0 or absent: any free port. */
  port?: number;
  clock: Clock;
  /** How ids are written in submit_sm_resp and in receipts; many SMSCs use two ways. */
  ids?: { response: 'hex' | 'decimal'; receipt: 'hex' | 'decimal' };
  /** Receipts with TLVs, or with the text of appendix B only. */
  receipts?: 'tlv' | 'text';
  /** True: phones get their messages, and we their receipts, at once. */
  deliverAtOnce?: boolean;
}

const OK = 0x00;
const MAX_SYSTEM_ID = 15;
/** One short message: 140 octets, or 160 septets in as many octets. */
const MAX_OCTETS = { 0: 160, 8: 140 } as const;
const STATES = { ENROUTE: 1, DELIVRD: 2, EXPIRED: 3, DELETED: 4, UNDELIV: 5, ACCEPTD: 6, UNKNOWN: 7, REJECTD: 8 } as const;

/** How a text ended, as receipts say it. */
export type ReceiptState = keyof typeof STATES;

/** What the SMSC remembers and how it answers; see ../smpp.ts. */
export class Smsc {
  readonly systemId = 'nhacviec';
  readonly password = 'mk@sms1';
  readonly brandname = 'UBND-LAOCAI';
  readonly listeners = new Set<(phone: string) => void>();
  readonly texts = new Map<string, SmppText[]>();
  /** Parts by "phone/reference/total". */
  readonly pieces = new Map<string, Map<number, string>>();
  readonly faults: SmppFault[] = [];
  readonly bindRefusals: number[] = [];
  readonly sessions = new Set<Session>();
  readonly calls: string[] = [];
  answersEnquiries = true;
  mostOpen = 0;
  #open = 0;
  #held: (() => void)[] | null = null;
  readonly #bound = new Set<Session>();
  readonly #whenBound: (() => void)[] = [];
  readonly #answers = new Map<string, (status: number) => void>();
  // Digits that mean another number when read as hexadecimal.
  #lastId = 4_096n;
  readonly #options: SmppStandInOptions;

  constructor(options: SmppStandInOptions) {
    this.#options = options;
  }

  meet(session: Session): void {
    this.sessions.add(session);
    session.on('error', () => session.destroy());
    session.on('close', () => {
      this.sessions.delete(session);
      this.#bound.delete(session);
      for (const settle of this.#answers.values()) settle(-1);
    });
    session.on('pdu', (pdu) => {
      if (pdu.isResponse()) return void this.#answers.get(`${pdu.command}:${pdu.sequence_number}`)?.(pdu.command_status);
      this.calls.push(pdu.command);
      if (pdu.command === 'bind_transceiver') return this.#bind(session, pdu);
      if (pdu.command === 'enquire_link') return void (this.answersEnquiries && session.send(pdu.response()));
      if (pdu.command === 'unbind') return void (session.send(pdu.response()), session.close());
      if (pdu.command === 'submit_sm') return this.#submit(session, pdu);
      session.send(pdu.response({ command_status: 0x03 }));
    });
  }

  bound(): Promise<void> {
    return this.#bound.size > 0 ? Promise.resolve() : new Promise((resolve) => this.#whenBound.push(resolve));
  }

  hold(): () => void {
    this.#held = [];
    return () => {
      const held = this.#held ?? [];
      this.#held = null;
      held.forEach((answer) => answer());
    };
  }

  ask(command: string, fields: Record<string, unknown>): Promise<number> {
    const [session] = this.#bound;
    const pdu = new smpp.PDU(command, fields);
    if (!session?.send(pdu)) return Promise.resolve(-1);
    const key = `${command}_resp:${pdu.sequence_number}`;
    return new Promise<number>((resolve) => this.#answers.set(key, resolve)).finally(() => this.#answers.delete(key));
  }

  receipt(text: SmppText, state: ReceiptState): Promise<number> {
    const [phone] = [...this.texts].find(([, texts]) => texts.includes(text)) ?? [''];
    const { response, receipt } = this.#options.ids ?? { response: 'hex', receipt: 'decimal' };
    const number = response === 'hex' ? BigInt(`0x${text.id}`) : BigInt(text.id);
    const id = receipt === 'hex' ? number.toString(16).toUpperCase().padStart(8, '0') : number.toString(10);
    const words = `id:${id} sub:001 dlvrd:${state === 'DELIVRD' ? '001' : '000'} submit date:2611230800 done date:2611230801 stat:${state} err:000 text:${text.text.slice(0, 20)}`;
    const tlvs = this.#options.receipts === 'text' ? {} : { receipted_message_id: id, message_state: STATES[state] };
    return this.ask('deliver_sm', { esm_class: 0x04, source_addr: phone, source_addr_ton: 1, source_addr_npi: 1, destination_addr: this.brandname, data_coding: 0, short_message: words, ...tlvs });
  }

  #bind(session: Session, pdu: Pdu): void {
    const refusal = this.bindRefusals.shift();
    const status = refusal ?? (pdu.system_id !== this.systemId || pdu.system_id.length > MAX_SYSTEM_ID ? 0x0f : pdu.password !== this.password ? 0x0e : OK);
    session.send(pdu.response({ command_status: status, system_id: 'SMSC' }));
    if (status !== OK) return session.close();
    this.#bound.add(session);
    this.#whenBound.splice(0).forEach((tell) => tell());
  }

  #submit(session: Session, pdu: Pdu): void {
    this.mostOpen = Math.max(this.mostOpen, ++this.#open);
    const answer = () => {
      this.#open--;
      this.#carryOut(session, pdu);
    };
    if (this.#held) this.#held.push(answer);
    else answer();
  }

  #carryOut(session: Session, pdu: Pdu): void {
    const fault = this.faults.shift();
    if (fault === 'drop') return void session.socket.resetAndDestroy();
    if (fault === 'silence') return;
    if (fault === 'garbage') return void session.socket.write(Buffer.from([0, 0, 0, 9, 0xff, 0xff, 0xff, 0xff, 1]));
    if (typeof fault === 'object' && 'raw' in fault) return void session.socket.end(fault.raw);
    const status = typeof fault === 'object' ? fault.status : this.#check(session, pdu);
    if (status !== OK) return void session.send(pdu.response({ command_status: status }));
    const whole = this.#take(pdu);
    if (fault === 'drop-after') return void session.socket.resetAndDestroy();
    session.send(pdu.response({ message_id: this.#id() }));
    if (whole && this.#options.deliverAtOnce) void this.receipt(whole, 'DELIVRD');
  }

  #id(): string {
    return this.#options.ids?.response === 'decimal' ? this.#lastId.toString(10) : this.#lastId.toString(16);
  }

  /** The first status that applies. Numbers that nobody can have (84000000…) belong to the sample province. */
  #check(session: Session, pdu: Pdu): number {
    if (!this.#bound.has(session)) return 0x04;
    if (pdu.source_addr_ton !== 5 || pdu.source_addr !== this.brandname) return 0x0a;
    if (pdu.dest_addr_ton !== 1 || pdu.dest_addr_npi !== 1 || !/^84(?:[35789]\d{8}|0{6}\d{3})$/.test(pdu.destination_addr ?? '')) return 0x0b;
    if (pdu.data_coding !== 0 && pdu.data_coding !== 8) return 0x66;
    const { text, header } = this.#read(pdu);
    // Six octets of header are seven septets.
    const room = MAX_OCTETS[pdu.data_coding] - (header ? (pdu.data_coding === 8 ? 6 : 7) : 0);
    // The package has decoded the text; GSM-7 costs two octets for each character of the extension table.
    const octets = pdu.data_coding === 8 ? text.length * 2 : text.length + (text.match(/[\f^{}\\[~\]|€]/g)?.length ?? 0);
    return text === '' || octets > room ? 0x01 : OK;
  }

  #read(pdu: Pdu): { text: string; header: Buffer | undefined } {
    const message = typeof pdu.short_message === 'object' && !Buffer.isBuffer(pdu.short_message) ? pdu.short_message : {};
    return { text: typeof message.message === 'string' ? message.message : '', header: message.udh?.find((element) => element[0] === 0x00) };
  }

  /** Keeps a part; the text once all parts are there. */
  #take(pdu: Pdu): SmppText | null {
    this.#lastId++;
    const phone = pdu.destination_addr ?? '';
    const { text, header } = this.#read(pdu);
    const [, , reference = 0, total = 1, sequence = 1] = header ?? [];
    const key = `${phone}/${reference}/${total}`;
    const pieces = this.pieces.get(key) ?? new Map<number, string>();
    pieces.set(sequence, text);
    this.pieces.set(key, pieces);
    if (pieces.size < total) return null;
    this.pieces.delete(key);
    const whole: SmppText = { text: [...pieces].sort(([a], [b]) => a - b).map(([, piece]) => piece).join(''), unicode: pdu.data_coding === 8, parts: total, id: this.#id(), at: this.#options.clock.now() };
    this.texts.set(phone, [...(this.texts.get(phone) ?? []), whole]);
    this.listeners.forEach((listener) => listener(phone));
    return whole;
  }
}
