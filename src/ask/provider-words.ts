import type { Secret } from '../kernel/secret.js';

const LONGEST = 200;

/** What a provider says about a refusal, short and without the secret it may quote; '' where it is no text. */
export const providerWords = (words: unknown, secret: Secret): string =>
  typeof words === 'string' ? words.replaceAll(secret.reveal(), '[hidden]').slice(0, LONGEST) : '';
