import { createZbs } from '../../../bots/zalo/zbs/index.js';
import type { Ctx } from '../../../src/context.js';
import { saveZbsTemplate } from '../../../src/delivery/zbs/save-zbs-template.js';
import { anothers, oaEnv, oaSecrets, oaToken, zaloError } from './chat.js';
import { field, http429, json, overHttp, type HttpProvider } from './http-peer.js';
import { openChannel } from './open-channel.js';
import { senderSuite } from './suite.js';

const ROOM = 200;
const template = (ctx: Ctx) =>
  saveZbsTemplate(ctx, { kind: 'system', name: 'test' }, {
    templateId: '1001', kind: 'task-reminder', sample: 'Đồng chí <ten>: <viec>.', enabled: true, byUid: true,
    params: [{ name: 'ten', type: 'STRING', maxLength: 30, from: 'name' }, { name: 'viec', type: 'STRING', maxLength: ROOM, from: 'content' }],
  });

const both: Omit<HttpProvider, 'to' | 'accepted' | 'refusals' | 'cases'> & { cases: Omit<HttpProvider['cases'], 'another'> } = {
  open: (root) => openChannel({ ...oaEnv(root), ZALO_ZBS_MODE: 'live', ZALO_ZBS_API_ROOT: root }, createZbs, template),
  secrets: oaSecrets,
  aside: oaToken,
  providerId: 'm31',
  cases: {
    flood: { faults: [http429('17')], gives: { afterMs: 17_000 } },
    floodUnnamed: { faults: [zaloError(-32, 'limit'), http429()], gives: { afterMs: 60_000 } },
    errorInSuccess: { faults: [zaloError(-118), zaloError('-118')], gives: { kind: 'unreachable' } },
    leak: { faults: [zaloError(-777, 'bad access_token rat-bi-mat-access'), { status: 502, body: '<p>rat-bi-mat-access</p>' }] },
  },
  message: (text) => ({ text: 'Nhắc việc', kind: 'task-reminder', params: { name: 'Lan', content: text } }),
  textIn: field('template_data.viec'),
  maxText: ROOM,
};

export const zbsByPhone = senderSuite('ZBS by phone', overHttp({
  ...both,
  cases: { ...both.cases, another: { never: 'the answer names neither number nor tracking id' } },
  to: '84912345678',
  accepted: { body: json({ error: 0, message: 'Success', data: { msg_id: 'm31', sent_time: '1', sending_mode: '1', quota: { dailyQuota: '500', remainingQuota: '499' } } }) },
  refusals: [
    ['no Zalo on this number', zaloError(-118), { kind: 'unreachable' }],
    ['refused by the person', zaloError(-139), { kind: 'unreachable' }],
    ['the template', zaloError(-131), { kind: 'unreachable' }],
    ['money', zaloError(-115), { kind: 'rejected' }],
    ['quota of the day', zaloError(-144), { kind: 'rejected' }],
    ['the token, twice', zaloError(-124, 'rat-bi-mat-access'), { kind: 'rejected' }],
    ['nobody knows what came of it', zaloError(-100), { kind: 'retry', maybeSent: true }],
    ['nobody knows this number', zaloError(-9999), { kind: 'retry', maybeSent: true }],
  ],
}));

export const zbsByUid = senderSuite('ZBS by user id', overHttp({
  ...both,
  cases: { ...both.cases, another: anothers({ error: 0, message: 'Success', data: { message_id: 'm31', user_id: '7011000000000000013' } }) },
  to: 'uid:7011000000000000012',
  accepted: { body: json({ error: 0, message: 'Success', data: { message_id: 'm31', user_id: '7011000000000000012' } }) },
  refusals: [
    ['does not follow', zaloError(-213), { kind: 'unreachable' }],
    ['the template is not for user ids', zaloError(-249), { kind: 'unreachable' }],
    ['the token, twice', zaloError(-216, 'rat-bi-mat-access'), { kind: 'rejected' }],
    ['the package', zaloError(-224), { kind: 'rejected' }],
  ],
}));
