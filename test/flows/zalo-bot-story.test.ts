import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { botUse } from '../../bots/zalo/bot/quota.js';
import { startZaloBotStandIn, type ZaloBotStandIn } from '../../src/demo/providers/zalo-bot.js';
import { TestClock } from '../support/test-clock.js';
import { openWorld, type World } from '../support/world.js';
import { zaloBotEnv } from '../support/zalo-bot.js';

const DAT = 'd1a7000000000000000a';
const NHI = 'a217000000000000000b';

let world: World;
let bot: ZaloBotStandIn;
let monitorId: string;
const read = new Map<string, number>();

/** What the bot wrote to a phone since last read. */
const heard = (userId: string): string[] => {
  const all = bot.network.messagesOf(userId).filter((m) => m.from === 'bot').map((m) => m.text);
  const fresh = all.slice(read.get(userId) ?? 0);
  read.set(userId, all.length);
  return fresh;
};
const settle = async () => {
  await bot.settled();
  await world.settle();
};
const say = async (userId: string, text: string) => {
  // Long enough to have read what came last.
  world.clock.advance({ seconds: 10 });
  await bot.network.say(userId, text);
  await settle();
};
const post = async (path: string, body: unknown): Promise<{ id: string; code: string; tasks: { code: string }[] }> => {
  const answer = await world.api('POST', path, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body;
};

async function person(userId: string, input: { name: string; position: string; agencyCode: string; roles: string[] }): Promise<string> {
  const { id } = await post('/api/v1/people', input);
  const { code } = await post(`/api/v1/people/${id}/link-codes`, {});
  await say(userId, `/lienket ${code}`);
  // The greeting offers two choices of its own.
  expect(heard(userId)).toEqual([expect.stringMatching(new RegExp(`${input.name}[\\s\\S]*\\nTrả lời số: 1\\. [^\\n]* {2}2\\. [^\\n]*$`))]);
  return id;
}

const assign = async (content: string): Promise<string> => {
  const { tasks } = await post('/api/v1/directives', {
    symbol: `${read.size}${content.length}/UBND-KT`, kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: content, urgency: 'normal',
    tasks: [{ content, leadAgencyCode: 'STC', monitorId, dueOn: '2026-11-23' }],
  });
  await settle();
  return tasks[0]?.code ?? '';
};

beforeEach(async () => {
  read.clear();
  bot = await startZaloBotStandIn({ clock: new TestClock('2026-11-19T02:00:00Z') });
  // Thursday, 09:00 in Vietnam
  world = await openWorld('2026-11-19T02:00:00Z', zaloBotEnv(bot, { ZALO_BOT_UPDATES: 'webhook', ZALO_BOT_WEBHOOK_SECRET: 'story-webhook-secret-2' }));
  await expect.poll(() => bot.webhook()).toContain('/webhooks/zalo-bot');
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  await world.agency('STC', 'Sở Tài chính');
  await person(DAT, { name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'] });
  monitorId = await person(NHI, { name: 'Trần Thục Nhi', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'] });
});
afterEach(async () => {
  expect([heard(DAT), heard(NHI)]).toEqual([[], []]);
  await world.close();
  await bot.stop();
});

/** The number that stands beside a choice. */
const numberOf = (text: string | undefined, label: string): string => new RegExp(`(\\d+)\\. ${label}(?: {2}|$)`).exec(text ?? '')?.[1] ?? 'none';

test('linked by code, assigned, reminded, answered by a number; the Office hears it and the month is counted', async () => {
  const code = await assign('Báo cáo tiến độ giải ngân từng dự án');
  expect(heard(DAT)).toEqual([expect.stringMatching(new RegExp(`${code}[\\s\\S]*\\nTrả lời số: .*\\d\\. Cập nhật .*\\d\\. Chi tiết$`))]);

  world.clock.set('2026-11-20T01:00:30Z'); // 08:00 on the last working day before
  await settle();
  const [reminder] = heard(DAT);
  expect(reminder).toContain('Nhắc việc');
  expect(numberOf(reminder, 'Cập nhật')).toMatch(/^\d$/);

  await say(DAT, numberOf(reminder, 'Cập nhật'));
  expect(heard(DAT)).toEqual([expect.stringContaining(`Cập nhật ${code}`)]);
  // While a report is awaited a bare number is a percent, not a choice.
  await say(DAT, '70% đã họp với các chủ đầu tư'.normalize('NFD'));
  expect(heard(DAT)).toEqual([expect.stringContaining('70%')]);
  expect(heard(NHI)).toEqual([expect.stringMatching(/70%[\s\S]*đã họp với các chủ đầu tư[\s\S]*Trả lời số: 1\. Chi tiết/)]);
  const task = await world.api('GET', `/api/v1/tasks/${code}`);
  expect(task.body).toMatchObject({ percent: 70, progress: [{ percent: 70, author: 'Hoàng Văn Dật', channel: 'zalo-bot' }] });

  await say(NHI, 'số 1');
  expect(heard(NHI)).toEqual([expect.stringContaining(code)]);
  const use = await botUse(world.app.ctx);
  expect(use).toMatchObject({ month: '2026-11', sent: bot.network.calls().filter((call) => call.method === 'sendMessage').length, users: 2 });
});

test('two messages, both numbered from 1: a number means the newer one, the older is named by its code', async () => {
  const first = await assign('Rà soát các dự án dưới 60%');
  const second = await assign('Tổng hợp nhu cầu vốn');
  const [one, two] = heard(DAT);
  expect([one, two].map((text) => ['Đã nhận', 'Cập nhật', 'Chi tiết'].map((label) => numberOf(text, label)))).toEqual([['1', '2', '3'], ['1', '2', '3']]);
  await say(DAT, 'Chọn 3');
  expect(heard(DAT)).toEqual([expect.stringContaining(second)]);
  await say(DAT, first);
  expect(heard(DAT)).toEqual([expect.stringContaining(first)]);
  // "1. Cập nhật" stands below what was shown last.
  await say(DAT, '1');
  expect(heard(DAT)).toEqual([expect.stringContaining(`Cập nhật ${first}`)]);
  await say(DAT, 'xong');
  expect(heard(DAT)).toEqual([expect.stringContaining('100%')]);
  expect(heard(NHI)).toEqual([expect.stringContaining(first)]);
});

test('a number typed while a newer message was arriving may be meant for either: asked back by what it would do, nothing written', async () => {
  const first = await assign('Rà soát các dự án dưới 60%');
  world.clock.advance({ minutes: 5 });
  const second = await assign('Tổng hợp nhu cầu vốn');
  heard(DAT);
  world.clock.advance({ seconds: 2 });
  await bot.network.say(DAT, '1');
  await settle();
  const [asked] = heard(DAT);
  expect(asked).toMatch(/Chưa rõ số 1 .* chưa ghi nhận gì[\s\S]*Trả lời số: 1\. Đã nhận NV-2 {2}2\. Đã nhận NV-1/);
  const taken = async (code: string) => (await world.app.ctx.db.Task.findOne({ code }).orFail().lean()).acknowledgements?.length ?? 0;
  expect([await taken(first), await taken(second)]).toEqual([0, 0]);
  await say(DAT, '2');
  expect(heard(DAT)).toEqual([expect.stringContaining(first)]);
  expect([await taken(first), await taken(second)]).toEqual([1, 0]);
});

test('an urgent meeting is confirmed by a number', async () => {
  const attendee = await world.app.ctx.db.Person.findOne({ name: 'Hoàng Văn Dật' }).lean();
  const { code } = await post('/api/v1/meetings', { title: 'Ứng phó mưa lớn', kind: 'urgent', startsAt: '2026-11-19T09:00:00Z', place: 'Phòng họp tầng 3', chair: 'Chủ tịch UBND tỉnh', attendeeIds: [String(attendee?._id)] });
  await settle();
  const [invitation, ...more] = heard(DAT);
  expect(more).toEqual([]);
  // Full-width digits and a dot, as some keyboards write them.
  await say(DAT, `${String.fromCharCode(numberOf(invitation, 'Tham dự').charCodeAt(0) + 0xfee0)}.`);
  expect(heard(DAT)).toEqual([expect.stringContaining(code)]);
  const meeting = await world.api('GET', `/api/v1/meetings/${code}`);
  expect(JSON.stringify(meeting.body)).toContain('attending');
});

test('a number nobody offered is just a word, and a photo is told that it is not kept', async () => {
  await say(DAT, '8');
  expect(heard(DAT)).toHaveLength(1);
  await bot.network.attach(DAT, { name: 'a.jpg', type: 'image/jpeg', bytes: new Uint8Array(3) });
  await settle();
  expect(heard(DAT)).toHaveLength(1);
});

const percents = async (code: string) => (await world.app.ctx.db.Task.findOne({ code }).orFail().lean()).progress.map(({ percent, note }) => [percent, note]);
/** One number or word said, and what came back; no text of a channel without buttons says "bấm". */
const asks = async (text: string): Promise<string> => {
  await say(DAT, text);
  const [answer = '', ...more] = heard(DAT);
  expect(more).toEqual([]);
  expect(answer).not.toMatch(/bấm/i);
  return answer;
};

test('asked back after "Cập nhật": the number stands for the choice shown below the question, and "có" for none of them', async () => {
  const code = await assign('Rà soát các dự án dưới 60%');
  expect(heard(DAT)).toHaveLength(1);
  expect(await asks('2')).toContain(`Cập nhật ${code}`);
  const question = await asks('khoang 20%');
  expect(question).toMatch(/Chưa ghi nhận “khoang 20%”[\s\S]*\nTrả lời số: 1\. Ghi 20% vào NV-1$/);
  for (const yes of ['co', 'đúng rồi', 'có ạ']) expect(await asks(yes)).toMatch(/chưa ghi nhận gì[\s\S]*\nTrả lời số: 1\. Ghi 20% vào NV-1$/);
  expect(await percents(code)).toEqual([]);
  expect(await asks('1')).toContain(`Đã ghi nhận ${code}: 20%`);
  expect(await percents(code)).toEqual([[20, 'khoang 20%']]);
  expect(heard(NHI)).toHaveLength(1);
});

test('a number no list has is the percent of the task the list is about; where it may be a slip, or the list is about something else, it is asked back', async () => {
  const code = await assign('Rà soát các dự án dưới 60%');
  heard(DAT);
  await asks('2');
  await asks('khoang 20%');
  const slip = await asks('3');
  expect(slip).toMatch(/Chưa rõ số 3[\s\S]*Trả lời số: 1\. Ghi 3% vào NV-1$/);
  expect(await asks('35')).toContain(`Đã ghi nhận ${code}: 35%`);
  await asks(`/capnhat ${code}`);
  await asks('/hop');
  await asks('/nhiemvu');
  expect(await percents(code)).toEqual([[35, '']]);
  expect(heard(NHI)).toHaveLength(1);
});

test('a meeting looked at while a report is awaited: numbers and "tham dự" are about that meeting', async () => {
  const code = await assign('Rà soát các dự án dưới 60%');
  const attendee = await world.app.ctx.db.Person.findOne({ name: 'Hoàng Văn Dật' }).lean();
  for (const day of [20, 24]) await post('/api/v1/meetings', { title: `Giao ban ngày ${day}`, kind: 'regular', startsAt: `2026-11-${day}T02:00:00Z`, place: 'Phòng họp số 2', chair: 'Chủ tịch UBND tỉnh', attendeeIds: [String(attendee?._id)] });
  await settle();
  expect(heard(DAT)).toHaveLength(3);
  expect(await asks(`/capnhat ${code}`)).toContain(`Cập nhật ${code}`);
  expect(await asks('/hop HOP-2')).toMatch(/Trả lời số: 1\. Đã nhận {2}2\. Tham dự {2}3\. Vắng$/);
  const coming = await asks('tham du');
  expect(coming).toMatch(/Có phải đồng chí trả lời lịch họp HOP-2026-00002\?[\s\S]*Trả lời số: 1\. Đã nhận {2}2\. Tham dự {2}3\. Vắng$/);
  expect(await asks('35')).toMatch(/Chưa rõ số 35[\s\S]*Trả lời số: 1\. Ghi 35% vào NV-1$/);
  await asks('/hop HOP-2');
  expect(await asks('2')).toContain('Đã ghi nhận HOP-2026-00002: đồng chí sẽ tham dự');
  expect(await percents(code)).toEqual([]);
  const answers = await world.app.ctx.db.Meeting.find({}, { attendees: 1 }).sort({ code: 1 }).lean();
  expect(answers.map(({ attendees }) => attendees[0]?.answer)).toEqual([null, 'attending']);
});

/** What can be shown or asked, in any order; each is answered by one message. */
const steps = ['/nhiemvu', '/hop', '/hop HOP-1', '/hop HOP-2', '/capnhat NV-1', '/capnhat NV-2', '/capnhat', 'khoang 20%', 'dat 40', 'tham du', 'co', 'da xong het roi', '1', '2', '3', '4', '5'] as const;

test('whatever is shown and typed, a number in the newest list does what stands beside it', { timeout: 60_000 }, async () => {
  await assign('Rà soát các dự án dưới 60%');
  await assign('Tổng hợp nhu cầu vốn');
  const attendee = await world.app.ctx.db.Person.findOne({ name: 'Hoàng Văn Dật' }).lean();
  for (const day of [20, 24]) await post('/api/v1/meetings', { title: `Giao ban ngày ${day}`, kind: 'regular', startsAt: `2026-11-${day}T02:00:00Z`, place: 'Phòng họp số 2', chair: 'Chủ tịch UBND tỉnh', attendeeIds: [String(attendee?._id)] });
  await settle();
  let list = heard(DAT).findLast((text) => text.includes('\nTrả lời số: ')) ?? '';
  const labels = (text: string) => [...(/\nTrả lời số: (.*)$/.exec(text)?.[1] ?? '').matchAll(/(\d)\. (.*?)(?= {2}\d\. |$)/g)].map(([, , label = '']) => label);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 8 }), async (said) => {
      for (const text of said) {
        const before = labels(list);
        world.clock.advance({ minutes: 3 });
        await bot.network.say(DAT, text);
        await settle();
        const answer = heard(DAT).join('\n');
        heard(NHI);
        const label = /^\d$/.test(text) ? before[Number(text) - 1] : undefined;
        if (label !== undefined) {
          expect(answer, `${text} of ${before.join(' | ')}`).not.toContain('Chưa rõ số');
          const inbound = await world.app.ctx.db.Inbound.findOne({ channel: 'zalo-bot' }).sort({ receivedAt: -1, _id: -1 }).lean();
          expect(inbound?.message.kind, `${text} of ${before.join(' | ')}`).toBe('button');
        }
        const now = labels(answer);
        expect(new Set(now).size, answer).toBe(now.length);
        // "Cập nhật NV-1: …" asks for a percent: no list above it counts.
        if (now.length > 0 || /^Cập nhật NV/.test(answer)) list = answer;
      }
    }),
    { numRuns: 12 },
  );
});
