import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Task } from '../../src/directives/task.model.js';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

const MORNING = '2026-11-02T01:00:00Z'; // Monday, 08:00 in Vietnam
let world: World;
let officer: StoryPerson;
beforeEach(async () => {
  world = await openWorld(MORNING);
  await world.agency('STC', 'Sở Tài chính');
  officer = await world.person({ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer'] });
});
afterEach(() => world.close());

async function assign(more: object): Promise<void> {
  const task = { content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', ...more };
  await world.api('POST', '/api/v1/directives', { symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-02', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal', tasks: [task] });
  await world.settle();
}
/** Taps "Đã nhận" under the message of the assignment. */
async function confirm(): Promise<void> {
  const [message] = world.heard(officer);
  if (!message) throw new Error('nothing to confirm');
  await world.tap(officer, message, 'Đã nhận');
  world.heard(officer);
  expect(await world.app.ctx.db.Task.findOne().lean<Task>()).toMatchObject({ stage: 'acknowledged' });
}
/** What the phone shows from one date to another, as "dd/MM what". */
async function diary(days: number): Promise<string[]> {
  const lines: string[] = [];
  for (let hour = 0; hour < days * 24; hour++) {
    world.clock.advance({ hours: 1 });
    await world.settle();
    const on = new Date(world.clock.now().getTime() + 7 * 3_600_000).toISOString().slice(5, 10);
    lines.push(...world.heard(officer).map(({ text }) => `${on} ${/Quá hạn/.test(text) ? 'overdue' : /chưa có báo cáo tiến độ/.test(text) ? 'silent' : 'reminder'}`));
  }
  return lines;
}

test('"Đã nhận" and then nothing: every reminder before the deadline, and the urging after it, goes out all the same', async () => {
  await assign({ dueOn: '2026-11-06' });
  await confirm();
  // T-3 Tuesday, T-1 Thursday, the day itself, and each working day after it.
  expect((await diary(8)).map((line) => line.slice(0, 5))).toEqual(['11-03', '11-05', '11-06', '11-09', '11-10']);
}, 120_000);

test('a deadline far off: after five working days without a report the person is reminded of it; a report ends that', async () => {
  await assign({ dueOn: '2026-12-31' });
  await confirm();
  expect(await diary(14)).toEqual(['11-09 silent', '11-16 silent']);
  await world.say(officer, 'NV-1 20% đã lập danh mục dự án');
  world.heard(officer);
  expect(await diary(10)).toEqual([]);
}, 120_000);

test('a task without any deadline is not forgotten either', async () => {
  await assign({});
  await confirm();
  expect(await diary(8)).toEqual(['11-09 silent']);
}, 120_000);
