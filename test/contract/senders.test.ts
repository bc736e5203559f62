import type { Channel } from '../../src/kernel/channels.js';
import { telegram, zaloBot, zaloOa } from './senders/chat.js';
import { smtp } from './senders/mail.js';
import { esms, smpp } from './senders/sms.js';
import { zbsByPhone, zbsByUid } from './senders/zbs.js';

/** Every way out of the house. A new channel, or a new driver of one, is not done before its line stands here. */
const everySender: Record<Channel, readonly (() => void)[]> = {
  telegram: [telegram],
  zalo: [zaloOa],
  'zalo-bot': [zaloBot],
  zbs: [zbsByPhone, zbsByUid],
  sms: [esms, smpp],
  email: [smtp],
};

for (const suites of Object.values(everySender)) for (const suite of suites) suite();
