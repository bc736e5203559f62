import { expect, test } from 'vitest';
import { onlyTelegram } from '../../src/people/links/only-telegram.js';
import type { Channel } from '../../src/kernel/channels.js';

const house: Channel[] = ['zalo', 'telegram', 'sms', 'email'];

test.each<[string, Channel[], boolean, boolean, Channel[], boolean]>([
  ['Telegram and nothing else', ['telegram'], false, false, house, true],
  ['Zalo too', ['telegram', 'zalo'], false, false, house, false],
  ['a verified number and SMS', ['telegram'], true, false, house, false],
  ['a number, but the house has no SMS', ['telegram'], true, false, ['telegram', 'zalo'], true],
  ['an address and mail', ['telegram'], false, true, house, false],
  ['Zalo linked, but the house has no Zalo', ['telegram', 'zalo'], false, false, ['telegram'], true],
  ['nothing at all is another matter', [], false, false, house, false],
  ['Telegram linked, but the house has none', ['telegram'], false, false, ['zalo'], false],
])('%s', (_case, chats, phone, email, open, wanted) => expect(onlyTelegram({ chats, phone, email }, new Set(open))).toBe(wanted));
