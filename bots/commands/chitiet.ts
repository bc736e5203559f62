import { loadCalendar } from '../../src/calendar/load-calendar.js';
import { taskDetails } from '../../src/directives/task-details.js';
import { isClosed, mayConcern } from '../../src/directives/task-rights.js';
import { timeTag } from '../../src/directives/time-tag.js';
import { missingCode } from '../../src/texts/help-texts.js';
import { notInChat, sameNumber } from '../../src/texts/progress-texts.js';
import { taskDetailsText } from '../../src/texts/task-list-texts.js';
import type { Command } from './command.js';
import { ownCodes } from './own-codes.js';
import { readTaskRef } from './read-ref.js';
import { refOf, resolveRef } from './which-task.js';

/** "/chitiet NV-12", or as an answer to a message about a task. */
export const chitiet: Command = {
  names: ['chitiet', 'ct', 'xem'],
  run: async (ctx, actor, { text, replyTask }) => {
    const ref = text ? readTaskRef(text) : replyTask ? refOf(replyTask) : undefined;
    if (!ref) return missingCode(`/chitiet ${(await ownCodes(ctx, actor)).task ?? 'NV-12'}`);
    const found = await resolveRef(ctx, actor, ref);
    if ('several' in found) return sameNumber(found.several);
    const details = await taskDetails(ctx, actor, found.code);
    if (details.task.secret) return notInChat();
    const moment = { now: ctx.clock.now(), calendar: await loadCalendar(ctx) };
    const mayReport = !isClosed(details.task) && (await mayConcern(ctx, actor, 'task.report', details.task));
    return taskDetailsText(details, timeTag(details.task, moment.now, moment.calendar), moment, mayReport);
  },
};
