import type { FastifyInstance } from 'fastify';

/** One line for every page that is open: this phone has something new. */
export interface PhoneChanged {
  person: string;
  channel: string;
}

const KEEP_ALIVE_MS = 25_000;

/** Server-sent events at /simulator/events. Returns the way to tell all open pages. */
export function registerEvents(http: FastifyInstance): (changed: PhoneChanged) => void {
  const open = new Set<NodeJS.WritableStream>();
  http.get('/simulator/events', (request, reply) => {
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', connection: 'keep-alive', 'x-accel-buffering': 'no' });
    stream.write(': xin chào\n\n');
    open.add(stream);
    request.raw.on('close', () => open.delete(stream));
  });
  const alive = setInterval(() => open.forEach((stream) => stream.write(': còn đây\n\n')), KEEP_ALIVE_MS).unref();
  // An open stream would keep the server from closing.
  http.addHook('preClose', async () => {
    clearInterval(alive);
    open.forEach((stream) => stream.end());
  });
  return (changed) => open.forEach((stream) => stream.write(`data: ${JSON.stringify(changed)}\n\n`));
}
