import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

/** Days off: what people do today reaches people today; what the clock planned waits for a working day. */
let world: World;
let officer: StoryPerson;
let monitor: StoryPerson;

beforeEach(async () => {
  world = await openWorld('2026-11-20T02:00:00Z'); // Friday 09:00
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  await world.agency('STC', 'Sở Tài chính');
  await world.agency('SYT', 'Sở Y tế');
  officer = await world.person({ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer'] });
  monitor = await world.person({ name: 'Trần Thục Nhi', position: 'Chuyên viên Văn phòng', agencyCode: 'VP', roles: ['office'] });
});

afterEach(async () => {
  try {
    world.expectSilence();
  } finally {
    await world.close();
  }
});

const directive = (symbol: string, task: Record<string, unknown>) =>
  world.api('POST', '/api/v1/directives', {
    symbol, kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy', urgency: 'normal', summary: 'Giải ngân',
    tasks: [{ content: 'Báo cáo tiến độ giải ngân', leadAgencyCode: 'STC', ...task }],
  });

test('a task entered on Sunday at nine is told at once; at eleven in the evening it waits for the morning, not for Monday', async () => {
  world.clock.set('2026-11-22T02:00:00Z'); // Sunday 09:00
  expect((await directive('1/UBND-KT', { dueOn: '2026-12-11' })).status).toBe(201);
  await world.settle();
  expect(world.heard(officer)).toHaveLength(1);

  world.clock.set('2026-11-20T16:00:00Z'); // Friday 23:00
  expect((await directive('2/UBND-KT', { dueOn: '2026-12-11' })).status).toBe(201);
  await world.settle();
  world.expectSilence();
  world.clock.set('2026-11-20T23:45:00Z'); // Saturday 06:45, after the spread
  await world.settle();
  expect(world.heard(officer)).toHaveLength(1);
});

test('an answer given on Sunday reaches the Office on Sunday', async () => {
  await directive('3/UBND-KT', { dueOn: '2026-12-11' });
  await world.settle();
  world.heard(officer);
  world.clock.set('2026-11-22T03:00:00Z');
  await world.say(officer, '/capnhat 70% đã họp');
  expect(world.heard(officer)[0]?.text).toContain('70%');
  expect(world.heard(monitor)[0]?.text).toContain('đã họp');
});

test('an agency without a leader or officer: the Office hears that nobody was told', async () => {
  await directive('4/UBND-KT', { leadAgencyCode: 'SYT', dueOn: '2026-12-11' });
  await world.settle();
  const [notice, ...more] = world.heard(monitor);
  expect(notice?.text).toContain('Chưa có người nhận');
  expect(notice?.text).toContain('NV-2026-00001');
  expect(notice?.text).toContain('Sở Y tế chưa có lãnh đạo');
  expect(more).toEqual([]);
});
