import { z } from 'zod';
import type { Ctx } from '../../src/context.js';
import { changeAttendees } from '../../src/meetings/change-attendees.js';
import { findMeeting } from '../../src/meetings/change-meeting.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { confirmByPhone } from '../../src/meetings/confirm-by-phone.js';
import { meetingKinds, type Meeting } from '../../src/meetings/meeting.model.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { remindAttendee } from '../../src/meetings/remind-attendee.js';
import { orHeld } from '../held.js';
import { choice, id, optionalId, optionalText, start, text, tick, toStart } from './fields.js';
import { officeAction } from './office-action.js';

const meetingPage = (code: string) => `/admin/resources/Meeting/records/${code}/show`;

const isUrgent = ({ kind }: Pick<Meeting, 'kind'>): boolean => kind === 'urgent';

const attendeeIds = z.array(id, 'cần chọn người dự').min(1, 'cần chọn ít nhất một người dự').max(500, 'tối đa 500 người');
/** Somebody of the house by id, or words; these only where it was ticked that nobody is invited by them. */
const chairFields = { chair: optionalText(200), chairId: optionalId, chairInWords: tick };

function mustBeMeant({ chair, chairId, chairInWords }: { chair?: string | undefined; chairId?: string | undefined; chairInWords: boolean }, context: z.RefinementCtx): void {
  if (chair && !chairId && !chairInWords) context.addIssue({ code: 'custom', path: ['chair'], message: 'cần chọn tên trong danh sách, hoặc đánh dấu chỉ ghi bằng lời, không gửi giấy mời' });
}
/** What the form was opened on. */
const edition = z.number('Đề nghị tải lại trang').int().optional();
/** Where forms show what the use case calls otherwise. */
const shownAt = { startsAt: 'startsOn', add: 'attendeeIds', remove: 'attendeeIds' };

const callForm = z.object({
  title: text(500),
  kind: choice(meetingKinds),
  ...start,
  place: text(300),
  ...chairFields,
  attendeeIds,
  acceptDayOff: tick,
}).superRefine(mustBeMeant);

/** "Triệu tập họp". */
export const callMeetingAction = (ctx: Ctx) =>
  officeAction(ctx, callForm, async (ctx, actor, { startsOn, startsTime, chair, chairId, chairInWords: _said, acceptDayOff, ...form }) => {
    const meeting = await callMeeting(ctx, actor, { ...form, startsAt: toStart({ startsOn, startsTime }), askIfDayOff: !acceptDayOff, ...(chair ? { chair } : {}), ...(chairId ? { chairId } : {}) });
    return { message: await orHeld(ctx, { sent: `Đã triệu tập cuộc họp ${meeting.code}.`, noted: `Đã triệu tập cuộc họp ${meeting.code}`, urgent: isUrgent(meeting) }), redirectUrl: meetingPage(meeting.code) };
  }, shownAt);

/** "Đổi giờ, địa điểm": a new time, a new place, or both. */
export const postponeMeetingAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ ...start, place: optionalText(300), reason: text(500), edition, acceptDayOff: tick }), async (ctx, actor, { startsOn, startsTime, place, reason, edition, acceptDayOff }, code) => {
    const meeting = await postponeMeeting(ctx, actor, { code, startsAt: toStart({ startsOn, startsTime }), reason, askIfDayOff: !acceptDayOff, ...(place ? { place } : {}), ...(edition ? { edition } : {}) });
    const done = meeting.history.findLast(({ cause }) => cause === ctx.cause)?.action === 'relocated' ? `Đã đổi địa điểm cuộc họp ${code}` : `Đã đổi lịch cuộc họp ${code}`;
    return { message: await orHeld(ctx, { sent: `${done} và báo người dự.`, noted: done, urgent: isUrgent(meeting) }), redirectUrl: meetingPage(code) };
  }, shownAt);

/** "Thành phần": the whole list as it is to be, and who presides. */
export const changePeopleAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ attendeeIds, ...chairFields, reason: optionalText(500), edition }).superRefine(mustBeMeant), async (ctx, actor, { attendeeIds, chair = '', chairId, reason, edition }, code) => {
    const { attendees } = await findMeeting(ctx, code);
    const listed = attendees.map(({ personId }) => String(personId));
    const input = { code, add: attendeeIds.filter((one) => !listed.includes(one)), remove: listed.filter((one) => !attendeeIds.includes(one) && one !== chairId), chair, chairId: chairId ?? null };
    const meeting = await changeAttendees(ctx, actor, { ...input, ...(reason ? { reason } : {}), ...(edition ? { edition } : {}) });
    const done = `Đã thay đổi thành phần cuộc họp ${code}`;
    return { message: await orHeld(ctx, { sent: `${done} và báo những người liên quan.`, noted: done, urgent: isUrgent(meeting) }), redirectUrl: meetingPage(code) };
  }, shownAt);

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
