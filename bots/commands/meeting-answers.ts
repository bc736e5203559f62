import { yearOf } from '../../src/kernel/local-date.js';
import type { Ctx } from '../../src/context.js';
import { numbered } from '../../src/kernel/ids.js';
import { answerMeeting, type Answered } from '../../src/meetings/answer-meeting.js';
import type { Actor } from '../../src/people/actor.js';
import type { ChatLink } from '../../src/people/links/chat-link.model.js';
import { setAwaiting } from '../../src/people/links/who-is.js';
import { meetingAnswered, meetingForWhom, type AnsweredFor, type MeetingAnswer } from '../../src/texts/answer-texts.js';
import { missingCode } from '../../src/texts/help-texts.js';
import type { Message } from '../../src/texts/message.js';
import { noMeetingToAnswer } from '../../src/texts/chat-texts.js';
import { takeWords } from '../kept-words.js';
import { askWhichMeeting } from '../which-meeting.js';
import { AWAITING_MS, type Command } from './command.js';
import type { Coming } from './coming-words.js';
import { ownCodes } from './own-codes.js';
import { readMeetingRef } from './read-ref.js';

/** Behind the code: whom it is said for, as our buttons write it. */
const PLACE = /^@([0-9a-f]{24})(?![\p{L}\d])[\s,;:.-]*/iu;

/**
 * "/xacnhan HOP-31", "/thamdu HOP-31", "/vang HOP-31 lý do": one answer to an invitation, typed or tapped. It is said for the
 * attendee behind the code, else for the one whose invitation was tapped or replied to, else see `targetOf`.
 */
export const meetingAnswer = (names: [string, ...string[]], answer: MeetingAnswer): Command => ({
  names,
  run: async (ctx, actor, { text: typed, link, replyPlace }) => {
    const { text, words = '' } = await takeWords(ctx, link, typed);
    const read = readMeetingRef(text);
    if (!read) return whichOne(ctx, actor, { link, coming: { says: answer === 'received' ? 'either' : answer, note: text }, name: names[0] });
    const code = numbered('HOP', read.ref.year ?? yearOf(ctx.clock.now()), read.ref.number);
    const named = PLACE.exec(read.rest);
    const note = (named ? read.rest.slice(named[0].length) : read.rest) || words;
    const place = named?.[1]?.toLowerCase() ?? (replyPlace?.meetingCode === code ? replyPlace.place : undefined);
    const answered = await answerMeeting(ctx, actor, { code, answer, ...(note ? { note } : {}), ...(place ? { place } : {}) });
    const whom = await whomOf(ctx, actor, answered);
    if (answered.places.length === 0) return meetingForWhom(code, answer, { people: whom.open, note });
    const wantsReason = answer === 'absent' && note === '' && link !== null;
    const [only] = answered.places;
    if (wantsReason) await setAwaiting(ctx, link, { kind: 'absence', meetingCode: code, ...(only ? { place: only } : {}), until: new Date(ctx.clock.now().getTime() + AWAITING_MS) });
    else if (link?.awaiting?.kind === 'absence') await setAwaiting(ctx, link, null);
    return meetingAnswered(answered.meeting, answer, { note, now: ctx.clock.now(), wantsReason, whom, stands: ownAnswer(answered, actor) });
  },
});

/** No meeting was named: the writer's own ones, with the words behind the command kept. */
async function whichOne(ctx: Ctx, actor: Actor, { link, coming, name }: { link: ChatLink | null; coming: Coming; name: string }): Promise<Message> {
  const asked = link && (await askWhichMeeting(ctx, actor, { link, coming }));
  if (asked) return asked;
  const { meeting } = await ownCodes(ctx, actor);
  return meeting ? missingCode(`/${name} ${meeting}`) : noMeetingToAnswer();
}

/** What stands for the writer's own place. */
const ownAnswer = ({ meeting }: Answered, actor: Actor) => meeting.attendees.find(({ personId }) => 'personId' in actor && String(personId) === actor.personId)?.answer ?? null;

/** The names behind an answer; asked only where somebody else's place is concerned. */
async function whomOf(ctx: Ctx, actor: Actor, { places, open }: Answered): Promise<AnsweredFor> {
  const personId = 'personId' in actor ? actor.personId : null;
  const others = places.filter((id) => id !== personId);
  const ids = [...others, ...open];
  const people = ids.length > 0 ? await ctx.db.Person.find({ _id: { $in: [...ids, personId] } }, { name: 1 }).lean() : [];
  const names = new Map(people.map(({ _id, name }) => [String(_id), name]));
  const named = (one: readonly string[]) => one.map((id) => ({ id, name: names.get(id) ?? '' }));
  return { by: names.get(personId ?? '') ?? '', own: others.length < places.length, others: named(others), open: named(open) };
}
