import { expect, test } from 'vitest';
import { isNotice } from '../../src/delivery/notices/notice-kinds.js';
import { amountFor, classOf, reduced, type Amount, type MessageClass } from '../../src/texts/content-policy.js';
import type { Message } from '../../src/texts/message.js';

test.each<[string, MessageClass]>([
  ['task-reminder', 'task'], ['task-file', 'task'], ['meeting-alert', 'meeting'], ['meeting-unanswered', 'notice'], ['delivery-dead', 'notice'],
  ['silent', 'notice'], ['digest', 'digest'], ['reply', 'reply'], ['channel-test', 'other'],
])('%s is a message of the class %s', (kind, wanted) => expect(classOf(kind, isNotice)).toBe(wanted));

const classes: MessageClass[] = ['task', 'meeting', 'digest', 'notice', 'reply', 'other'];
const table: [string, 'open' | 'secret' | 'secret, none', Amount[]][] = [
  ['telegram', 'open', ['full', 'full', 'full', 'full', 'full', 'full']],
  ['zalo', 'open', ['full', 'full', 'full', 'full', 'full', 'full']],
  ['zalo-bot', 'open', ['full', 'full', 'full', 'full', 'full', 'full']],
  ['email', 'open', ['full', 'full', 'full', 'full', 'full', 'full']],
  ['sms', 'open', ['short', 'full', 'short', 'full', 'full', 'full']],
  ['zbs', 'open', ['short', 'full', 'short', 'full', 'full', 'full']],
  ...['telegram', 'zalo', 'zalo-bot', 'email', 'sms', 'zbs'].flatMap((channel): [string, 'secret' | 'secret, none', Amount[]][] => [
    [channel, 'secret', ['neutral', 'neutral', 'neutral', 'neutral', 'neutral', 'neutral']],
    [channel, 'secret, none', ['nothing', 'nothing', 'nothing', 'nothing', 'neutral', 'nothing']],
  ]),
];
test.each(table)('%s, %s', (channel, secrecy, wanted) => {
  const amounts = classes.map((kind) => amountFor({ class: kind, secret: secrecy !== 'open', channel }, secrecy === 'secret, none' ? 'none' : 'neutral'));
  expect(amounts).toEqual(wanted);
});

test('short: the code and what to do; the blanks of a template are the office’s choice', () => {
  const message: Message = {
    text: '🔔 Nhắc việc · NV-2026-00012\nHạn: thứ Ba 24/11/2026\nGiải quyết đơn của ông Nguyễn Văn A', kind: 'task-reminder', subject: 'đơn của ông A', summary: 'đơn của ông A',
    params: { code: 'NV-2026-00012', content: 'đơn của ông Nguyễn Văn A', title: 'đơn', dueOn: '24/11/2026' }, attachments: [{ name: 'don.pdf', contentType: 'application/pdf', content: new Uint8Array() }],
  };
  expect(reduced(message, 'short', 'task')).toEqual({
    kind: 'task-reminder', text: '🔔 Nhắc việc · NV-2026-00012\nHạn: thứ Ba 24/11/2026', params: { code: 'NV-2026-00012', content: 'đơn của ông Nguyễn Văn A', title: 'đơn', dueOn: '24/11/2026' },
  });
});
