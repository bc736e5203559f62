import { Type } from '@sinclair/typebox';
import { callMeeting } from '../../meetings/call-meeting.js';
import { cancelMeeting } from '../../meetings/cancel-meeting.js';
import { getMeeting } from '../../meetings/find-meetings.js';
import { meetingKinds } from '../../meetings/meeting.model.js';
import { postponeMeeting } from '../../meetings/postpone-meeting.js';
import { meetingDetails, meetingDetailsSchema, meetingHead, meetingHeadSchema } from '../present-meeting.js';
import { readInstant } from '../read-instant.js';
import { API_ACTOR, read, write, type Api } from '../route.js';
import { closed, instant, oneOf, recordId, text } from '../schemas.js';

const tag = 'Lịch họp';
const params = Type.Object({ code: Type.String() });
const reason = text(1_000, 'Lý do, người dự đọc được');

const example = {
  title: 'Ứng phó mưa lớn, nguy cơ lũ quét',
  kind: 'urgent',
  startsAt: '2026-11-23T16:00:00+07:00',
  place: 'Phòng họp tầng 3, trụ sở UBND tỉnh',
  chair: 'Chủ tịch UBND tỉnh',
  attendeeIds: ['6740a1b2c3d4e5f60718293a'],
};
const movedTo = closed({ startsAt: instant, place: Type.Optional(text(500)), reason }, { examples: [{ startsAt: '2026-11-24T08:00:00+07:00', reason: 'Chủ trì đi kiểm tra hiện trường' }] });
const cancelled = closed({ reason }, { examples: [{ reason: 'Mưa đã ngớt' }] });

const newMeeting = closed({
  title: text(500, 'Nội dung họp'),
  kind: oneOf(meetingKinds, 'regular họp thường · urgent họp hỏa tốc'),
  startsAt: instant,
  place: text(500, 'Địa điểm'),
  chair: Type.Optional(text(200, 'Chủ trì')),
  attendeeIds: Type.Array(recordId, { minItems: 1, maxItems: 1_000, uniqueItems: true }),
}, { examples: [example] });

export function meetingRoutes(api: Api): void {
  write(api, '/meetings', {
    tag,
    summary: 'Triệu tập họp',
    description: 'Người dự được báo ngay; họp hỏa tốc thì nhắc lại đến khi có xác nhận. Lỗi: attendee-unknown, meeting-in-past, input-invalid.',
    body: newMeeting,
    answer: closed({ code: Type.String({ examples: ['HOP-2026-00031'] }) }),
    run: async (ctx, { body }) => ({ code: (await callMeeting(ctx, API_ACTOR, { ...body, startsAt: readInstant(body.startsAt, 'startsAt') })).code }),
  });
  read(api, '/meetings/:code', {
    tag,
    summary: 'Một cuộc họp, ai đã xác nhận và ai chưa',
    description: 'Mã dạng HOP-2026-00031. Lỗi: meeting-unknown.',
    params,
    answer: meetingDetailsSchema,
    run: async (ctx, { params }) => meetingDetails(ctx, (await getMeeting(ctx, API_ACTOR, params.code)).meeting),
  });
  write(api, '/meetings/:code/postpone', {
    tag,
    summary: 'Hoãn, đổi giờ hoặc đổi địa điểm',
    description: 'Mọi người được báo và phải xác nhận lại. Lỗi: meeting-unknown, meeting-over, meeting-in-past, input-invalid.',
    params,
    body: movedTo,
    status: 200,
    answer: meetingHeadSchema,
    run: async (ctx, { body, params }) => meetingHead(await postponeMeeting(ctx, API_ACTOR, { ...body, code: params.code, startsAt: readInstant(body.startsAt, 'startsAt') })),
  });
  write(api, '/meetings/:code/cancel', {
    tag,
    summary: 'Hủy họp',
    description: 'Người đã được báo nhận tin hủy. Lỗi: meeting-unknown, meeting-over, input-invalid.',
    params,
    body: cancelled,
    status: 200,
    answer: meetingHeadSchema,
    run: async (ctx, { body, params }) => meetingHead(await cancelMeeting(ctx, API_ACTOR, { code: params.code, reason: body.reason })),
  });
}
