import { noticeRenderers } from './notice-renderers.js';
import type { Renderers } from './renderer.js';
import { replyRenderer } from './reply-renderer.js';

/** What this room says itself: answers in a chat, and notices to the office about delivering. */
export const deliveryRenderers: Renderers = { reply: replyRenderer, ...noticeRenderers };
