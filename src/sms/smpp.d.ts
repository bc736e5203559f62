/** What we use of the package `smpp` 0.5.1, which brings no types. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';

  /** Texts arrive decoded by `data_coding`, or as bytes where the package does not know the coding. */
  export interface ShortMessage {
    message?: string | Buffer;
    udh?: Buffer[];
  }

  export interface Pdu {
    command: string;
    command_id: number;
    command_status: number;
    sequence_number: number;
    system_id?: string;
    password?: string;
    source_addr?: string;
    source_addr_ton?: number;
    source_addr_npi?: number;
    destination_addr?: string;
    dest_addr_ton?: number;
    dest_addr_npi?: number;
    esm_class?: number;
    data_coding?: number;
    registered_delivery?: number;
    short_message?: ShortMessage | Buffer | string;
    message_payload?: ShortMessage | Buffer | string;
    message_id?: string;
    receipted_message_id?: string;
    message_state?: number;
    user_message_reference?: number;
    sar_total_segments?: number;
    sar_segment_seqnum?: number;
    isResponse(): boolean;
    /** Throws for commands that have no answer. */
    response(fields?: Record<string, unknown>): Pdu;
  }

  export interface Session extends EventEmitter {
    readonly socket: Socket;
    /** False where the socket is gone; nothing was written then. */
    send(pdu: Pdu): boolean;
    close(): void;
    destroy(): void;
    on(event: 'pdu', listener: (pdu: Pdu) => void): this;
    on(event: 'connect' | 'secureConnect' | 'close', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }

  export interface ConnectOptions {
    host: string;
    port: number;
    tls?: boolean;
    servername?: string;
  }

  const smpp: {
    PDU: { new (command: string, fields?: Record<string, unknown>): Pdu; maxLength: number };
    connect(options: ConnectOptions): Session;
    createServer(listener: (session: Session) => void): NetServer;
  };
  export default smpp;
}
