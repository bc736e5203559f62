import { request, type Agent } from 'undici';
import { MAX_INCOMING_BYTES } from '../../src/files/keep-file.js';
import type { Download, Downloaded } from '../../src/inbox/download.js';
import { readLimited } from '../read-limited.js';

/**
 * Fetches media from Zalo's own hosts and nowhere else: an address in a message must not make us ask our own network.
 * `hosts`: names ("zdn.vn" stands for all below it), or "host:port" exactly. https only, except on this very machine.
 */
export const zaloDownload = (agent: Agent, hosts: readonly string[]): Download => async (file, signal) => {
  if (!file.url) return failed('not-supported');
  if ((file.size ?? 0) > MAX_INCOMING_BYTES) return failed('too-large');
  if (!mayAsk(file.url, hosts)) return failed('not-allowed');
  try {
    // undici follows no redirects by itself: a redirect is an answer like any other that is not 200.
    const answer = await request(file.url, { method: 'GET', dispatcher: agent, signal });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      return failed(answer.statusCode === 404 || answer.statusCode === 410 ? 'gone' : 'not-downloaded');
    }
    const bytes = await readLimited(answer.body);
    return bytes ? { kind: 'file', bytes } : failed('too-large');
  } catch {
    return failed('not-downloaded');
  }
};

/** True for addresses on a listed host. Pure. */
export function mayAsk(address: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, host, username, password, port } = new URL(address);
  if (username || password) return false;
  if (hosts.includes(host) && port !== '' && /^(127\.0\.0\.1|localhost)$/.test(hostname)) return true;
  if (protocol !== 'https:' || port !== '') return false;
  return hosts.some((allowed) => hostname === allowed || hostname.endsWith(`.${allowed}`));
}

const failed = (problem: Extract<Downloaded, { kind: 'failed' }>['problem']): Downloaded => ({ kind: 'failed', problem });
