import { yearOf } from '../../src/kernel/local-date.js';
import { actsFor } from '../../src/directives/acts-for.js';
import { numbered } from '../../src/kernel/ids.js';
import { comingSeats, seatsOf } from '../../src/meetings/seats-at.js';
import { comingMeetings, meetingDetails } from '../../src/texts/answer-texts.js';
import type { Command } from './command.js';
import { readMeetingRef } from './read-ref.js';

/** "/hop": the meetings somebody is invited to, or has to see to for somebody away, soonest first; "/hop HOP-31": one of them in full. */
export const hop: Command = {
  names: ['hop', 'lichhop'],
  run: async (ctx, actor, { text }) => {
    const now = ctx.clock.now();
    const absent = await actsFor(ctx, actor);
    const read = text ? readMeetingRef(text) : undefined;
    if (!read) return comingMeetings(await comingSeats(ctx, actor, absent), now);
    return meetingDetails(await seatsOf(ctx, actor, { code: numbered('HOP', read.ref.year ?? yearOf(now), read.ref.number), absent }), now);
  },
};
