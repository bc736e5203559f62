import { meetingAnswer } from './meeting-answers.js';

/** "Vắng", with the reason behind the code. */
export const vang = meetingAnswer(['vang', 'vangmat', 'baovang'], 'absent');
