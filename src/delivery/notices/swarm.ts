import type { Ctx } from '../../context.js';
import type { Person } from '../../people/person.model.js';
import type { Lane } from '../intent.js';
import type { NoticeKind } from './notice-kinds.js';

/** More than so many notices of one kind to one person within the window, and the rest come together at its end. */
const SINGLY = 5;
const WINDOW_MS = 10 * 60_000;
/** Urgent ones are gathered for a shorter time. */
const URGENT_MS = 2 * 60_000;

/** Of these there may be thousands at once: a provider that is gone, an agency that has moved. The others are rare by their keys. */
const swarming: readonly NoticeKind[] = ['delivery-dead', 'chat-dead', 'nobody-there', 'person-gone', 'silent', 'chat-full', 'answers-stopped'];

type Notice = { kind: NoticeKind; lane: Lane };
type Place = { gather?: true; notBefore?: Date };

/**
 * How notices to these people are planned, asked in the order they are told: the first five of a kind leave singly, what
 * follows is gathered until the end of the window.
 */
export async function placesInSwarm(ctx: Ctx, office: readonly Person[], notices: readonly Notice[]): Promise<(person: Person, notice: Notice) => Place> {
  const now = ctx.clock.now().getTime();
  const since = new Date(now - WINDOW_MS);
  const lately = new Map<string, number>();
  const kinds = [...new Set(notices.map(({ kind }) => kind))].filter((kind) => swarming.includes(kind));
  await Promise.all(kinds.flatMap((kind) => office.map(async (person) => {
    lately.set(`${kind}:${String(person._id)}`, await ctx.db.Delivery.countDocuments({ personId: person._id, createdAt: { $gt: since }, kind }));
  })));
  return (person, { kind, lane }) => {
    const counted = `${kind}:${String(person._id)}`;
    const before = lately.get(counted);
    if (before === undefined) return {};
    lately.set(counted, before + 1);
    const window = lane === 'urgent' ? URGENT_MS : WINDOW_MS;
    return before < SINGLY ? {} : { gather: true, notBefore: new Date((Math.floor(now / window) + 1) * window) };
  };
}
