import { expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { confirmTask } from '../../src/directives/confirm-task.js';
import { getTask, listTasks, openTasksOf } from '../../src/directives/find-tasks.js';
import { moveDeadline } from '../../src/directives/move-deadline.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import { stages } from '../../src/directives/task.model.js';
import { timeTag, timeTags } from '../../src/directives/time-tag.js';
import { calendar2026 } from '../support/calendar.js';
import { assigned, chatting, office, province } from '../support/task-story.js';

test('each tag finds exactly the tasks that carry it, in every stage', async () => {
  const { ctx, clock, close } = await province('2026-11-02T02:00:00Z');
  for (const dueOn of ['2026-11-03', '2026-11-20', '2026-11-25', '2026-11-26', '2026-11-27', undefined]) {
    const { _id, ...task } = await assigned(ctx, dueOn ? { dueOn } : {}, { issuedOn: '2026-11-01' });
    const handedIn = [new Date('2026-11-10T02:00:00Z'), new Date('2026-11-20T02:00:00Z')];
    for (const [i, stage] of stages.entries()) {
      const at = handedIn[i % 2] ?? null;
      await ctx.db.Task.create({ ...task, code: `${task.code}-${i}`, stage, submittedAt: stage === 'submitted' ? at : null, completedAt: stage === 'completed' ? at : null });
    }
  }
  clock.set('2026-11-20T02:00:00Z');
  const all = (await listTasks(ctx, office, { pageSize: 100 })).tasks;
  expect(all).toHaveLength(66);
  for (const tag of timeTags) {
    const found = await listTasks(ctx, office, { timeTag: tag, pageSize: 100 });
    const expected = all.filter((task) => timeTag(task, clock.now(), calendar2026) === tag).map((task) => task.code);
    expect(found.tasks.map((task) => task.code), tag).toEqual(expected);
    expect(found.total).toBe(expected.length);
    expect(expected.length, tag).toBeGreaterThan(0);
  }
  await close();
});

test('pages run by deadline with undated tasks last; agencies see their own only', async () => {
  const { ctx, dat, quyen, trieu, nhi, close } = await province();
  await assigned(ctx, {});
  await assigned(ctx, { dueOn: '2026-12-01', officerId: quyen._id.toString(), monitorId: nhi._id.toString() });
  await assigned(ctx, { dueOn: '2026-11-23', leadAgencyCode: 'SXD' });
  await assigned(ctx, { dueOn: '2026-11-30', coordinatingAgencyCodes: ['SXD'] });
  await assigned(ctx, {});
  const numbers = async (...args: Parameters<typeof listTasks>) => (await listTasks(...args)).tasks.map((task) => Number(task.code.slice(-5)));
  expect(await numbers(ctx, office, {})).toEqual([3, 4, 2, 1, 5]);
  expect(await numbers(ctx, office, { pageSize: 2, page: 2 })).toEqual([2, 1]);
  expect(await numbers(ctx, office, { pageSize: 2, page: 3 })).toEqual([5]);
  expect(await numbers(ctx, office, { agencyCode: 'SXD' })).toEqual([3]);
  expect(await numbers(ctx, chatting(trieu), {})).toEqual([3, 4]);
  expect(await numbers(ctx, { kind: 'account', accountId: 'x', name: 'x', role: 'agency', agencyCode: null, personId: null }, {})).toEqual([]);
  const mine = async (person: typeof dat) => (await openTasksOf(ctx, chatting(person))).map((task) => Number(task.code.slice(-5)));
  expect(await mine(dat)).toEqual([4, 2, 1, 5]);
  expect(await mine(nhi)).toEqual([2]);
  await expect(getTask(ctx, chatting(trieu), 'NV-2026-00001')).rejects.toMatchObject({ code: 'task-not-yours' });
  await expect(getTask(ctx, office, 'NV-2026-00099')).rejects.toMatchObject({ code: 'task-unknown' });
  await close();
});

test('on time and late by the real way to completion', async () => {
  const { ctx, clock, quyen, close } = await province();
  const task = await assigned(ctx, { dueOn: '2026-11-23' });
  await moveDeadline(because(ctx, 'a:1'), office, { code: task.code, dueOn: '2026-12-10', reason: 'chờ' });
  clock.set('2026-12-01T02:00:00Z');
  await reportProgress(because(ctx, 't:1'), chatting(quyen), { code: task.code, percent: 100, note: '' });
  await confirmTask(because(ctx, 'a:2'), office, { code: task.code });
  expect((await listTasks(ctx, office, { timeTag: 'late' })).total).toBe(1);
  expect((await listTasks(ctx, office, { timeTag: 'on-time', stage: 'completed' })).total).toBe(0);
  await close();
});
