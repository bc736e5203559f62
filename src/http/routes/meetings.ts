import { Type } from '@sinclair/typebox';
import { changeAttendees } from '../../meetings/change-attendees.js';
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
const edition = Type.Optional(Type.Integer({ minimum: 1, description: 'Lần thay đổi đã xem (edition của cuộc họp); khác hiện nay thì trả lời changed-meanwhile và không ghi gì' }));
const movedTo = closed({ startsAt: Type.Optional(instant), place: Type.Optional(text(500)), reason, edition }, { examples: [{ startsAt: '2026-11-24T08:00:00+07:00', reason: 'Chủ trì đi kiểm tra hiện trường' }] });
const attendees = Type.Array(recordId, { maxItems: 1_000, uniqueItems: true });
const chair = Type.Optional(text(200, 'Chủ trì, ghi bằng lời'));
const chairId = Type.Optional(Type.String({ pattern: '^[0-9a-f]{24}$', description: 'Chủ trì là người trong danh mục: được mời như mọi người dự, tin mời ghi mời chủ trì' }));
const people = closed({ add: Type.Optional(attendees), remove: Type.Optional(attendees), chair, chairId, reason: Type.Optional(reason), edition }, { examples: [{ add: ['6740a1b2c3d4e5f60718293a'], remove: ['6740a1b2c3d4e5f60718293b'], reason: 'Thu gọn thành phần' }] });
const cancelled = closed({ reason }, { examples: [{ reason: 'Mưa đã ngớt' }] });

const newMeeting = closed({
  title: text(500, 'Nội dung họp'),
  kind: oneOf(meetingKinds, 'regular họp thường · urgent họp hỏa tốc'),
  startsAt: instant,
  place: text(500, 'Địa điểm'),
  chair,
  chairId,
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
    description: 'Cần startsAt, place hoặc cả hai. Mọi người được báo nội dung cũ và mới, và phải xác nhận lại; chỉ đổi địa điểm thì không ghi là hoãn. Lỗi: meeting-unknown, meeting-over, meeting-in-past, input-invalid, changed-meanwhile.',
    params,
    body: movedTo,
    status: 200,
    answer: meetingHeadSchema,
    run: async (ctx, { body: { startsAt, ...body }, params }) => meetingHead(await postponeMeeting(ctx, API_ACTOR, { ...body, code: params.code, ...(startsAt ? { startsAt: readInstant(startsAt, 'startsAt') } : {}) })),
  });
  write(api, '/meetings/:code/attendees', {
    tag,
    summary: 'Thêm, bớt người dự, đổi người chủ trì',
    description: 'Người được thêm nhận giấy mời ngay; người bị bớt không nhận thêm tin nào, ai đã được mời thì được báo một lần là không phải dự. Lỗi: meeting-unknown, meeting-over, attendee-unknown, input-invalid, changed-meanwhile.',
    params,
    body: people,
    status: 200,
    answer: meetingDetailsSchema,
    run: async (ctx, { body, params }) => meetingDetails(ctx, await changeAttendees(ctx, API_ACTOR, { ...body, code: params.code })),
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
