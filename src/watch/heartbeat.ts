import type { Secret } from '../kernel/secret.js';

const TIMEOUT_MS = 10_000;

/** Calls an outside watcher's address with a few words, which healthchecks.io and its like keep; those that only know GET get one. */
export const createHeartbeat = (url: Secret) => async (words: string): Promise<void> => {
  const call = (init: RequestInit) => fetch(url.reveal(), { ...init, redirect: 'follow', signal: AbortSignal.timeout(TIMEOUT_MS) });
  let answer = await call({ method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body: words });
  if (answer.status === 404 || answer.status === 405) answer = await call({ method: 'GET' });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`heartbeat answered ${answer.status}`);
};
