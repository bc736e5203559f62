import { afterEach, beforeEach, expect, test } from 'vitest';
import { meetingDetail } from '../../admin/details/meeting-detail.js';
import type { SmppStandIn } from '../../src/demo/providers/smpp.js';
import type { Attendee, Meeting } from '../../src/meetings/meeting.model.js';
import type { Task } from '../../src/directives/task.model.js';
import { office } from '../support/task-story.js';
import { LAN, smppEnv, startSmpp } from '../support/sms.js';
import { TestClock } from '../support/test-clock.js';
import { openWorld, type World } from '../support/world.js';

const MORNING = '2026-11-19T02:00:00Z'; // Thursday, 09:00 in Vietnam
let world: World;
let smsc: SmppStandIn;
let lan: string;

beforeEach(() => open());
afterEach(async () => {
  await world.close();
  await smsc.stop();
});

async function open(env: Record<string, string> = {}): Promise<void> {
  smsc = await startSmpp(new TestClock(MORNING));
  world = await openWorld(MORNING, { ...smppEnv(smsc), SMS_REPLY_NUMBER: '0888123456', OFFICE_PHONE: '0214 3840 034', ...env });
  await smsc.bound();
  await world.agency('STC', 'Sở Tài chính');
  lan = await holder('Nguyễn Thị Lan', 'Giám đốc Sở Tài chính', ['leader']);
}

/** Somebody of the register with this number, proven. */
async function holder(name: string, position: string, roles: string[], agencyCode = 'STC'): Promise<string> {
  const { body } = await world.api('POST', '/api/v1/people', { name, position, agencyCode, roles, phone: '0912 345 678' });
  const { id } = body as { id: string };
  await world.app.ctx.db.Person.updateOne({ _id: id }, { $set: { phoneVerifiedAt: world.clock.now() } });
  return id;
}

let calls = 0;
const call = async (attendeeIds: string[], startsAt = '2026-11-19T16:00:00+07:00'): Promise<string> => {
  const { body } = await world.api('POST', '/api/v1/meetings', { title: `Họp ứng phó mưa lũ ${++calls}`, kind: 'urgent', startsAt, place: 'Phòng họp tầng 3', attendeeIds });
  await world.settle();
  return (body as { code: string }).code;
};
const assign = async (leadAgencyCode = 'STC'): Promise<void> => {
  await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
    tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode, dueOn: '2026-11-23' }],
  });
  await world.settle();
};
/** The phone writes; the SMSC is answered only once it is kept. */
async function write(text: string, from = LAN, more: object = {}): Promise<string[]> {
  const before = smsc.messagesOf(from).length;
  expect(await smsc.deliver({ source_addr: from, destination_addr: '0888123456', data_coding: 0, short_message: text, ...more })).toBe(0);
  await world.settle();
  world.clock.advance({ minutes: 1 });
  return smsc.messagesOf(from).slice(before).map((message) => message.text);
}
const seat = async (code: string, id = lan): Promise<Attendee | undefined> => (await world.app.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees.find(({ personId }) => String(personId) === id);
const task = () => world.app.ctx.db.Task.findOne().orFail().lean<Task>();
const board = async (code: string) => (await meetingDetail(world.app.ctx, office, code)).board;

test('an urgent meeting comes by SMS with how to answer; "1" and later "2 lý do" are written down, and the page says from which number', async () => {
  const code = await call([lan]);
  const [alert] = smsc.messagesOf(LAN);
  expect(alert?.text).toContain('soan CO HOP-1 hoac VANG HOP-1 ly do, gui 0888123456');
  expect(await write('1')).toEqual(['Da ghi HOP-1 (16:00 thu Nam 19/11/2026): dong chi co du.']);
  expect(await seat(code)).toMatchObject({ answer: 'attending', nextStepAt: null, via: 'sms', from: { phone: LAN } });
  expect(await board(code)).toMatchObject([{ answer: expect.stringContaining('dự'), via: 'qua SMS từ số 0912 345 678' }]);

  expect(await write('2 phai di kiem tra de')).toEqual([expect.stringContaining('dong chi vang')]);
  expect(await seat(code)).toMatchObject({ answer: 'absent', answerNote: 'phai di kiem tra de' });
  // Nobody is reminded, and no deputy called, for somebody who answered.
  world.clock.advance({ minutes: 20 });
  await world.settle();
  expect(smsc.messagesOf(LAN)).toHaveLength(3);
});

test('two invitations: "1" writes nothing and is asked back; "CO HOP-2" is one of them', async () => {
  const [first, second] = [await call([lan]), await call([lan], '2026-11-19T17:30:00+07:00')];
  expect(await write('1')).toEqual(['Chua ghi. Dong chi co 2 giay moi: HOP-1, HOP-2. Soan CO HOP-1 hoac VANG HOP-1 ly do.']);
  expect([await seat(first), await seat(second)]).toMatchObject([{ acknowledgedAt: null }, { acknowledgedAt: null }]);
  await write('CO HOP-2');
  expect([await seat(first), await seat(second)]).toMatchObject([{ acknowledgedAt: null }, { answer: 'attending' }]);
});

test('"VANG" alone, a yes with a doubt, a meeting one is not invited to, a stranger: nothing is written', async () => {
  const code = await call([lan]);
  for (const words of ['Vang', 'Vang a, toi se du', '2 nguoi se du', 'Co ai thay toi khong?']) expect(await write(words)).toEqual([expect.stringContaining('Chua ghi. Co du: soan 1. Vang: soan 2 va ly do.')]);
  expect(await write('CO HOP-77')).toEqual([expect.stringContaining('Khong tim thay cuoc hop')]);
  expect(await write('1', '84987654321')).toEqual([]);
  expect(await seat(code)).toMatchObject({ acknowledgedAt: null, answer: null });
});

test('the meeting is moved while the phone answers the old invitation: that "1" does not count for the new time, the next one does', async () => {
  const code = await call([lan]);
  await world.api('POST', `/api/v1/meetings/${code}/postpone`, { startsAt: '2026-11-20T08:00:00+07:00', reason: 'Chủ trì đi kiểm tra đê' });
  expect(await write('1')).toEqual([expect.stringContaining('Thay doi lich hop'), expect.stringContaining('Chua ghi: lich hop da doi, nay la 08:00 thu Sau 20/11/2026')]);
  expect(await seat(code)).toMatchObject({ acknowledgedAt: null, answer: null });
  expect(await write('1')).toEqual(['Da ghi HOP-1 (08:00 thu Sau 20/11/2026): dong chi co du.']);
  expect(await seat(code)).toMatchObject({ answer: 'attending' });
});

test('a task by SMS: "DA NHAN NV-1", then "NV-1 70 noi dung"; a report that can be read in two ways is asked back', async () => {
  await assign();
  expect(smsc.messagesOf(LAN)[0]?.text).toContain('soan DA NHAN NV-1 hoac NV-1 70 noi dung, gui 0888123456');
  expect(await write('DA NHAN NV-1')).toEqual(['Da ghi NV-1: dong chi da nhan nhiem vu.']);
  expect(await task()).toMatchObject({ stage: 'acknowledged', acknowledgements: [{ by: { channel: 'sms', from: { phone: LAN } } }] });
  expect(await write('NV-1 70 da hop voi cac don vi')).toEqual(['Da ghi NV-1: 70%, da hop voi cac don vi.']);
  expect(await task()).toMatchObject({ percent: 70, progress: [{ note: 'da hop voi cac don vi', by: { channel: 'sms', from: { phone: LAN } } }] });
  expect(await write('NV-1 xong, con cho ky')).toEqual([expect.stringContaining('Chua ghi.')]);
  expect(await write('NV-9 50 da hop')).toEqual([expect.stringContaining('Khong tim thay nhiem vu')]);
  expect(await task()).toMatchObject({ percent: 70 });
});

test('secretary and leader share a phone: the office sees the answer, it does not count, and the alert goes on', async () => {
  await holder('Trần Văn Thư', 'Văn thư Sở Tài chính', ['officer']);
  const code = await call([lan]);
  expect(await write('1')).toEqual([expect.stringContaining('so nay nhieu nguoi dung chung nen chua tinh la xac nhan')]);
  expect(await seat(code)).toMatchObject({ acknowledgedAt: null, answer: null, unclear: { phone: LAN, answer: 'attending' } });
  expect(await board(code)).toMatchObject([{ confirmed: false, via: expect.stringMatching(/^qua số điện thoại 0912 345 678, chưa rõ người bấm: “có dự”.*chưa tính là xác nhận$/) }]);
  const before = smsc.messagesOf(LAN).length;
  world.clock.advance({ minutes: 5 });
  await world.settle();
  expect(smsc.messagesOf(LAN).slice(before).map(({ text }) => text)).toEqual([expect.stringContaining('chua nhan duoc xac nhan')]);
  await assign();
  expect(await write('NV-1 70 da hop')).toEqual([expect.stringContaining('so nay nhieu nguoi dung chung')]);
  expect(await task()).toMatchObject({ percent: 0, progress: [] });
});

test('where the office lets a shared number count, it counts, and the record says that nobody knows who pressed', async () => {
  await world.close();
  await smsc.stop();
  await open({ SMS_SHARED_NUMBER: 'counts' });
  await holder('Trần Văn Thư', 'Văn thư Sở Tài chính', ['officer']);
  const code = await call([lan]);
  await write('2 di cong tac Ha Noi');
  expect(await seat(code)).toMatchObject({ answer: 'absent', answerNote: 'di cong tac Ha Noi', from: { phone: LAN, shared: true } });
  expect(await board(code)).toMatchObject([{ confirmed: true, via: 'qua số điện thoại 0912 345 678, chưa rõ người bấm' }]);
});

test('where a shared number counts, the proof of one holder opens it for nobody else: neither an invitation nor a task', async () => {
  await world.close();
  await smsc.stop();
  await open({ SMS_SHARED_NUMBER: 'counts' });
  await world.agency('SYT', 'Sở Y tế');
  const thu = await holder('Trần Văn Thư', 'Văn thư Sở Y tế', ['officer'], 'SYT');
  const prove = (phoneVerifiedAt: Date | null) => world.app.ctx.db.Person.updateOne({ _id: thu }, { $set: { phoneVerifiedAt } });
  await prove(null);
  const code = await call([thu]);
  await assign('SYT');
  const shared = 'so nay nhieu nguoi dung chung';
  for (const words of ['CO HOP-1', 'VANG HOP-1 om', 'DA NHAN NV-1', 'NV-1 70 da hop']) expect(await write(words), words).toEqual([expect.stringContaining(shared)]);
  expect(await seat(code, thu)).toMatchObject({ acknowledgedAt: null, answer: null });
  expect(await task()).toMatchObject({ percent: 0, progress: [], acknowledgements: [] });

  // Proven, the same words count.
  await prove(world.clock.now());
  world.clock.advance({ hours: 1 });
  for (const words of ['CO HOP-1', 'NV-1 70 da hop']) await write(words);
  expect(await seat(code, thu)).toMatchObject({ answer: 'attending', from: { phone: LAN, shared: true } });
  expect(await task()).toMatchObject({ percent: 70 });
});

test('a machine at the other end that answers every SMS hears five in an hour, and a proven number that is not is never heard', async () => {
  const code = await call([lan]);
  const heard: string[] = [];
  for (let i = 0; i < 8; i++) heard.push(...(await write(`Toi dang ban, se goi lai sau ${'x'.repeat(i + 1)}`)));
  expect(heard.filter((text) => text.startsWith('Chua ghi'))).toHaveLength(5);
  expect(heard.findLast((text) => text.startsWith('Chua ghi'))).toContain('Trong 1 gio toi chi tin ghi duoc moi co tra loi');
  // What is said clearly is written down all the same, and confirmed.
  expect(await write('1')).toEqual(['Da ghi HOP-1 (16:00 thu Nam 19/11/2026): dong chi co du.']);
  expect(await seat(code)).toMatchObject({ answer: 'attending' });

  await world.app.ctx.db.Person.updateOne({ _id: lan }, { $set: { phoneVerifiedAt: null } });
  world.clock.advance({ hours: 2 });
  expect(await write(`2 ${code} di vang`)).toEqual([]);
  expect(await seat(code)).toMatchObject({ answer: 'attending' });
});

test('the same SMS delivered again at once, and one in two pieces: one effect, and half a report is never written', async () => {
  await assign();
  const answers = await Promise.all([1, 2].map(() => smsc.deliver({ source_addr: LAN, destination_addr: '0888123456', data_coding: 0, short_message: 'NV-1 40 da giao phong Ngan sach' })));
  expect(answers).toEqual([0, 0]);
  await world.settle();
  expect((await task()).progress).toHaveLength(1);
  const piece = (sequence: number, message: string) => ({ esm_class: 0x40, short_message: { udh: Buffer.from([5, 0, 3, 7, 2, sequence]), message } });
  const said = [...(await write('', LAN, piece(1, 'NV-1 60 da hop voi tat ca'))), ...(await write('', LAN, piece(2, 'cac don vi, con thieu bao cao')))];
  expect(said).toEqual([expect.stringContaining('tin qua dai')]);
  expect((await task()).progress).toHaveLength(1);
  // The operator put the pieces together, and it is longer than what is read.
  const whole = Buffer.from(`NV-1 60 ${'da hop voi cac xa, '.repeat(30)} nhung chua xong`);
  expect(await write('', LAN, { message_payload: whole })).toEqual([expect.stringContaining('tin qua dai')]);
  expect((await task()).progress).toHaveLength(1);
});
