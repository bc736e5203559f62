import { loadCalendar } from '../../calendar/load-calendar.js';
import type { Ctx } from '../../context.js';
import type { Delivery } from '../../delivery/delivery.model.js';
import type { Task } from '../../directives/task.model.js';
import type { Meeting } from '../../meetings/meeting.model.js';
import type { Person } from '../../people/person.model.js';
import { meetingParams, taskParams, type TemplateParams } from '../../texts/template-params.js';
import { cardText, templateIdOf } from '../demo-templates.js';

/** Where template messages reached the owner of a number: by the number, or by their chat with the Official Account. */
export async function zbsAddresses(ctx: Ctx, phone: string): Promise<string[]> {
  const owners = await ctx.db.Person.find({ phone }, { _id: 1 }).lean<Pick<Person, '_id'>[]>();
  const chats = await ctx.db.ChatLink.find({ channel: 'zalo', personId: { $in: owners.map(({ _id }) => _id) } }, { chatId: 1 }).lean();
  return [phone, ...chats.map(({ chatId }) => `uid:${chatId}`)];
}

/** The words of a template message from before the opening, and which approved template it was. */
export async function pastCard(ctx: Ctx, delivery: Delivery): Promise<{ text: string; note: string } | null> {
  const templateId = templateIdOf(delivery.kind);
  const data = templateId ? await piecesOf(ctx, delivery) : null;
  return templateId && data ? { text: cardText({ templateId, data }), note: `Mẫu tin đã duyệt số ${templateId}` } : null;
}

async function piecesOf(ctx: Ctx, { personId, taskCode, meetingCode, acceptedAt, createdAt }: Delivery): Promise<TemplateParams | null> {
  const person = await ctx.db.Person.findById(personId).lean<Person>();
  if (!person) return null;
  const task = taskCode ? await ctx.db.Task.findOne({ code: taskCode }).lean<Task>() : null;
  if (task) return taskParams(task, person, { now: acceptedAt ?? createdAt, calendar: await loadCalendar(ctx) });
  const meeting = meetingCode ? await ctx.db.Meeting.findOne({ code: meetingCode }).lean<Meeting>() : null;
  return meeting && meetingParams(meeting, person);
}
