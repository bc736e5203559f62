import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { assignTask } from '../../src/directives/assign-task.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { materializeTasks } from '../../src/directives/materialize-tasks.js';
import type { Task } from '../../src/directives/task.model.js';
import { endOfDay, formatInstant } from '../../src/kernel/local-date.js';
import { chatting, letter, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

test('a document with three tasks: numbered, with deadlines, first reminders and the message of assignment', async () => {
  const { ctx, dat, quyen, nhi } = p;
  const input = letter([
    { dueOn: '2026-11-30', officerId: quyen._id.toString(), monitorId: nhi._id.toString(), coordinatingAgencyCodes: ['SXD'] },
    { leadAgencyCode: 'SXD', dueAt: '2026-11-23T17:00' },
    {},
  ]);
  const { directive, tasks } = await createDirective(because(ctx, 'api:1'), office, { ...input, symbol: '  5127/UBND-KT'.normalize('NFD') });
  expect(directive).toMatchObject({ symbol: '5127/UBND-KT', agencyCode: 'UBND', year: 2026, drafts: [] });
  expect(tasks.map((task) => task.code)).toEqual(['NV-2026-00001', 'NV-2026-00002', 'NV-2026-00003']);
  const [first, second, third] = tasks as [Task, Task, Task];
  expect(first).toMatchObject({ stage: 'new', dueOn: '2026-11-30', dueAt: endOfDay('2026-11-30'), originalDueAt: endOfDay('2026-11-30'), nextReminderSlot: 'T-3' });
  expect(formatInstant(first.nextReminderAt ?? ctx.clock.now())).toBe('25/11/2026 06:30');
  expect(first.intents).toMatchObject([{ key: 'assign:NV-2026-00001', kind: 'task-assigned', lane: 'normal', to: [{ personId: dat._id.toString() }, { personId: quyen._id.toString() }] }, { key: 'coordinate:NV-2026-00001', kind: 'task-coordinating' }]);
  expect(second).toMatchObject({ dueByHour: true, nextReminderSlot: 'T-0' });
  expect(third).toMatchObject({ dueAt: null, nextReminderAt: null });
  expect(await ctx.db.AuditEntry.countDocuments({ action: 'directive.create' })).toBe(1);
});

test('the same request again gives the same result; another one with the same number is refused', async () => {
  const { ctx } = p;
  const first = await createDirective(because(ctx, 'api:1'), office, letter([{}, {}]));
  const again = await createDirective(because(ctx, 'api:1'), office, letter([{}, {}]));
  expect(again.directive._id).toEqual(first.directive._id);
  expect(again.tasks.map((task) => task.code)).toEqual(first.tasks.map((task) => task.code));
  await expect(createDirective(because(ctx, 'api:2'), office, letter([{}]))).rejects.toMatchObject({ code: 'directive-exists', params: { symbol: '5127/UBND-KT', year: 2026 } });
  await createDirective(because(ctx, 'api:3'), office, letter([{}], { issuedOn: '2025-11-16' }));
  await createDirective(because(ctx, 'api:4'), office, letter([{}], { agencyCode: 'STC' }));
  expect(await ctx.db.Task.countDocuments()).toBe(4);
});

test('two requests for one document in the same moment: one wins, the other is told', async () => {
  const { ctx } = p;
  const results = await Promise.allSettled(['api:1', 'api:2', 'api:1'].map((cause) => createDirective(because(ctx, cause), office, letter([{}, {}]))));
  expect(results.filter((r) => r.status === 'rejected').every((r) => (r.reason as { code: string }).code === 'directive-exists')).toBe(true);
  expect(await ctx.db.Directive.countDocuments()).toBe(1);
  expect(await ctx.db.Task.countDocuments()).toBe(2);
});

test('the process dies while the tasks are copied: the tick finishes, and nothing is doubled', async () => {
  const { ctx } = p;
  const { directive, tasks } = await createDirective(because(ctx, 'api:1'), office, letter([{}, {}, {}]));
  await ctx.db.Task.deleteMany({ code: { $ne: 'NV-2026-00001' } });
  await ctx.db.Task.updateOne({ code: 'NV-2026-00001' }, { $set: { percent: 40, intents: [] } });
  await ctx.db.Directive.updateOne({ _id: directive._id }, { $set: { drafts: tasks } });
  expect(await materializeTasks(ctx)).toBe(3);
  expect(await materializeTasks(ctx)).toBe(0);
  const after = await ctx.db.Task.find().sort({ code: 1 }).lean<Task[]>();
  expect(after.map((task) => [task.code, task.percent, task.intents.length])).toEqual([['NV-2026-00001', 40, 0], ['NV-2026-00002', 0, 1], ['NV-2026-00003', 0, 1]]);
});

describe('everything is checked before anything is written', () => {
  const wrong: [string, Parameters<typeof letter>, string, string][] = [
    ['an unknown agency', [[{}, { leadAgencyCode: 'XXX' }]], 'agency-unknown', 'tasks.1.leadAgencyCode'],
    ['an unknown coordinating agency', [[{ coordinatingAgencyCodes: ['SXD', 'XXX'] }]], 'agency-unknown', 'tasks.0.coordinatingAgencyCodes.1'],
    ['the lead among the coordinating', [[{ coordinatingAgencyCodes: ['STC'] }]], 'input-invalid', 'tasks.0.coordinatingAgencyCodes.0'],
    ['an unknown person', [[{ officerId: '0123456789abcdef01234567' }]], 'person-unknown', 'tasks.0.officerId'],
    ['an id that is none', [[{ leaderId: 'xyz' }]], 'person-unknown', 'tasks.0.leaderId'],
    ['a deadline before the document', [[{ dueOn: '2026-11-15' }]], 'due-invalid', 'tasks.0.dueOn'],
    ['a day that does not exist', [[{ dueOn: '2026-02-30' }]], 'due-invalid', 'tasks.0.dueOn'],
    ['a day and an hour', [[{ dueOn: '2026-11-30', dueAt: '2026-11-30T10:00' }]], 'due-invalid', 'tasks.0.dueAt'],
    ['no content', [[{ content: '  ' }]], 'input-invalid', 'tasks.0.content'],
    ['no task', [[]], 'input-invalid', 'tasks'],
    ['no symbol', [[{}], { symbol: ' ' }], 'input-invalid', 'symbol'],
    ['a date that is none', [[{}], { issuedOn: '16/11/2026' }], 'input-invalid', 'issuedOn'],
    ['an unknown issuing agency', [[{}], { agencyCode: 'XXX' }], 'agency-unknown', 'agencyCode'],
  ];
  test('each mistake is named by its field', async () => {
    for (const [what, [tasks, more], code, path] of wrong) {
      await expect(createDirective(because(p.ctx, 'api:1'), office, letter(tasks, more)), what).rejects.toMatchObject({ code, params: { path } });
    }
    expect(await p.ctx.db.Directive.countDocuments()).toBe(0);
    expect(await p.ctx.db.Task.countDocuments()).toBe(0);
  });
  test('an officer of another agency, an inactive agency, an inactive person', async () => {
    const { ctx, trieu } = p;
    const refuse = (tasks: Parameters<typeof letter>[0]) => createDirective(because(ctx, 'api:1'), office, letter(tasks));
    await expect(refuse([{ officerId: trieu._id.toString() }])).rejects.toMatchObject({ code: 'input-invalid', params: { path: 'tasks.0.officerId' } });
    await ctx.db.Person.updateOne({ _id: trieu._id }, { $set: { active: false } });
    await expect(refuse([{ leaderId: trieu._id.toString() }])).rejects.toMatchObject({ code: 'person-inactive' });
    await ctx.db.Agency.updateOne({ code: 'SXD' }, { $set: { active: false } });
    await expect(refuse([{ leadAgencyCode: 'SXD' }])).rejects.toMatchObject({ code: 'agency-inactive' });
  });
});

test('one more task on the same document; officers may not assign', async () => {
  const { ctx, quyen } = p;
  const { directive } = await createDirective(because(ctx, 'api:1'), office, letter([{}]));
  const input = { directiveId: directive._id.toString(), content: 'Kiểm tra công trường', leadAgencyCode: 'SXD', dueOn: '2026-12-01' };
  const task = await assignTask(because(ctx, 'admin:1'), office, input);
  expect(task).toMatchObject({ code: 'NV-2026-00002', contentFold: 'kiem tra cong truong', directive: { symbol: '5127/UBND-KT' } });
  expect((await assignTask(because(ctx, 'admin:1'), office, input)).code).toBe('NV-2026-00002');
  await expect(assignTask(because(ctx, 'x:1'), chatting(quyen), input)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(assignTask(because(ctx, 'admin:2'), office, { ...input, directiveId: 'x' })).rejects.toMatchObject({ code: 'directive-unknown' });
  expect(await ctx.db.Task.countDocuments()).toBe(2);
});

test('the number is that of the year in Vietnam', async () => {
  p.clock.set('2026-12-31T17:30:00Z');
  const { tasks } = await createDirective(because(p.ctx, 'api:1'), office, letter([{}]));
  expect(tasks[0]?.code).toBe('NV-2027-00001');
});
