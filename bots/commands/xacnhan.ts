import { acknowledgeTask } from '../../src/directives/acknowledge-task.js';
import { getTask } from '../../src/directives/find-tasks.js';
import { missingCode } from '../../src/texts/help-texts.js';
import { notInChat, sameNumber, taskAcknowledged } from '../../src/texts/progress-texts.js';
import type { Command } from './command.js';
import { meetingAnswer } from './meeting-answers.js';
import { ownCodes } from './own-codes.js';
import { readTaskRef } from './read-ref.js';
import { foldInPlace, tidy } from './tidy.js';
import { refOf, resolveRef } from './which-task.js';

const ofMeeting = meetingAnswer(['xacnhan'], 'received');
const NAMES_TASK = /^(?:nv|nhiem vu)/;

/** "Đã nhận", of an invitation ("/xacnhan HOP-31", "/danhan 31") or of a task ("/danhan NV-12", or under its message). */
export const xacnhan: Command = {
  names: ['xacnhan', 'danhan'],
  run: async (ctx, actor, args) => {
    const { text, replyTask } = args;
    const names = NAMES_TASK.test(foldInPlace(tidy(text)));
    if (!names && (text !== '' || !replyTask)) return ofMeeting.run(ctx, actor, args);
    const ref = names ? readTaskRef(text) : refOf(replyTask ?? '');
    if (!ref) return missingCode(`/danhan ${(await ownCodes(ctx, actor)).task ?? 'NV-12'}`);
    const found = await resolveRef(ctx, actor, ref);
    if ('several' in found) return sameNumber(found.several, 'danhan');
    if ((await getTask(ctx, actor, found.code)).secret) return notInChat();
    return taskAcknowledged(await acknowledgeTask(ctx, actor, found), ctx.clock.now());
  },
};
