import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest, type RequestOptions } from 'node:https';
import { basename } from 'node:path';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Telegraf } from 'telegraf';
import type { Config } from '../../src/config.js';
import { MAX_INCOMING_BYTES } from '../../src/files/keep-file.js';
import type { Download, Downloaded } from '../../src/inbox/download.js';
import { readLimited } from '../read-limited.js';
import { call } from './call.js';
import { readFailure } from './failure.js';

/** Paths as the Bot API gives them ("documents/file_12.pdf"); a server that names one outside its folder is not followed. */
const PATH = /^[\w-]+(?:\/[\w.-]+)+$/;

/** getFile, then the file's address below the same API root: the only host that is ever asked. */
export const telegramDownload = (bot: Telegraf, config: Config): Download => async (file, signal) => {
  if (!file.fileId) return failed('not-supported');
  if ((file.size ?? 0) > MAX_INCOMING_BYTES) return failed('too-large');
  try {
    const found = await call(bot, 'getFile', { file_id: file.fileId }, signal);
    const path = found.file_path ?? '';
    if ((found.file_size ?? 0) > MAX_INCOMING_BYTES) return failed('too-large');
    if (!PATH.test(path) || path.includes('..')) return failed('not-allowed');
    return await fetchFile(config, path, signal);
  } catch (error) {
    const failure = readFailure(error);
    if (failure.kind === 'refused' && failure.status === 400) return failed(/too big/i.test(failure.description) ? 'too-large' : 'gone');
    return failed('not-downloaded');
  }
};

async function fetchFile(config: Config, path: string, signal: AbortSignal): Promise<Downloaded> {
  const url = new URL(`${config.TELEGRAM_API_ROOT}/file/bot${config.TELEGRAM_BOT_TOKEN?.reveal() ?? ''}/${path}`);
  const answer = await get(url, { signal, ...(config.TELEGRAM_PROXY && url.protocol === 'https:' ? { agent: new HttpsProxyAgent(config.TELEGRAM_PROXY) } : {}) });
  if (answer.statusCode !== 200) {
    answer.destroy();
    return failed(answer.statusCode === 404 ? 'gone' : 'not-downloaded');
  }
  const bytes = await readLimited(answer as AsyncIterable<Uint8Array>);
  return bytes ? { kind: 'file', bytes, name: basename(path) } : failed('too-large');
}

/** telegraf's own client is not asked: it has no limit of size. Redirects are not followed. */
const get = (url: URL, options: RequestOptions): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? secureRequest : plainRequest)(url, options, resolve);
    request.on('error', reject);
    request.end();
  });

const failed = (problem: Extract<Downloaded, { kind: 'failed' }>['problem']): Downloaded => ({ kind: 'failed', problem });
