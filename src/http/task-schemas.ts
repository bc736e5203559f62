import { Type } from '@sinclair/typebox';
import { urgencies } from '../directives/directive.model.js';
import { stages } from '../directives/task.model.js';
import { timeTags } from '../directives/time-tag.js';
import { agencyCode, closed, day, oneOf, orNull, recordId, time } from './schemas.js';

const line = {
  code: Type.String({ examples: ['NV-2026-00012'] }),
  directive: closed({ id: recordId, symbol: Type.String(), kind: Type.String(), issuedOn: Type.String(), summary: Type.String() }),
  content: Type.String(),
  urgency: oneOf(urgencies),
  secret: Type.Boolean(),
  leadAgencyCode: agencyCode,
  coordinatingAgencyCodes: Type.Array(agencyCode),
  officerId: orNull(recordId),
  monitorId: orNull(recordId),
  leaderId: orNull(recordId),
  dueOn: orNull(day),
  dueAt: orNull(time),
  originalDueOn: orNull(day),
  originalDueAt: orNull(time),
  stage: oneOf(stages, 'Trạng thái xử lý'),
  timeTag: oneOf(timeTags, 'on-track trong hạn · due-soon sắp đến hạn · overdue quá hạn · no-deadline không hạn · on-time hoàn thành đúng hạn · late hoàn thành trễ · paused tạm dừng'),
  percent: Type.Number(),
  assignedAt: time,
  completedAt: orNull(time),
};

/** A task in a list. */
export const taskLineSchema = closed(line);

/** A task with all that was said about it. */
export const taskDetailsSchema = closed({
  ...line,
  progress: Type.Array(
    closed({ percent: Type.Number(), note: Type.String(), author: Type.String(), authorId: orNull(recordId), channel: Type.String({ description: 'telegram, zalo, web, api, system' }), at: time }),
    { description: 'Cũ trước, mới sau' },
  ),
  extensions: Type.Array(closed({ fromDueAt: orNull(time), toDueAt: time, toDueOn: Type.String(), reason: Type.String(), author: Type.String(), at: time })),
  nextReminder: orNull(closed({ at: time, slot: orNull(Type.String()) })),
});
