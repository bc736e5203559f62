/** The kind of message that carries others. */
export const DIGEST = 'digest';

/** In `digestKey`: waits to be gathered, and is claimed by nobody until then. */
export const GATHER = 'gather';

/** All keys of digests lie between these two; GATHER does not. */
export const DIGEST_KEYS = { from: 'digest:', to: 'digest;' } as const;

/** A member is let go on its own again, due now. */
export const onItsOwn = (now: Date) => ({ digestKey: null, notBefore: now, order: now });

/** Further attempts carry the members of the first one: "digest:…>2" -> "digest:…". */
export const firstKey = (key: string): string => key.replace(/>\d+$/, '');

/** Ids of the deliveries a digest speaks of; fixed when it is planned, so that nothing is counted as told that was added later. */
export const memberIds = (data: Record<string, unknown>): Set<string> => new Set(typeof data['members'] === 'string' ? data['members'].split(',') : []);
