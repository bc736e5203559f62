import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { sendPhoneCode } from '../../src/delivery/phones/send-phone-code.js';
import type { SmppStandIn } from '../../src/demo/providers/smpp.js';
import type { Actor } from '../../src/people/actor.js';
import { changePerson } from '../../src/people/persons/change-person.js';
import { confirmPhone } from '../../src/people/phones/confirm-phone.js';
import type { Person } from '../../src/people/person.model.js';
import { LAN, smppEnv, startSmpp } from '../support/sms.js';
import { TestClock } from '../support/test-clock.js';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

const MORNING = '2026-11-19T02:00:00Z'; // Thursday, 09:00 in Vietnam
const office: Actor = { kind: 'system', name: 'Văn phòng' };
let world: World;
let smsc: SmppStandIn;
let presses: number;

beforeEach(async () => {
  smsc = await startSmpp(new TestClock(MORNING));
  world = await openWorld(MORNING, { ...smppEnv(smsc), OFFICE_PHONE: '0214 3840 034' });
  await smsc.bound();
  await world.agency('STC', 'Sở Tài chính');
  presses = 0;
});
afterEach(async () => {
  await world.close();
  await smsc.stop();
});

const ctx = (cause = `press:${++presses}`) => because(world.app.ctx, cause);
const withPhone = async (phone = '0912 345 678'): Promise<string> =>
  (((await world.api('POST', '/api/v1/people', { name: 'Nguyễn Thị Lan', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'], phone })).body) as { id: string }).id;
const stored = (id: string) => world.app.ctx.db.Person.findById(id).orFail().lean<Person>();
const codeIn = (text: string | undefined): string => /: (\d{6})\./.exec(text ?? '')?.[1] ?? '';
/** The office presses "Xác minh số điện thoại" and the phone shows the SMS. */
async function codeFor(id: string): Promise<string> {
  const before = smsc.messagesOf(LAN).length;
  await sendPhoneCode(ctx(), office, { personId: id });
  await world.settle();
  return codeIn(smsc.messagesOf(LAN)[before]?.text);
}
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const readBack = (id: string, code: string, cause?: string) => confirmPhone(ctx(cause), office, { of: { personId: id }, code, by: 'office' });
const assignTask = async () => {
  await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
    tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', dueOn: '2026-11-23' }],
  });
  await world.settle();
};

test('a number nobody has confirmed gets a code and nothing else; read back to the office, messages go there', async () => {
  const id = await withPhone();
  await assignTask();
  expect(smsc.messagesOf(LAN)).toEqual([]);

  const code = await codeFor(id);
  expect(smsc.messagesOf(LAN).map((m) => m.text)).toEqual([`Ma xac minh cua Van phong UBND tinh: ${code}. Hieu luc 10 phut. Neu khong phai dong chi, bao lai so 0214 3840 034.`]);
  // Neither the queue nor the ledger nor the book ever holds it.
  const kept = JSON.stringify([await world.app.ctx.db.Delivery.find().lean(), await world.app.ctx.db.PhoneCode.find().lean(), await world.app.ctx.db.AuditEntry.find().lean()]);
  expect(kept).not.toContain(code);

  await readBack(id, ` ${code.slice(0, 3)} ${code.slice(3)} `);
  expect(await stored(id)).toMatchObject({ phoneVerifiedAt: world.clock.now() });
  await world.api('POST', '/api/v1/directives', {
    symbol: '5128/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal',
    tasks: [{ content: 'Rà soát nợ đọng', leadAgencyCode: 'STC', dueOn: '2026-11-23' }],
  });
  await world.settle();
  expect(smsc.messagesOf(LAN)[1]?.text).toContain('NV-2026-00002');
});

test('typed in a linked chat; a new number has to be proven again', async () => {
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  const lan: StoryPerson = await world.person({ name: 'Nguyễn Thị Lan', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'] });
  await changePerson(ctx(), office, { id: lan.id, changes: { phone: '0912345678' } });
  const code = await codeFor(lan.id);
  await world.say(lan, '/xacminh');
  await world.say(lan, `/xacminh ${wrong(code)}`);
  await world.say(lan, `/xác minh ${code}`);
  const said = world.heard(lan).map((m) => m.text);
  expect(said[0]).toContain('/xacminh 123456');
  expect(said[1]).toContain('còn 4 lần');
  expect(said[2]).toContain('Đã xác minh số điện thoại');
  await expect(sendPhoneCode(ctx(), office, { personId: lan.id })).rejects.toMatchObject({ code: 'phone-verified' });

  await changePerson(ctx(), office, { id: lan.id, changes: { phone: '0987654321' } });
  expect(await stored(lan.id)).toMatchObject({ phone: '84987654321', phoneVerifiedAt: null });
});

test('answered by SMS from that very phone; from another phone the code is worth nothing', async () => {
  const id = await withPhone();
  const code = await codeFor(id);
  const answer = (from: string, text: string) => smsc.deliver({ source_addr: from, destination_addr: 'X', data_coding: 0, short_message: text });
  expect(await answer('84987654321', code)).toBe(0);
  expect(await stored(id)).toMatchObject({ phoneVerifiedAt: null });
  expect(await answer(LAN, `Ma cua toi la ${code}`)).toBe(0);
  expect((await stored(id)).phoneVerifiedAt).not.toBeNull();
});

test('"không phải tôi": the number is used no more, the office is told once, and no further code goes there', async () => {
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  const clerk = await world.person({ name: 'Trần Thục Nhi', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'] });
  const id = await withPhone();
  const code = await codeFor(id);
  const refuse = () => smsc.deliver({ source_addr: LAN, destination_addr: 'X', data_coding: 0, short_message: 'Khong phai toi, nham so roi' });
  expect(await refuse()).toBe(0);
  expect(await refuse()).toBe(0);
  await world.settle();
  expect(world.heard(clerk).map((m) => m.text)).toEqual([expect.stringContaining('không phải là đồng chí Nguyễn Thị Lan')]);
  await expect(readBack(id, code)).rejects.toMatchObject({ code: 'phone-code-none' });
  await expect(sendPhoneCode(ctx(), office, { personId: id })).rejects.toMatchObject({ code: 'phone-disowned' });
  await assignTask();
  expect(smsc.messagesOf(LAN)).toHaveLength(1);
  // A number in daily use is not lost by one text, which may be feigned: the office is asked to find out.
  await changePerson(ctx(), office, { id, changes: { phone: '0987654321' } });
  await world.app.ctx.db.Person.updateOne({ _id: id }, { $set: { phoneVerifiedAt: world.clock.now() } });
  await smsc.deliver({ source_addr: '84987654321', destination_addr: 'X', data_coding: 0, short_message: 'KHONG PHAI TOI' });
  expect((await stored(id)).phoneVerifiedAt).not.toBeNull();
  await world.settle();
  const asked = world.heard(clerk).map((m) => m.text).filter((text) => text.includes('Đề nghị kiểm tra số điện thoại'));
  expect(asked).toEqual([expect.stringContaining('Hệ thống vẫn gửi tin tới số này')]);
});

test('an answer about something else leaves the number as it is, proven or not', async () => {
  const id = await withPhone();
  const say = (short_message: string) => smsc.deliver({ source_addr: LAN, destination_addr: 'X', data_coding: 0, short_message });
  const ordinary = ['Da nhan. Khong phai Chu tich du hop ma la Pho CT', 'Bao cao sai so lieu, xin gui lai', 'nhan nham so cong van', 'Toi tu choi du hop', 'Tu choi'];
  for (const phoneVerifiedAt of [world.clock.now(), null]) {
    await world.app.ctx.db.Person.updateOne({ _id: id }, { $set: { phoneVerifiedAt } });
    for (const text of ordinary) expect(await say(text)).toBe(0);
    expect(await stored(id)).toMatchObject({ phoneVerifiedAt });
  }
  expect(await world.app.ctx.db.AuditEntry.countDocuments({ action: 'phone.disown' })).toBe(0);
  expect(await world.app.ctx.db.Delivery.countDocuments({ kind: 'phone-disowned' })).toBe(0);
  expect(await codeFor(id)).toMatch(/^\d{6}$/);
});

test('five wrong codes end it; ten minutes end it; three codes a day; pressing twice sends one', async () => {
  const id = await withPhone();
  const first = await codeFor(id);
  for (let left = 4; left >= 1; left--) await expect(readBack(id, wrong(first))).rejects.toMatchObject({ code: 'phone-code-wrong', params: { left } });
  await expect(readBack(id, wrong(first), 'the-fifth')).rejects.toMatchObject({ code: 'phone-code-blocked' });
  await expect(readBack(id, wrong(first), 'the-fifth')).rejects.toMatchObject({ code: 'phone-code-blocked' });
  await expect(readBack(id, first)).rejects.toMatchObject({ code: 'phone-code-none' });

  const second = await codeFor(id);
  world.clock.advance({ minutes: 10 });
  await expect(readBack(id, second)).rejects.toMatchObject({ code: 'phone-code-none' });

  await Promise.all([1, 2].map(() => sendPhoneCode(ctx('one-press'), office, { personId: id })));
  await world.settle();
  expect(smsc.messagesOf(LAN)).toHaveLength(3);
  await expect(sendPhoneCode(ctx(), office, { personId: id })).rejects.toMatchObject({ code: 'phone-code-limit' });
  world.clock.set('2026-11-20T01:00:00Z');
  expect(await codeFor(id)).toMatch(/^\d{6}$/);
});

test('ten guesses at the same moment are five', async () => {
  const id = await withPhone();
  const code = await codeFor(id);
  const guesses = await Promise.allSettled(Array.from({ length: 10 }, () => readBack(id, wrong(code))));
  expect(guesses.every((guess) => guess.status === 'rejected')).toBe(true);
  expect(await world.app.ctx.db.PhoneCode.findOne().lean()).toMatchObject({ tries: 5, end: 'too-many' });
});

test('a confirmation repeated by its cause is a success; the answer of the gateway is lost: both codes count', async () => {
  const id = await withPhone();
  smsc.failNext('drop-after');
  await sendPhoneCode(ctx(), office, { personId: id });
  await world.settle();
  await smsc.bound();
  for (let i = 0; i < 3; i++) {
    world.clock.advance({ minutes: 1 });
    await world.settle();
  }
  const texts = smsc.messagesOf(LAN).map((m) => m.text);
  expect(texts).toHaveLength(2);
  await readBack(id, codeIn(texts[0]), 'same');
  await readBack(id, codeIn(texts[0]), 'same');
  expect(await world.app.ctx.db.AuditEntry.countDocuments({ action: 'phone.verify' })).toBe(1);
});

test('where the office vouches for its list, nothing has to be confirmed', async () => {
  await world.close();
  world = await openWorld(MORNING, { ...smppEnv(smsc), SMS_REQUIRE_VERIFIED: 'false' });
  await world.agency('STC', 'Sở Tài chính');
  await withPhone();
  await smsc.bound();
  await assignTask();
  expect((await world.app.ctx.db.Delivery.findOne({ kind: 'task-assigned' }).lean<Delivery>())?.channel).toBe('sms');
});
