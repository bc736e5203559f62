import { z } from 'zod';
import type { Ctx } from '../../src/context.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { confirmByPhone } from '../../src/meetings/confirm-by-phone.js';
import { meetingKinds, type Meeting } from '../../src/meetings/meeting.model.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { remindAttendee } from '../../src/meetings/remind-attendee.js';
import { orHeld } from '../held.js';
import { choice, id, optionalText, start, text, toStart } from './fields.js';
import { officeAction } from './office-action.js';

const meetingPage = (code: string) => `/admin/resources/Meeting/records/${code}/show`;

const isUrgent = ({ kind }: Pick<Meeting, 'kind'>): boolean => kind === 'urgent';

const callForm = z.object({
  title: text(500),
  kind: choice(meetingKinds),
  ...start,
  place: text(300),
  chair: optionalText(200),
  attendeeIds: z.array(id, 'cần chọn người dự').min(1, 'cần chọn ít nhất một người dự').max(500, 'tối đa 500 người'),
});

/** "Triệu tập họp". */
export const callMeetingAction = (ctx: Ctx) =>
  officeAction(ctx, callForm, async (ctx, actor, { startsOn, startsTime, chair, ...form }) => {
    const meeting = await callMeeting(ctx, actor, { ...form, startsAt: toStart({ startsOn, startsTime }), ...(chair ? { chair } : {}) });
    return { message: await orHeld(ctx, { sent: `Đã triệu tập cuộc họp ${meeting.code}.`, noted: `Đã triệu tập cuộc họp ${meeting.code}`, urgent: isUrgent(meeting) }), redirectUrl: meetingPage(meeting.code) };
  });

/** "Hoãn họp": a new time, and a new place if given. */
export const postponeMeetingAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ ...start, place: optionalText(300), reason: text(500) }), async (ctx, actor, { startsOn, startsTime, place, reason }, code) => {
    const meeting = await postponeMeeting(ctx, actor, { code, startsAt: toStart({ startsOn, startsTime }), reason, ...(place ? { place } : {}) });
    return { message: await orHeld(ctx, { sent: `Đã hoãn cuộc họp ${code} và báo người dự.`, noted: `Đã hoãn cuộc họp ${code}`, urgent: isUrgent(meeting) }), redirectUrl: meetingPage(code) };
  });

/** "Hủy họp". */
export const cancelMeetingAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ reason: text(500) }), async (ctx, actor, { reason }, code) => {
    const meeting = await cancelMeeting(ctx, actor, { code, reason });
    return { message: await orHeld(ctx, { sent: `Đã hủy cuộc họp ${code} và báo người dự.`, noted: `Đã hủy cuộc họp ${code}`, urgent: isUrgent(meeting) }), redirectUrl: meetingPage(code) };
  });

/** "Đã xác nhận qua điện thoại", of one person invited. */
export const phoneConfirmAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ personId: id, answer: choice(['received', 'attending', 'absent']), note: optionalText(500) }), async (ctx, actor, { personId, answer, note }, code) => {
    await confirmByPhone(ctx, actor, { code, personId, answer, ...(note ? { note } : {}) });
    return { message: 'Đã ghi xác nhận qua điện thoại.' };
  });

/** "Nhắc lại" to one person invited. */
export const remindAttendeeAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ personId: id }), async (ctx, actor, { personId }, code) => {
    const meeting = await remindAttendee(ctx, actor, { code, personId });
    return { message: await orHeld(ctx, { sent: 'Đang gửi lời nhắc.', noted: 'Đã ghi lời nhắc', urgent: isUrgent(meeting) }) };
  });
