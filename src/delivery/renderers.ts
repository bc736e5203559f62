import { noticeRenderers } from './notices/notice-renderers.js';
import type { Renderers } from './renderer.js';
import { replyRenderer } from './notices/reply-renderer.js';
import { leaveRenderers } from './notices/tell-leave.js';
import { testRenderer } from './notices/send-test.js';
import { phoneRenderers } from './phones/phone-renderers.js';
import { templateRenderers } from './zbs/template-refused.js';

/** What this room says itself: answers in a chat, and notices to the office about delivering. */
export const deliveryRenderers: Renderers = { reply: replyRenderer, 'channel-test': testRenderer, ...noticeRenderers, ...phoneRenderers, ...leaveRenderers, ...templateRenderers };
