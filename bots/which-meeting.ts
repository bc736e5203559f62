import type { Ctx } from '../src/context.js';
import { actsFor } from '../src/directives/acts-for.js';
import type { Attendee } from '../src/meetings/meeting.model.js';
import { comingSeats, type Seats } from '../src/meetings/seats-at.js';
import type { Actor } from '../src/people/actor.js';
import type { ChatLink } from '../src/people/links/chat-link.model.js';
import { whichMeeting, whichOfMeetings } from '../src/texts/chat-texts.js';
import type { Message } from '../src/texts/message.js';
import type { Coming } from './commands/coming-words.js';
import { keepWords } from './kept-words.js';
import { lastShown } from './last-shown.js';

/** A mind is changed about the answer given so shortly before, or a question of ours answered. */
const RECENT_MS = 30 * 60_000;

/**
 * Words about coming that name no meeting: the one just looked at or the only one that can be meant with its buttons, or all that can be. Undefined: the
 * reader is invited to nothing. Nothing is written here.
 */
export async function askWhichMeeting(ctx: Ctx, actor: Actor, { link, coming }: { link: ChatLink | null; coming: Coming }): Promise<Message | undefined> {
  const now = ctx.clock.now();
  const seats = await comingSeats(ctx, actor, await actsFor(ctx, actor));
  const shown = link && (await lastShown(ctx, link, new Date(now.getTime() - RECENT_MS)))?.meetingCode;
  const looked = seats.find(({ meeting }) => meeting.code === shown);
  const meetings = (looked ? [looked] : likely(seats, now)).map(({ meeting }) => meeting);
  const [only, another] = meetings;
  if (!only) return undefined;
  const kept = link && coming.note !== '' && coming.says !== 'either' ? { words: coming.note, token: await keepWords(ctx, link, coming.note), on: coming.says } : undefined;
  return another ? whichOfMeetings(meetings, coming.says, { now, kept }) : whichMeeting(only, now, kept);
}

/** The meeting whose invitation this person confirmed a moment ago without saying whether they come; we asked. */
export async function askedJustNow(ctx: Ctx, actor: Actor): Promise<boolean> {
  const since = ctx.clock.now().getTime() - RECENT_MS;
  return (await comingSeats(ctx, actor, [])).some(({ own }) => own?.answer === null && (own.acknowledgedAt?.getTime() ?? 0) > since);
}

/** Those without an answer and those answered just now, urgent ones first; else all. */
function likely(all: readonly Seats[], now: Date): Seats[] {
  const places = ({ own, others }: Seats): Attendee[] => [...(own ? [own] : []), ...others.map(({ attendee }) => attendee)];
  const recent = ({ answer, answeredAt }: Attendee): boolean => answer === null || now.getTime() - (answeredAt?.getTime() ?? 0) < RECENT_MS;
  const first = all.filter((seats) => places(seats).some(recent));
  const chosen = first.length > 0 ? first : all.filter((seats) => places(seats).length > 0);
  const rank = ({ meeting }: Seats): number => (meeting.kind === 'urgent' ? 0 : 1);
  return [...chosen].sort((a, b) => rank(a) - rank(b));
}
