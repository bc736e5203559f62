import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { answerTo, mailHouse, type Received } from '../support/mail-house.js';
import { assigned, current, office } from '../support/task-story.js';

const DAT = 'dat@stc.laocai.example';
const QUYEN = 'quyen@stc.laocai.example';
const NHI = 'nhi@vp.laocai.example';
const AWAY = 'Tôi đang đi công tác đến hết tuần, sẽ phản hồi sau khi về. Việc gấp xin liên hệ văn thư Sở.';

let house: Awaited<ReturnType<typeof mailHouse>>;
let n = 0;
beforeEach(async () => {
  house = await mailHouse();
  for (const [person, email] of [[house.dat, DAT], [house.quyen, QUYEN], [house.nhi, NHI]] as const) await house.ctx.db.Person.updateOne({ _id: person._id }, { $set: { email } });
});
afterEach(() => house.close());

const to = (letters: readonly Received[], address: string) => letters.filter(({ envelopeTo }) => envelopeTo === address);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const utf8 = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'];

/** A letter with its subject, half a minute after whatever was before. */
async function write(letter: { from: string; to: string; subject?: string; body: string; headers?: string[] }): Promise<Received[]> {
  house.clock.advance({ seconds: 30 });
  await house.write({ from: letter.from, to: letter.to, id: `<w${++n}@x.example>`, headers: [...(letter.subject ? [`Subject: =?utf-8?B?${base64(letter.subject)}?=`] : []), ...(letter.headers ?? []), ...utf8], body: base64(letter.body) });
  return house.letters();
}

async function task(): Promise<{ code: string; letter: Received; answerAt: string }> {
  const { code } = await assigned(house.ctx, { dueOn: '2026-11-27' });
  await house.settle();
  const [letter] = to(await house.letters(), DAT);
  if (!letter) throw new Error('no letter');
  return { code, letter, answerAt: answerTo(letter) };
}

describe('a program that answers every letter', () => {
  test('known by its subject: nothing is written or answered, and the Office sees its words once', async () => {
    const { ctx } = house;
    const { code, letter, answerAt } = await task();
    for (let i = 0; i < 3; i++) expect(await write({ from: DAT, to: answerAt, subject: `Tự động trả lời: ${letter.subject}`, body: AWAY })).toEqual([]);
    expect(await current(ctx, { code })).toMatchObject({ stage: 'new', progress: [], acknowledgements: [] });
    expect(await ctx.db.UnreadWords.find({ matter: code }).lean()).toMatchObject([{ channel: 'email', text: `[Thư trả lời tự động] ${AWAY}` }]);
  });

  test('from another address is not even noted', async () => {
    const { code, answerAt } = await task();
    expect(await write({ from: 'ai@noi.example', to: answerAt, subject: 'Out of office: x', body: AWAY })).toEqual([]);
    expect(await house.ctx.db.UnreadWords.countDocuments({ matter: code })).toBe(0);
  });

  test('not known as one, on a task: five answers, one line in the log, one notice; and its owner is heard again', async () => {
    const { ctx } = house;
    const { code, answerAt } = await task();
    let answers = 0;
    let lastWords = '';
    const toOffice: string[] = [];
    let rounds = 0;
    for (let more = true; more && rounds < 60; rounds++) {
      const letters = await write({ from: DAT, to: answerAt, body: `${AWAY} (10:${10 + rounds})` });
      const mine = to(letters, DAT);
      answers += mine.length;
      lastWords = mine[0]?.text ?? lastWords;
      toOffice.push(...to(letters, NHI).map(({ text }) => text ?? ''));
      more = mine.length > 0;
    }
    expect([answers, rounds, (await current(ctx, { code })).progress.length]).toEqual([5, 6, 1]);
    expect(lastWords).toContain('tạm ngừng trả lời tự động');
    const notices = toOffice.filter((text) => text.includes('Đã ngừng trả lời tự động'));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(new RegExp(`${code}[^]*đồng chí Hoàng Văn Dật[^]*thư điện tử`));
    expect(await write({ from: DAT, to: answerAt, body: `${AWAY} (11:59)` })).toEqual([]);

    const letters = await write({ from: DAT, to: answerAt, body: '70% đã họp với các chủ đầu tư' });
    expect(await current(ctx, { code })).toMatchObject({ percent: 70 });
    expect([to(letters, DAT)[0]?.text, to(letters, NHI).length]).toEqual([expect.stringContaining('70%'), 1]);
  }, 120_000);

  test('not known as one, on a meeting: five times it is asked back, then silence and one notice', async () => {
    const { ctx, at, quyen } = house;
    await callMeeting(at('call'), office, { kind: 'regular', place: 'P3', attendeeIds: [String(quyen._id)], title: 'Ứng phó', startsAt: new Date('2026-11-20T09:00:00Z') });
    await house.settle();
    const [invitation] = to(await house.letters(), QUYEN);
    const heard: number[] = [];
    for (let i = 0; i < 8; i++) heard.push(to(await write({ from: QUYEN, to: answerTo(invitation), body: 'Your message has been received and will be processed.' }), QUYEN).length);
    expect(heard).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    expect(await ctx.db.Delivery.countDocuments({ kind: 'answers-stopped' })).toBe(1);
  }, 60_000);
});

test('a person who reports on six tasks by mail, one right after the other in the same words, is answered each time', async () => {
  const tasks = [];
  for (let i = 0; i < 6; i++) tasks.push(await assigned(house.ctx, { dueOn: '2026-11-27', symbol: `${i}/UBND-KT` } as never));
  await house.settle();
  house.clock.advance({ minutes: 5 });
  await house.settle();
  const letters = to(await house.letters(), DAT);
  const codes = [...new Set(tasks.map(({ code }) => code))];
  const letterOf = (code: string) => letters.find(({ subject }) => subject?.includes(code));
  const answered: number[] = [];
  for (const code of codes) answered.push(to(await write({ from: DAT, to: answerTo(letterOf(code)), body: '60% đã họp với các đơn vị' }), DAT).length);
  expect([codes.length, answered]).toEqual([6, [1, 1, 1, 1, 1, 1]]);
  expect(await house.ctx.db.Task.countDocuments({ percent: 60 })).toBe(6);
}, 60_000);

describe('what comes to the address for failures', () => {
  const standing = async () => [(await house.ctx.db.Person.findOne({ email: DAT }).lean())?.emailDead ?? null, (await house.ctx.db.Delivery.findOne({ to: DAT }).lean())?.state];

  test.each([
    ['a vacation note with a price in it', ['Auto-Submitted: auto-replied'], 'Trả lời tự động: Giao việc', 'Tôi nghỉ phép đến hết 30/11. Hồ sơ lệ phí 5.000.000 đồng gửi văn thư.'],
    ['a vacation note that names a room', ['Return-Path: <>', 'Auto-Submitted: auto-replied'], 'Nghỉ phép', 'Tôi nghỉ phép. Phòng 5.1.1, gặp chị Hoa.'],
    ['a warning that a letter is late', ['Return-Path: <>'], 'Delayed', 'Message delayed 4.4.1. Will retry. Article 5.1.2'],
  ])('%s makes no letter undelivered and no mailbox dead', async (_name, headers, subject, body) => {
    const { letter } = await task();
    const before = await standing();
    await write({ from: DAT, to: letter.envelopeFrom, subject, headers, body });
    expect(await standing()).toEqual(before);
    expect(before[0]).toBeNull();
  });
});
