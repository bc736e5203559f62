import { meetingAnswer } from './meeting-answers.js';

/** "Tham dự" */
export const thamdu = meetingAnswer(['thamdu'], 'attending');
