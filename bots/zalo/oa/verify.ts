import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../../src/kernel/secret.js';

/** What a webhook's signature is made from. `rawBody` are the bytes as they came: re-serialised JSON gives another mac. */
export interface SignedEvent {
  appId: string;
  rawBody: Uint8Array;
  /** The body's own `timestamp` field, as text. */
  timestamp: string;
}

/**
 * Zalo's mac: plain SHA-256 (not an HMAC) in hex over appId, body, timestamp and the OA Secret Key of the webhook page
 * (not the App Secret).
 */
export const macOf = (event: SignedEvent, key: Secret): string =>
  createHash('sha256').update(event.appId).update(event.rawBody).update(event.timestamp).update(key.reveal()).digest('hex');

const MAC = /^(?:mac=)?([0-9a-f]{64})$/i;

/** Whether the header has the shape of a signature at all. */
export const isMac = (header: string): boolean => header.length <= 100 && MAC.test(header.trim());

/** True if the header "X-ZEvent-Signature: mac=<64 hex>" belongs to this body. Takes the same time for every wrong mac. */
export function isSignedByZalo(event: SignedEvent, header: string, key: Secret): boolean {
  const given = MAC.exec(header.trim())?.[1];
  const wanted = Buffer.from(macOf(event, key), 'hex');
  return given !== undefined && timingSafeEqual(Buffer.from(given, 'hex'), wanted);
}
