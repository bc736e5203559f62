import { Type, type Static } from '@sinclair/typebox';
import type { Ctx } from '../context.js';
import { answersOf, type GivenAnswer } from '../meetings/answers-of.js';
import { editionOf } from '../meetings/change-meeting.js';
import { attendeeAnswers, meetingKinds, meetingStatuses, type Meeting } from '../meetings/meeting.model.js';
import type { Person } from '../people/person.model.js';
import { agencyCode, closed, oneOf, orNull, recordId, time } from './schemas.js';

const head = {
  code: Type.String({ examples: ['HOP-2026-00031'] }),
  title: Type.String(),
  kind: oneOf(meetingKinds),
  startsAt: time,
  place: Type.String(),
  chair: Type.String(),
  status: oneOf(meetingStatuses, 'called đã triệu tập · postponed đã đổi giờ · cancelled đã hủy'),
  version: Type.Integer({ description: 'Tăng khi đổi giờ, địa điểm hoặc hủy' }),
  edition: Type.Integer({ description: 'Tăng mỗi lần Văn phòng thay đổi cuộc họp, kể cả thành phần; gửi kèm khi thay đổi để không ghi đè người khác' }),
  chairId: orNull(recordId),
};

const attendee = closed({
  personId: recordId,
  name: Type.String(),
  position: Type.String(),
  agencyCode: orNull(agencyCode),
  told: Type.Boolean({ description: 'Đã được báo theo nội dung mới nhất' }),
  acknowledged: Type.Boolean({ description: 'Đã bấm Đã nhận, hoặc đã trả lời' }),
  acknowledgedAt: orNull(time),
  answer: orNull(oneOf(attendeeAnswers, 'attending tham dự · absent vắng')),
  answerNote: Type.String(),
  answeredAt: orNull(time),
  via: orNull(Type.String()),
  answers: Type.Array(closed({ at: time, answer: Type.String({ description: 'received đã nhận · attending tham dự · absent vắng' }), note: Type.String(), via: Type.String(), by: Type.String({ description: 'Ai trả lời; qua điện thoại thì là người của Văn phòng ghi' }), counts: Type.Boolean({ description: 'Lần trả lời đang được tính' }) }), { description: 'Mọi lần trả lời, cũ trước mới sau' }),
});

export const meetingHeadSchema = closed(head);
export const meetingDetailsSchema = closed({ ...head, attendees: Type.Array(attendee) });

/** What a meeting is, when and where. */
export const meetingHead = (meeting: Meeting): Static<typeof meetingHeadSchema> => ({
  code: meeting.code,
  title: meeting.title,
  kind: meeting.kind,
  startsAt: meeting.startsAt.toISOString(),
  place: meeting.place,
  chair: meeting.chair,
  status: meeting.status,
  version: meeting.version,
  edition: editionOf(meeting),
  chairId: meeting.chairId?.toString() ?? null,
});

/** The same with everyone invited and what each has said, in the order of the invitation. */
export async function meetingDetails(ctx: Ctx, meeting: Meeting): Promise<Static<typeof meetingDetailsSchema>> {
  const people = await ctx.db.Person.find({ _id: { $in: meeting.attendees.map((a) => a.personId) } }).lean<Person[]>();
  const byId = new Map(people.map((person) => [person._id.toString(), person]));
  const answers = new Map<string, GivenAnswer[]>();
  for (const given of answersOf(meeting)) answers.set(given.personId, [...(answers.get(given.personId) ?? []), given]);
  const attendees = meeting.attendees.map((a) => {
    const person = byId.get(a.personId.toString());
    return {
      personId: a.personId.toString(),
      name: person?.name ?? '',
      position: person?.position ?? '',
      agencyCode: person?.agencyCode ?? null,
      told: a.toldVersion === meeting.version,
      acknowledged: a.acknowledgedAt !== null,
      acknowledgedAt: a.acknowledgedAt?.toISOString() ?? null,
      answer: a.answer,
      answerNote: a.answerNote,
      answeredAt: a.answeredAt?.toISOString() ?? null,
      via: a.via,
      answers: (answers.get(a.personId.toString()) ?? []).map(({ at, answer, note, by, counts }) => ({ at: at.toISOString(), answer, note, via: by.channel, by: by.name, counts })),
    };
  });
  return { ...meetingHead(meeting), attendees };
}
