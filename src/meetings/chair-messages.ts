import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import { IN_DIGEST, mayHaveArrived } from '../delivery/delivery-states.js';
import type { Rendered, Renderers } from '../delivery/renderer.js';
import { chairNoMore, chairWords, meetingChair } from '../texts/meeting-texts.js';
import type { Meeting } from './meeting.model.js';
import { actedFor, attendeeOf, IN_THE_AIR_MS, invitedOf, isCalledIn, isOfFormerPlace, outdated, presides, saying, whose, type Reader, toReader } from './meeting-reader.js';
import { lastTold, tellingKinds } from './was-told.js';

/** Messages about one meeting to one reader; there are a few. */
const OF_ONE_MEETING = 500;
/** All that names who presides. */
const namingKinds = [...tellingKinds, 'meeting-chair', 'meeting-list'] as const;

/**
 * Another presides: to everybody who was told of the meeting with another name in it. Not where what reached them last says the
 * new one already: of several changes, or of one taken back, each reader hears once how it ended, or nothing.
 */
const chair = toReader(async (ctx, { meeting, reader, delivery }) => {
  const why = outdated(ctx, meeting, delivery) ?? (await placeless(ctx, meeting, { delivery, reader }));
  if (why) return { suppress: why };
  const { told } = await lastTold(ctx, { meetingCode: meeting.code, ...whose(delivery) });
  const heard = await lastNaming(ctx, meeting, delivery);
  if (told === 'in-the-air' || heard === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  // An invitation that is still to come names the new one.
  if (told === 'no' && delivery.data['knew'] !== true) return { suppress: 'never-told' };
  if (says(heard.text, meeting)) return { suppress: 'superseded' };
  return saying(meeting, reader, meetingChair(meeting, { reader, before: namedIn(heard.text) }, ctx.clock.now()));
});

/**
 * The first invitation to whoever presided and does not any more: they know themselves as the one who presides. Null: an
 * invitation like any other, since nothing told them so, or what reached them last names the new one.
 */
export async function presidesNoMore(ctx: Ctx, meeting: Meeting, { delivery, reader }: { delivery: Delivery; reader: Reader }): Promise<Rendered | null> {
  const former = attendeeOf(meeting, delivery.personId)?.wasChair && delivery.data['again'] !== true;
  if (!former || !reader.person || presides(meeting, delivery.personId)) return null;
  const { told } = await lastTold(ctx, { meetingCode: meeting.code, ...whose(delivery), except: delivery._id });
  const heard = await lastNaming(ctx, meeting, delivery);
  if (told === 'in-the-air' || heard === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  if (told === 'no' || says(heard.text, meeting)) return null;
  const reason = meeting.history.findLast(({ toChair }) => toChair !== undefined)?.reason ?? '';
  return saying(meeting, reader, chairNoMore(meeting, { reader: reader.person, reason, place: actedFor(delivery) }, ctx.clock.now()));
}

async function placeless(ctx: Ctx, meeting: Meeting, { delivery, reader }: { delivery: Delivery; reader: Reader }): Promise<string | null> {
  if (!reader.person) return (await invitedOf(ctx, meeting, reader)).length > 0 ? null : 'not-invited';
  const attendee = attendeeOf(meeting, delivery.personId);
  if (!attendee) return isCalledIn(meeting, delivery) ? null : 'not-invited';
  return isOfFormerPlace(attendee, delivery) ? 'invited-again' : null;
}

type Row = Pick<Delivery, '_id' | 'kind' | 'state' | 'attempts' | 'reason' | 'digestKey' | 'text' | 'createdAt'>;

/** The words that reached this reader last of all that name who presides; '' where nothing did. "in-the-air": an earlier notice of a chair is in somebody's hand. */
async function lastNaming(ctx: Ctx, { code: meetingCode }: Meeting, delivery: Delivery): Promise<{ text: string } | 'in-the-air'> {
  const { personId, agencyCode } = whose(delivery) as { personId: unknown; agencyCode?: string };
  const rows = await ctx.db.Delivery.find(
    { meetingCode, ...(agencyCode ? { 'data.agencyCode': agencyCode } : { personId: personId as never }), kind: { $in: [...namingKinds] }, _id: { $ne: delivery._id } },
    { kind: 1, state: 1, attempts: 1, reason: 1, digestKey: 1, text: 1, createdAt: 1 },
  ).sort({ _id: -1 }).limit(OF_ONE_MEETING).lean<Row[]>();
  // Only for earlier ones, or two would wait for each other.
  if (rows.some(({ _id, kind, state }) => kind === 'meeting-chair' && (state === 'claimed' || state === 'sending') && String(_id) < String(delivery._id))) return 'in-the-air';
  const last = rows.filter(mayHaveArrived).reverse().sort((a, b) => leftAt(a) - leftAt(b)).at(-1);
  if (last?.reason !== IN_DIGEST || !last.digestKey) return { text: last?.text ?? '' };
  const digest = await ctx.db.Delivery.findOne({ key: last.digestKey }, { text: 1 }).lean<Pick<Delivery, 'text'>>();
  return { text: digest?.text?.split('\n').filter((line) => line.includes(meetingCode)).join('\n') ?? '' };
}

const leftAt = ({ attempts, createdAt }: Row): number => (attempts.at(-1)?.at ?? createdAt).getTime();

/** Does that name who presides now? Of words that were not kept nobody knows. */
const says = (text: string, { chair }: Meeting): boolean => (chair ? text.includes(chairWords(chair)) : text !== '' && !text.includes(chairWords('')));

/** Whom it names, for "trước là …"; '' where that cannot be told. */
const namedIn = (text: string): string => new RegExp(`${chairWords('')}(.*)\\.$`, 'm').exec(text)?.[1] ?? '';

/** What is said where another presides. */
export const chairRenderers: Renderers = { 'meeting-chair': chair };
