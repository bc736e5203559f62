import { comingMeetingsOf, getMeeting } from '../../src/meetings/find-meetings.js';
import { numbered } from '../../src/kernel/ids.js';
import { comingMeetings, meetingDetails } from '../../src/texts/answer-texts.js';
import type { Command } from './command.js';
import { readMeetingRef } from './read-ref.js';
import { yearOf } from './which-task.js';

/** "/hop": the meetings somebody is invited to, soonest first; "/hop HOP-31": one of them. */
export const hop: Command = {
  names: ['hop', 'lichhop'],
  run: async (ctx, actor, { text }) => {
    const now = ctx.clock.now();
    const personId = 'personId' in actor ? actor.personId : null;
    const read = text ? readMeetingRef(text) : undefined;
    if (!read) return comingMeetings(await comingMeetingsOf(ctx, actor), personId, now);
    const code = numbered('HOP', read.ref.year ?? yearOf(now), read.ref.number);
    return meetingDetails((await getMeeting(ctx, actor, code)).meeting, personId, now);
  },
};
