import { expect } from 'vitest';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bench, SenderUnderTest, WireCases } from './suite.js';
import type { OpenChannel } from './open-channel.js';

/** An answer as a provider gives it on the wire. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

/** What a call meets. */
export type HttpFault = Answer | 'hang' | 'reset-before' | 'reset-after' | 'cut';

/** A provider that speaks HTTP, as far as the suite has to know it. */
export interface HttpProvider extends Pick<SenderUnderTest<HttpFault>, 'secrets' | 'maxText' | 'refusals' | 'providerId'>, Partial<Pick<SenderUnderTest<HttpFault>, 'message' | 'reads'>> {
  open(root: string): Promise<OpenChannel>;
  to: string;
  /** Other calls than the sending one (tokens, …); undefined: this is the sending call. */
  aside?(url: string): Answer | undefined;
  accepted: Answer;
  cases: Pick<WireCases<HttpFault>, 'flood' | 'floodUnnamed' | 'errorInSuccess' | 'leak' | 'another'>;
  /** The words in the body of a sending call. */
  textIn(body: string): string;
}

const HTML = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>';

/** 429 of HTTP with and without Retry-After, as a gateway before any of them may give it. */
export const http429 = (retryAfter?: string): Answer => ({ status: 429, body: '<h1>Too Many Requests</h1>', ...(retryAfter ? { headers: { 'retry-after': retryAfter } } : {}) });

/** What all HTTP providers have in common: any of these, and nobody knows. */
export function overHttp(provider: HttpProvider): SenderUnderTest<HttpFault> {
  return {
    ...provider,
    cases: {
      ...provider.cases,
      page: { faults: [{ status: 500, body: HTML }, { status: 502, body: HTML }, { status: 503, body: HTML }] },
      cut: { faults: ['cut'] },
      strange: { faults: [{ body: HTML }, { body: '' }, { body: 'null' }, { body: '[]' }] },
      replayed: { before: provider.accepted, faults: [provider.accepted], gives: { code: expect.stringContaining('anothers-answer') as string } },
      hang: { faults: ['hang'] },
      resetBefore: { faults: ['reset-before'] },
      resetAfter: { faults: ['reset-after'] },
    },
    open: () => openBench(provider),
  };
}

async function openBench(provider: HttpProvider): Promise<Bench<HttpFault>> {
  const script: HttpFault[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => void serve(provider, { request, response, script, bodies }));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const channel = await provider.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const shut = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return {
    channel,
    to: provider.to,
    next: (...faults) => void script.push(...faults),
    shown: async () => bodies.map(provider.textIn),
    heard: () => bodies.length,
    shut,
    close: async () => {
      await channel.close();
      await shut();
    },
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  script: HttpFault[];
  bodies: string[];
}

async function serve(provider: HttpProvider, { request, response, script, bodies }: Exchange): Promise<void> {
  const aside = provider.aside?.(request.url ?? '');
  if (!aside && script[0] === 'reset-before') return void (script.shift() && request.socket.resetAndDestroy());
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (aside) return give(response, aside);
  bodies.push(body);
  const next = script.shift() ?? provider.accepted;
  if (next === 'hang') return;
  if (next === 'reset-after') return void request.socket.resetAndDestroy();
  if (typeof next === 'object') return give(response, next);
  const { body: whole } = provider.accepted;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
  response.write(whole.slice(0, Math.floor(whole.length / 2)), () => response.destroy());
}

const give = (response: ServerResponse, { status = 200, headers = {}, body }: Answer): void =>
  void response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json', ...headers }).end(body);

export const json = (value: unknown): string => JSON.stringify(value);

/** Reads "message.text" out of a JSON body. */
export const field = (name: string) => (body: string): string => {
  const text = name.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], JSON.parse(body));
  return typeof text === 'string' ? text : '';
};
