import { connect, type Socket } from 'node:net';
import { deserialize, type Document, serialize } from 'bson';

/** A connection that speaks bytes, for what no driver would send. */
export class RawConnection {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawConnection(socket)));
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The next whole message, or nothing if the server closed the connection (or said nothing for `ms`). */
  async read(ms = 2000): Promise<Buffer | undefined> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      if (this.#received.length >= 16 && this.#received.length >= this.#received.readInt32LE(0)) {
        const length = this.#received.readInt32LE(0);
        const message = this.#received.subarray(0, length);
        this.#received = this.#received.subarray(length);
        return message;
      }
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 20);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return undefined;
  }

  /** Sends a command as OP_MSG and reads the reply. */
  async command(doc: Document): Promise<Document | undefined> {
    this.socket.write(opMsg([{ body: doc }]));
    const reply = await this.read();
    return reply === undefined ? undefined : deserialize(reply.subarray(21));
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A section of an OP_MSG: the body (kind 0) or a named list of documents (kind 1). */
export type Section = { body: Document } | { name: string; documents: Document[] };

/** Builds an OP_MSG. */
export function opMsg(sections: Section[], flags = 0): Buffer {
  const parts = sections.map((section) => {
    if ('body' in section) return Buffer.concat([Buffer.from([0]), serialize(section.body)]);
    const documents = Buffer.concat([Buffer.from(`${section.name}\0`), ...section.documents.map((doc) => serialize(doc))]);
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeInt32LE(documents.length + 4, 1);
    return Buffer.concat([head, documents]);
  });
  const flagBytes = Buffer.alloc(4);
  flagBytes.writeUInt32LE(flags);
  const checksum = (flags & 1) === 1 ? Buffer.alloc(4) : Buffer.alloc(0);
  return message(2013, Buffer.concat([flagBytes, ...parts, checksum]));
}

/** Puts a header in front of a payload. */
export function message(opCode: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + payload.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(opCode, 12);
  return Buffer.concat([head, payload]);
}
