import { smsChannel } from '../../../src/sms/index.js';
import { LAN, smppEnv, startSmpp } from '../../support/sms.js';
import { TestClock } from '../../support/test-clock.js';
import type { SmppFault } from '../../../src/demo/providers/smpp/smsc.js';
import { field, http429, json, overHttp } from './http-peer.js';
import { openChannel } from './open-channel.js';
import { senderSuite, type Bench } from './suite.js';

/** Three parts of GSM-7, without diacritics. */
const text = { maxText: 3 * 153, reads: { hello: 'Nhac viec', strange: 'Tieng Viet e o u' } };
const esmsError = (CodeResult: string | number, ErrorMessage = ''): { body: string } => ({ body: json({ CodeResult, ErrorMessage }) });

export const esms = senderSuite('eSMS', overHttp({
  open: (root) => openChannel({ SMS_DRIVER: 'esms', SMS_BRANDNAME: 'UBND', SMS_ESMS_API_KEY: 'rat-bi-mat-api', SMS_ESMS_SECRET_KEY: 'rat-bi-mat-khoa', SMS_ESMS_ROOT: root, SMS_CALLBACK_SECRET: 'rat-bi-mat-duong-dan' }, smsChannel),
  to: LAN,
  secrets: ['rat-bi-mat-api', 'rat-bi-mat-khoa', 'rat-bi-mat-duong-dan'],
  accepted: { body: json({ CodeResult: '100', CountRegenerate: 0, SMSID: 's31' }) },
  providerId: /^[0-9a-f]{32}$/,
  cases: {
    flood: { faults: [http429('17')], gives: { afterMs: 17_000 } },
    floodUnnamed: { faults: [http429()], gives: { afterMs: 10_000 } },
    errorInSuccess: { faults: [esmsError('99'), esmsError(99)], gives: { kind: 'unreachable' } },
    another: { never: 'the answer has CodeResult and SMSID, and neither number nor RequestId' },
    leak: { faults: [esmsError('101', 'ApiKey rat-bi-mat-api SecretKey rat-bi-mat-khoa')], gives: { kind: 'rejected' } },
  },
  refusals: [
    ['a blocked number', esmsError('99'), { kind: 'unreachable' }],
    ['the key', esmsError('101'), { kind: 'rejected' }],
    ['money', esmsError('103'), { kind: 'rejected' }],
    ['the brandname', esmsError('104'), { kind: 'rejected' }],
    ['our address', esmsError('140'), { kind: 'rejected' }],
    ['the registered text', esmsError('146'), { kind: 'unreachable' }],
    ['being worked on', esmsError('199'), { kind: 'retry', maybeSent: true }],
    ['nobody knows this code', esmsError('4711'), { kind: 'retry', maybeSent: true }],
  ],
  textIn: field('Content'),
  ...text,
}));

const PASSWORD = 'mk@sms1';
/** A submit_sm_resp that ends in the middle of its head. */
const CUT = Buffer.from([0, 0, 0, 0x1a, 0x80, 0, 0, 4, 0, 0]);

/** A submit_sm_resp (ESME_ROK, message id "31") to a submit_sm that nobody sent. */
const FOREIGN = Buffer.from([0, 0, 0, 0x13, 0x80, 0, 0, 4, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xf0, 0x33, 0x31, 0]);

async function openSmpp(): Promise<Bench<SmppFault>> {
  const smsc = await startSmpp(new TestClock('2026-11-23T01:00:00Z'));
  const limits = { answerMs: 1_000, connectMs: 1_000, againMs: 5, enquireMs: 60_000 };
  const channel = await openChannel(smppEnv(smsc), (ctx, ports) => smsChannel(ctx, ports, { smppLimits: limits }));
  return {
    channel,
    to: LAN,
    next: (...faults) => smsc.failNext(...faults),
    shown: async () => smsc.messagesOf(LAN).map((sms) => sms.text),
    heard: () => smsc.calls().filter((call) => call === 'submit_sm').length,
    ready: () => smsc.bound(),
    shut: () => smsc.stop(),
    close: async () => {
      await channel.close();
      await smsc.stop();
    },
  };
}

export const smpp = senderSuite<SmppFault>('SMPP', {
  open: openSmpp,
  secrets: [PASSWORD, encodeURIComponent(PASSWORD)],
  providerId: /^[0-9a-f]+$/,
  cases: {
    flood: { never: 'ESME_RTHROTTLED and ESME_RMSGQFUL carry no time' },
    floodUnnamed: { faults: [{ status: 0x58 }, { status: 0x14 }], gives: { code: 'throttled' } },
    errorInSuccess: { never: 'command_status is all a submit_sm_resp says; 0 is success' },
    page: { faults: [{ raw: Buffer.from('HTTP/1.1 502 Bad Gateway\r\n\r\n<html><center>nginx</center></html>') }] },
    cut: { faults: [{ raw: CUT }] },
    strange: { faults: ['garbage'] },
    hang: { faults: ['silence'] },
    resetBefore: { faults: ['drop'] },
    resetAfter: { faults: ['drop-after'] },
    another: { faults: [{ raw: FOREIGN }] },
    replayed: { never: 'sequence_number ties each submit_sm_resp to its submit_sm; message ids may begin anew' },
    leak: { never: 'a submit_sm_resp has no words' },
  },
  refusals: [
    ['the sender’s name', { status: 0x0a }, { kind: 'rejected' }],
    ['the number', { status: 0x0b }, { kind: 'unreachable' }],
    ['the account', { status: 0x0f }, { kind: 'rejected' }],
    ['this text', { status: 0x01 }, { kind: 'unreachable' }],
    ['for good', { status: 0x66 }, { kind: 'unreachable' }],
    ['their own trouble', { status: 0x08 }, { kind: 'retry', maybeSent: false }],
    ['nobody knows this status', { status: 0x4ff }, { kind: 'retry', maybeSent: false }],
  ],
  ...text,
});
