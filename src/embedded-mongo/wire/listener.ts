import { createServer, type Server, type Socket } from 'node:net';
import { frameReply, messageLength, parseMessage, WireError, type WireRequest } from './message.js';

/** Answers one request with the BSON body of the reply. It must not reject: errors are replies too. */
export type RequestHandler = (request: WireRequest, connection: Connection) => Promise<Buffer>;

/** What a command may know of the connection it came over. */
export interface Connection {
  id: number;
  remote: string;
}

/** Options of the listener; the limits have defaults that suit one application with its tests. */
export interface ListenerOptions {
  port: number;
  handle: RequestHandler;
  closed?: (connection: Connection) => void;
  log?: (line: string) => void;
  maxConnections?: number;
}

/** Requests of one connection that may wait before its socket is no longer read. */
const MAX_WAITING = 64;

/** The TCP side of the server. It only ever binds to loopback: there is no authentication behind it. */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #options: ListenerOptions;
  #nextId = 1;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** Starts listening and tells the port that was given. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: '127.0.0.1', port: this.#options.port }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.#options.log?.(`listener: ${error.message}`));
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : this.#options.port);
      });
    });
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Stops listening and ends every connection. */
  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= (this.#options.maxConnections ?? 1000)) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    const connection: Connection = { id: this.#nextId++, remote: `${socket.remoteAddress}:${socket.remotePort}` };
    new Conversation(socket, connection, this.#options);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#options.closed?.(connection);
    });
  }
}

/** One connection: collects bytes into messages and answers them one after the other. */
class Conversation {
  readonly #socket: Socket;
  readonly #connection: Connection;
  readonly #options: ListenerOptions;
  #chunks: Buffer[] = [];
  #received = 0;
  #waiting: WireRequest[] = [];
  #busy = false;
  #replyId = 1;

  constructor(socket: Socket, connection: Connection, options: ListenerOptions) {
    this.#socket = socket;
    this.#connection = connection;
    this.#options = options;
    socket.on('data', (chunk) => this.#take(chunk));
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    try {
      for (let message = this.#next(); message !== undefined; message = this.#next()) {
        this.#waiting.push(parseMessage(message));
      }
    } catch (error) {
      this.#hangUp(error);
      return;
    }
    if (this.#waiting.length > MAX_WAITING) this.#socket.pause();
    if (!this.#busy) void this.#answerAll();
  }

  /** The next whole message, or nothing while bytes are missing; chunks are joined once, not per chunk. */
  #next(): Buffer | undefined {
    if (this.#received < 16) return undefined;
    if ((this.#chunks[0]?.length ?? 0) < 16) this.#chunks = [Buffer.concat(this.#chunks)];
    const length = messageLength(this.#chunks[0] ?? Buffer.alloc(16));
    if (this.#received < length) return undefined;
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    if (all === undefined) return undefined;
    this.#chunks = all.length > length ? [all.subarray(length)] : [];
    this.#received = all.length - length;
    return all.subarray(0, length);
  }

  async #answerAll(): Promise<void> {
    this.#busy = true;
    try {
      for (let request = this.#waiting.shift(); request !== undefined; request = this.#waiting.shift()) {
        const body = await this.#options.handle(request, this.#connection);
        if (this.#socket.destroyed) return;
        if (!request.moreToCome) await this.#send(frameReply(request, this.#replyId++, body));
        if (this.#waiting.length === 0) this.#socket.resume();
      }
    } catch (error) {
      this.#hangUp(error);
    } finally {
      this.#busy = false;
    }
  }

  /** Waits for a slow reader, so that replies do not pile up in memory. */
  #send(bytes: Buffer): Promise<void> | undefined {
    if (this.#socket.write(bytes)) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
  }

  #hangUp(error: unknown): void {
    const reason = error instanceof WireError ? error.message : `internal: ${String(error)}`;
    this.#options.log?.(`connection ${this.#connection.id} closed: ${reason}`);
    this.#waiting = [];
    this.#socket.destroy();
  }
}
