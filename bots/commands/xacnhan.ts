import { meetingAnswer } from './meeting-answers.js';

/** "Đã nhận": the alert has reached its reader. */
export const xacnhan = meetingAnswer(['xacnhan', 'danhan'], 'received');
