import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDeputyStory } from '../support/deputy-story.js';
import type { StoryPerson, World } from '../support/world.js';

let w: World;
let an: StoryPerson;
let binh: StoryPerson;
let cuong: StoryPerson;

let onLeave: (person: StoryPerson) => Promise<void>;
let forget: () => void;
beforeEach(async () => {
  ({ w, an, binh, cuong, onLeave, forget } = await openDeputyStory({ cuong: { position: 'Chánh Văn phòng', agencyCode: 'VP', channel: 'zalo' } }));
});
afterEach(() => w.close());

const call = async (title: string, startsAt: string, more: object) => {
  const { status, body } = await w.api('POST', '/api/v1/meetings', { title, kind: 'regular', startsAt, place: 'phòng họp 1', ...more });
  expect(status).toBe(201);
  await w.settle();
  forget();
  return (body as { code: string }).code;
};
const asks = async (person: StoryPerson, words: string) => {
  await w.say(person, words);
  const answer = w.heard(person).at(-1);
  if (!answer) throw new Error('no answer');
  return answer;
};

test('/hop: time, place, chair and own answer of what lies ahead', async () => {
  const first = await call('Giải ngân quý IV', '2026-11-20T14:00:00+07:00', { chair: 'Chủ tịch UBND tỉnh', attendeeIds: [an.id, binh.id] });
  await call('Giao ban tháng', '2026-11-27T08:00:00+07:00', { chairId: cuong.id, attendeeIds: [an.id] });
  await w.say(an, `/vang ${first} đi công tác`);
  w.heard(an);
  const list = await asks(an, '/hop');
  expect(list.text.split('\n')).toEqual([
    '📅 Lịch họp sắp tới: 2',
    'HOP-1 · 14:00 ngày mai, thứ Sáu 20/11/2026',
    '   Giải ngân quý IV; phòng họp 1; chủ trì: Chủ tịch UBND tỉnh (đã báo vắng: đi công tác)',
    'HOP-2 · 08:00 thứ Sáu 27/11/2026',
    '   Giao ban tháng; phòng họp 1; chủ trì: Cường, Chánh Văn phòng (chưa xác nhận)',
    'Xem kỹ: /hop HOP-1. Trả lời: /thamdu HOP-1 hoặc /vang HOP-1 lý do.',
  ]);
  expect(list.buttons.map(({ label }) => label)).toEqual(['Tham dự HOP-2', 'Vắng HOP-2', 'Đã nhận HOP-2']);
  const full = await asks(cuong, '/hop HOP-2');
  expect(full.text.split('\n')).toEqual([
    '📅 HOP-2026-00002',
    '08:00 thứ Sáu 27/11/2026, phòng họp 1.',
    'Chủ trì: Cường, Chánh Văn phòng. Kính mời đồng chí chủ trì cuộc họp.',
    'Nội dung: Giao ban tháng',
    'Thành phần (2): Cường, An.',
    'Trả lời của đồng chí: chưa xác nhận.',
  ]);
  expect(full.buttons.map(({ label }) => label)).toEqual(['Đã nhận', 'Tham dự', 'Vắng']);
});

test('a deputy sees the meetings of whoever is away, whose place it is, and answers for them from the list', async () => {
  await onLeave(an);
  const own = await call('Giải ngân quý IV', '2026-11-20T14:00:00+07:00', { attendeeIds: [an.id, binh.id] });
  const theirs = await call('Giao ban tháng', '2026-11-27T08:00:00+07:00', { attendeeIds: [an.id] });
  const list = await asks(binh, '/hop');
  expect(list.text).toContain('(chưa xác nhận; thay đồng chí An: chưa xác nhận)');
  expect(list.text).toContain('Giao ban tháng; phòng họp 1 (thay đồng chí An: chưa xác nhận)');
  await w.tap(binh, list, 'Đã nhận HOP-2, thay An');
  expect(w.heard(binh).at(-1)?.text).toContain(`✅ Đã ghi nhận ${theirs}`);
  expect((await asks(binh, `/hop ${theirs}`)).text).toContain('Trả lời thay đồng chí An: đã nhận, chưa trả lời.');
  const full = await asks(binh, `/hop ${own}`);
  expect(full.buttons.map(({ label }) => label)).toEqual(['Đã nhận', 'Tham dự', 'Vắng', 'Dự thay: An', 'Vắng: An']);
});

test('a meeting one has nothing to do with is not shown, and neither is one somebody was taken off', async () => {
  const code = await call('Giải ngân quý IV', '2026-11-20T14:00:00+07:00', { attendeeIds: [an.id, binh.id] });
  expect((await asks(cuong, `/hop ${code}`)).text).not.toContain('Giải ngân');
  w.clock.advance({ minutes: 1 });
  await w.api('POST', `/api/v1/meetings/${code}/attendees`, { remove: [binh.id] });
  await w.settle();
  expect(w.heard(binh).at(-1)?.text).toContain('Không phải dự họp');
  // The invitation on the screen says so as well, and has nothing left to tap.
  await w.settle();
  const invitation = w.networks.telegram.messagesOf(binh.userId).find(({ text }) => text.includes('Mời họp'));
  expect(invitation).toMatchObject({ text: expect.stringContaining('Đồng chí không phải dự cuộc họp này nữa, báo lúc 19/11/2026 09:01'), buttons: [] });
  expect((await asks(binh, '/hop')).text).toBe('📅 Đồng chí không có cuộc họp nào sắp tới.');
  expect((await asks(binh, `/hop ${code}`)).text).not.toContain('Giải ngân');
});
