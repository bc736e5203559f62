export { meetingRenderers } from './meeting-messages.js';
