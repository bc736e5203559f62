import { afterEach, expect, test } from 'vitest';
import { openDeputyStory } from '../support/deputy-story.js';
import type { StoryPerson, World } from '../support/world.js';

let w: World;
let an: StoryPerson;
let binh: StoryPerson;
let cuong: StoryPerson;
let onLeave: (person: StoryPerson) => Promise<void>;
afterEach(() => w.close());

const open = async (channel: 'telegram' | 'zalo') => {
  ({ w, an, binh, cuong, onLeave } = await openDeputyStory({ binh: channel, cuong: { position: 'Phó Giám đốc', agencyCode: 'STC' } }));
};
const call = async (...people: StoryPerson[]) => {
  const { body } = await w.api('POST', '/api/v1/meetings', { title: 'Giải ngân', kind: 'urgent', startsAt: '2026-11-19T17:00:00+07:00', place: 'phòng họp 1', attendeeIds: people.map(({ id }) => id) });
  await w.settle();
  return (body as { code: string }).code;
};
const standing = async (code: string) => {
  const { attendees } = (await w.app.ctx.db.Meeting.findOne({ code }).orFail().lean());
  const nameOf = new Map([an, binh, cuong].map(({ id, name }) => [id, name]));
  return Object.fromEntries(attendees.map((a) => [nameOf.get(String(a.personId)) ?? '', a.answer ?? (a.acknowledgedAt ? 'received' : null)]));
};
const tap = async (message: { text: string; buttons: unknown } | undefined, label: string) => {
  if (!message) throw new Error('no such message');
  await w.tap(binh, message as never, label);
  await w.settle();
  return w.heard(binh).at(-1);
};

test.each(['telegram', 'zalo'] as const)('An is away and both are invited (%s): two messages at once, each tap counts for its own place', async (channel) => {
  await open(channel);
  await onLeave(an);
  const code = await call(an, binh);
  expect(w.heard(an)).toEqual([]);
  const told = w.heard(binh);
  expect(told).toHaveLength(2);
  const forAn = told.find(({ text }) => text.includes('nhận thay đồng chí An'));
  const own = told.find((message) => message !== forAn);
  expect((await tap(forAn, 'Tham dự'))?.text).toContain(`✅ Đã ghi nhận ${code}: đồng chí Bình dự thay đồng chí An.`);
  expect(await standing(code)).toEqual({ An: 'attending', Bình: null });
  // The own invitation is still open, and asked about again.
  w.clock.advance({ minutes: 5 });
  await w.settle();
  expect(w.heard(binh).map(({ text }) => text)).toEqual([expect.stringContaining('Nhắc họp')]);
  const away = await tap(own, 'Vắng');
  expect(away?.text).toContain('đồng chí báo vắng');
  expect(await standing(code)).toEqual({ An: 'attending', Bình: 'absent' });
  await w.say(binh, 'đi công tác');
  await w.settle();
  const { attendees } = await w.app.ctx.db.Meeting.findOne({ code }).orFail().lean();
  expect(attendees.map(({ answerNote }) => answerNote)).toEqual(['', 'đi công tác']);
});

test('“Đã nhận” typed with the code holds for the own place and for whom one was told; “vắng” for the own place, and says so', async () => {
  await open('telegram');
  await onLeave(an);
  const code = await call(an, binh);
  w.heard(binh);
  await w.say(binh, `/xacnhan ${code}`);
  await w.settle();
  expect(w.heard(binh).at(-1)?.text).toContain('đồng chí đã nhận lịch họp, cho cả đồng chí An');
  expect(await standing(code)).toEqual({ An: 'received', Bình: 'received' });
  await w.say(binh, `/vang ${code} đi công tác`);
  await w.settle();
  const answer = w.heard(binh).at(-1);
  expect(answer?.text).toContain('đồng chí còn nhận thay đồng chí An');
  expect(await standing(code)).toEqual({ An: 'received', Bình: 'absent' });
  expect((await tap(answer, 'Vắng: An'))?.text).toContain('đồng chí An vắng (đồng chí Bình báo thay)');
  expect(await standing(code)).toEqual({ An: 'absent', Bình: 'absent' });
});

test.each(['telegram', 'zalo'] as const)('An and Cường are away, Bình acts for both (%s): each is confirmed by itself, words without a name are asked back', async (channel) => {
  await open(channel);
  await onLeave(an);
  await onLeave(cuong);
  const code = await call(an, cuong);
  const told = w.heard(binh);
  expect(told).toHaveLength(2);
  await w.say(binh, `/vang ${code}`);
  await w.settle();
  const question = w.heard(binh).at(-1);
  expect(question?.text).toContain('Chưa ghi nhận');
  expect(await standing(code)).toEqual({ An: null, Cường: null });
  await tap(question, 'Vắng: An');
  expect(await standing(code)).toEqual({ An: 'absent', Cường: null });
  const forCuong = told.find(({ text }) => text.includes('nhận thay đồng chí Cường'));
  expect((await tap(forCuong, 'Đã nhận'))?.text).toContain('đồng chí Bình đã nhận lịch họp thay đồng chí Cường');
  expect(await standing(code)).toEqual({ An: 'absent', Cường: 'received' });
  w.clock.advance({ minutes: 10 });
  await w.settle();
  expect(w.heard(binh)).toEqual([]);
});

test('nobody answers for a place they neither hold nor act for', async () => {
  await open('telegram');
  const code = await call(an, binh);
  w.heard(binh);
  await w.say(binh, `/vang ${code} @${an.id}`);
  await w.settle();
  expect(await standing(code)).toEqual({ An: null, Bình: null });
  expect(w.heard(binh).at(-1)?.text).not.toContain('Đã ghi nhận');
});
