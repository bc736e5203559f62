import { once } from 'node:events';
import { Agent as PlainAgent, type ClientRequest, type ClientRequestArgs } from 'node:http';
import { Agent as SecureAgent, type RequestOptions } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { NO_CONNECTION, isBeforeSending } from './failure.js';

/** Name, TCP, the proxy's tunnel and TLS together; as long as src/ask gives the other providers. */
const CONNECT_LIMIT_MS = 5_000;

/**
 * Connections to the API root. A request is given its socket only when the connection stands: what fails before, be it by
 * silence, surely sent nothing, and its code says so (failure.ts). Node's own agents hand out sockets that are still connecting.
 */
export function openConnections(apiRoot: string, proxy?: string, limitMs: number = CONNECT_LIMIT_MS): PlainAgent {
  if (new URL(apiRoot).protocol === 'http:') return new PlainConnections(limitMs);
  return proxy ? new Tunnels(proxy, limitMs) : new SecureConnections(limitMs);
}

/** Node's callback for connections that are not ready at once. */
type Given = (error: Error | null, socket: Duplex) => void;

/** As http.globalAgent, which such roots had before. */
class PlainConnections extends PlainAgent {
  readonly #limitMs: number;
  constructor(limitMs: number) {
    super({ keepAlive: true, timeout: 5_000 });
    this.#limitMs = limitMs;
  }
  override createConnection(options: ClientRequestArgs, given?: Given): undefined {
    giveStanding(super.createConnection(options), this.#limitMs, given);
  }
}

/** As telegraf's own agent. */
class SecureConnections extends SecureAgent {
  readonly #limitMs: number;
  constructor(limitMs: number) {
    super({ keepAlive: true, keepAliveMsecs: 10_000 });
    this.#limitMs = limitMs;
  }
  override createConnection(options: RequestOptions, given?: Given): undefined {
    giveStanding(super.createConnection(options), this.#limitMs, given);
  }
}

class Tunnels extends HttpsProxyAgent<string> {
  readonly #limitMs: number;
  constructor(proxy: string, limitMs: number) {
    super(proxy);
    this.#limitMs = limitMs;
  }
  override connect(request: ClientRequest, options: Parameters<HttpsProxyAgent<string>['connect']>[1]): Promise<Socket> {
    return inTime(this.#limitMs, async (signal) => {
      // One of its own for each connection: its socket to the proxy is out of reach but by this signal.
      const tunnel = new HttpsProxyAgent(this.proxy, { signal });
      let status = 0;
      tunnel.once('proxyConnect', (answer: { statusCode: number }) => (status = answer.statusCode));
      const socket = await tunnel.connect(request, options);
      // Else the proxy's refusal would be read as Telegram's answer to our request.
      if (status !== 200) throw new Error(`the proxy answered ${status}`);
      await standing(socket, signal);
      return socket;
    });
  }
}

function giveStanding(socket: Duplex | null | undefined, limitMs: number, given: Given = () => {}): void {
  if (!socket) throw new TypeError('no socket was made');
  inTime(limitMs, (signal) => standing(socket, signal)).then(() => given(null, socket), (error: Error) => given(error, socket));
}

/** Resolves when the socket is connected and, for TLS, the handshake done. Listens at once: a socket may fail on the next tick. */
async function standing(socket: Duplex, signal: AbortSignal): Promise<void> {
  // Until the request listens itself.
  socket.on('error', () => {});
  try {
    if (socket instanceof TLSSocket) await once(socket, 'secureConnect', { signal });
    else if (socket instanceof Socket && socket.pending) await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function inTime<T>(limitMs: number, connect: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    return await connect(limit.signal);
  } catch (error) {
    throw notConnected(error);
  } finally {
    clearTimeout(timer);
  }
}

/** node-fetch hands on the code and nothing else: one that may also come of a connection that stood (ECONNRESET) becomes ours. */
function notConnected(cause: unknown): Error {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return Object.assign(new Error('no connection', { cause }), { code: isBeforeSending(code) ? code : NO_CONNECTION });
}
