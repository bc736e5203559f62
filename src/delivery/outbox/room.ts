import { channels, type Channel } from '../../kernel/channels.js';
import { openingsOf, type ChannelState } from '../limits/channel-state.js';
import type { DrainRun } from './drain-run.js';

/** Calls that may be begun on a channel now: by urgent matters, and by the others. */
export interface Room {
  urgent: number;
  ordinary: number;
}

/** What the channels allow at a moment. */
export interface Outlook {
  /** Channels with room. */
  rooms: Map<Channel, Room>;
  /** Channels at rest, and whose rows look for another way meanwhile; what finds none waits until the rest ends. */
  goRound: Map<Channel, 'urgent' | 'all'>;
}

/** A rest that ends before the next tick is not left to it. */
const SOON_MS = 2_000;

/** Room by the limit, by the calls open here and by the rest; a channel whose limit is reached is remembered for the end of the run. */
export function outlookOf(run: DrainRun, states: ReadonlyMap<Channel, ChannelState>): Outlook {
  const now = run.ctx.clock.now();
  const outlook: Outlook = { rooms: new Map(), goRound: new Map() };
  for (const [channel, state] of states) {
    if (state.restsUntil > now.getTime()) {
      outlook.goRound.set(channel, state.hard ? 'all' : 'urgent');
      if (state.restsUntil - now.getTime() < SOON_MS) run.atLimit.add(channel);
      continue;
    }
    const [byLimit, calls] = [openingsOf(state, run.policy.limits[channel], now), run.roomFor(channel)];
    if (Math.min(byLimit.ordinary, byLimit.urgent) <= 0) run.atLimit.add(channel);
    const room = { urgent: Math.min(byLimit.urgent, calls.urgent), ordinary: Math.min(byLimit.ordinary, calls.ordinary) };
    if (room.urgent > 0) outlook.rooms.set(channel, { urgent: room.urgent, ordinary: Math.max(0, room.ordinary) });
  }
  // What waits behind a channel that is configured no more would wait for ever.
  for (const channel of channels) if (!states.has(channel)) outlook.goRound.set(channel, 'all');
  return outlook;
}

/** Of rows that wait behind channels, in their order: those for which their channel has room. */
export function thatFit<Row extends { lane: string; waitsFor: Channel | null }>(rows: readonly Row[], rooms: ReadonlyMap<Channel, Room>): Row[] {
  const left = new Map([...rooms].map(([channel, room]) => [channel, { ...room }]));
  return rows.filter((row) => {
    const room = row.waitsFor === null ? undefined : left.get(row.waitsFor);
    if (!room || (row.lane === 'urgent' ? room.urgent : Math.min(room.ordinary, room.urgent)) <= 0) return false;
    room.urgent--;
    if (row.lane !== 'urgent') room.ordinary--;
    return true;
  });
}
