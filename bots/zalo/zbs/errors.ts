import type { SendOutcome } from '../../../src/delivery/sender.js';

/** What Zalo's `error` number asks us to do; numbers come with HTTP 200 (guideline "handle error code", and the OA's table). */
type Treatment = 'flooded' | 'unsure' | 'next-channel' | 'template' | 'stop';

const treatments: Readonly<Record<number, Treatment>> = {
  [-32]: 'flooded', // rate limit
  [-100]: 'unsure', // unknown error
  // This person cannot get template messages.
  [-108]: 'next-channel', // phone number invalid
  [-110]: 'next-channel', // their Zalo is too old
  [-114]: 'next-channel', // inactive, opted out, old version
  [-118]: 'next-channel', // no Zalo account
  [-119]: 'next-channel', // cannot receive
  [-127]: 'next-channel', // development mode reaches administrators only
  // Closed 22:00-06:00 for this class. Ordinary messages do not come here at night, and an urgent one cannot wait.
  [-133]: 'next-channel',
  [-139]: 'next-channel', // refused this type
  [-141]: 'next-channel', // refused this OA
  // Of the Official Account's table, for sending by user id.
  [-201]: 'next-channel', // user id invalid
  [-213]: 'next-channel', // does not follow
  [-217]: 'next-channel', // blocked invitations
  [-218]: 'next-channel', // this person's quota
  [-227]: 'next-channel', // banned or inactive
  [-230]: 'next-channel', [-232]: 'next-channel', // no interaction
  [-244]: 'next-channel', // refused this type
  // One template or one set of values is at fault; the others still work.
  [-106]: 'template', [-107]: 'template', [-109]: 'template', [-111]: 'template', [-112]: 'template', [-113]: 'template',
  [-116]: 'template', [-122]: 'template', [-132]: 'template', [-1121]: 'template', [-1122]: 'template', [-1123]: 'template',
  [-1124]: 'template', [-1131]: 'template',
  [-249]: 'template', // not approved for sending by user id
  [-117]: 'template', // no right to this template
  [-131]: 'template', // not approved
  [-146]: 'template', // disabled
  [-147]: 'template', [-1471]: 'template', [-1472]: 'template', // this template's quota of the day
  // Money and the OA's own quota: the channel rests, the office hears of it, messages go another way meanwhile.
  [-115]: 'stop', [-126]: 'stop', [-144]: 'stop', [-1441]: 'stop', [-320]: 'stop', [-321]: 'stop',
  // Configuration and rights.
  [-101]: 'stop', [-102]: 'stop', [-103]: 'stop', [-104]: 'stop', [-105]: 'stop', [-124]: 'stop', [-1241]: 'stop', [-125]: 'stop',
  [-130]: 'stop', [-135]: 'stop', [-1351]: 'stop', [-136]: 'stop', [-137]: 'stop', [-138]: 'stop', [-1381]: 'stop', [-140]: 'stop',
  [-145]: 'stop', [-216]: 'stop', [-220]: 'stop',
  [-204]: 'stop', [-205]: 'stop', [-209]: 'stop', [-211]: 'stop', [-212]: 'stop', [-219]: 'stop', [-221]: 'stop', [-223]: 'stop', [-224]: 'stop', [-242]: 'stop', [-248]: 'stop',
};

/** How long the channel rests after "too fast" where Zalo names no span. */
export const FLOOD_MS = 60_000;

/** Codes after which the OA's token is renewed and the call made once more. */
export const isTokenRefused = (code: number): boolean => code === -124 || code === -216 || code === -220;

/** Codes that concern one template, for health: the office has to look at the catalogue. */
export const isTemplateFault = (code: string): boolean => treatments[Number(code.replace('zbs:', ''))] === 'template' || code.startsWith('zbs:param');

/** Codes by which Zalo takes a template no more: somebody has to act at Zalo. Values that do not fit are the catalogue's matter. */
export const isTemplateRefused = (code: string): boolean => /^zbs:-(109|117|131|146)$/.test(code);

/** Refused for sure by user id, and another product may do it: the person, or this template, cannot be reached that way. */
export const phoneMayDo = (outcome: SendOutcome): boolean => outcome.kind === 'unreachable';

/** Money and quota, for health. */
export const isUsedUp = (code: string): boolean => /^zbs:-(115|126|144|1441|211|321)$/.test(code);

/** The code as the ledger shows it, e.g. "zbs:-118". */
export const zbsCode = (code: number | string): string => `zbs:${code}`;

/** Zalo's refusal as an outcome. A template at fault is "unreachable", for "rejected" would stop the other templates too. */
export function outcomeOf(code: number): SendOutcome {
  const treatment = treatments[code] ?? 'unsure';
  if (treatment === 'flooded') return { kind: 'retry', code: zbsCode(code), afterMs: FLOOD_MS, maybeSent: false, pauseChannel: true };
  if (treatment === 'unsure') return { kind: 'retry', code: zbsCode(code), afterMs: 30_000, maybeSent: true };
  return { kind: treatment === 'stop' ? 'rejected' : 'unreachable', code: zbsCode(code) };
}
