import { numbered } from '../../src/kernel/ids.js';
import { answerMeeting } from '../../src/meetings/answer-meeting.js';
import { meetingAnswered, type MeetingAnswer } from '../../src/texts/answer-texts.js';
import { missingCode } from '../../src/texts/help-texts.js';
import { setAwaiting } from '../../src/people/links/who-is.js';
import { AWAITING_MS, type Command } from './command.js';
import { readMeetingRef } from './read-ref.js';
import { yearOf } from './which-task.js';

/** "/xacnhan HOP-31", "/thamdu HOP-31", "/vang HOP-31 lý do": one answer to an invitation, typed or tapped. */
export const meetingAnswer = (names: [string, ...string[]], answer: MeetingAnswer): Command => ({
  names,
  run: async (ctx, actor, { text, link }) => {
    const read = readMeetingRef(text);
    if (!read) return missingCode(`/${names[0]} HOP-31`);
    const code = numbered('HOP', read.ref.year ?? yearOf(ctx.clock.now()), read.ref.number);
    const meeting = await answerMeeting(ctx, actor, { code, answer, ...(read.rest ? { note: read.rest } : {}) });
    const wantsReason = answer === 'absent' && read.rest === '' && link !== null;
    if (wantsReason) await setAwaiting(ctx, link, { kind: 'absence', meetingCode: code, until: new Date(ctx.clock.now().getTime() + AWAITING_MS) });
    else if (link?.awaiting?.kind === 'absence') await setAwaiting(ctx, link, null);
    return meetingAnswered(meeting, answer, { note: read.rest, wantsReason });
  },
});
