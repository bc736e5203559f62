import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { openTasksOf, openTasksWithMarks } from '../../src/directives/find-tasks.js';
import { remindNow } from '../../src/directives/remind-now.js';
import { mayConcern } from '../../src/directives/task-rights.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { drainOutbox } from '../../src/delivery/outbox/drain-outbox.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import type { Task } from '../../src/directives/task.model.js';
import type { Person } from '../../src/people/person.model.js';
import { registerPerson } from '../../src/people/register-person.js';
import { ScriptedSender } from '../support/delivery-world.js';
import { assigned, chatting, current, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let ctx: Ctx;
let mai: Person;
let task: Task;
let telegram: ScriptedSender;
let n = 0;
beforeEach(async () => {
  p = await province('2026-11-20T01:00:00Z');
  ctx = p.ctx;
  mai = await registerPerson(because(ctx, 'seed:mai'), office, { name: 'Đỗ Thị Mai', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer'] });
  for (const person of [p.dat, p.quyen, p.trieu, mai]) await ctx.db.ChatLink.create({ channel: 'telegram', chatId: person.name, senderId: person.name, personId: person._id, linkedAt: p.clock.now(), linkedBy: 'code', lastInboundAt: p.clock.now() });
  telegram = new ScriptedSender('telegram');
  task = await assigned(ctx, { officerId: String(p.quyen._id), dueOn: '2026-12-10' });
  await settle();
  expect(telegram.sent.splice(0).map(({ to }) => to).sort()).toEqual(['Hoàng Văn Dật', 'Nguyễn Tố Quyên']);
});
afterEach(() => p.close());

const settle = async () => {
  await relayIntents(ctx);
  await drainOutbox(ctx, { senders: [telegram], renderers: { ...deliveryRenderers, ...taskRenderers }, instance: 'test' });
};
const urged = async (): Promise<string[]> => {
  await remindNow(because(ctx, `urge:${++n}`), office, { code: task.code });
  await settle();
  return telegram.sent.splice(0).map(({ to }) => to).sort();
};
const leaves = (who: Person, more: Partial<Person> = {}) => ctx.db.Person.updateOne({ _id: who._id }, { $set: { active: false, leftAt: p.clock.now(), ...more } });
const codesOf = async (person: Person) => (await openTasksOf(ctx, chatting(person))).map(({ code }) => code);

test('while the named officer is here, the agency\'s other officers are not concerned', async () => {
  expect(await urged()).toEqual(['Hoàng Văn Dật', 'Nguyễn Tố Quyên']);
  expect([await codesOf(p.quyen), await codesOf(mai)]).toEqual([[task.code], []]);
});

test('the named officer has left and nobody follows: all officers of the agency hear, and find the task among theirs', async () => {
  await leaves(p.quyen);
  expect(await codesOf(mai)).toEqual([task.code]);
  expect(await urged()).toEqual(['Hoàng Văn Dật', 'Đỗ Thị Mai']);
  expect(await ctx.db.Delivery.countDocuments({ reason: 'reassigned' })).toBe(0);
});

test('the named officer has left and one of the agency follows: they hear, and the others do not', async () => {
  const an = await registerPerson(because(ctx, 'seed:an'), office, { name: 'An', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'] });
  await leaves(p.quyen, { deputyId: mai._id });
  expect(await urged()).toEqual(['Hoàng Văn Dật', 'Đỗ Thị Mai']);
  expect([await codesOf(mai), await codesOf(an)]).toEqual([[task.code], []]);
});

test('the named officer was moved to another agency: they hear no more, the agency\'s officers do', async () => {
  await remindNow(because(ctx, 'before'), office, { code: task.code });
  await relayIntents(ctx);
  await ctx.db.Person.updateOne({ _id: p.quyen._id }, { $set: { agencyCode: 'SXD' } });
  await settle();
  expect(telegram.sent.splice(0).map(({ to }) => to), 'planned before the move').toEqual(['Hoàng Văn Dật']);
  expect(await urged()).toEqual(['Hoàng Văn Dật', 'Đỗ Thị Mai']);
});

test('whoever acts for such an officer hears, finds the task and may report on it; not any more once the officer is back', async () => {
  await leaves(p.quyen);
  const away = { leave: { from: new Date('2026-11-19T00:00:00Z'), until: new Date('2026-11-25T00:00:00Z') }, deputyId: p.trieu._id };
  await ctx.db.Person.updateOne({ _id: mai._id }, { $set: away });
  expect(await urged()).toEqual(['Cao Nhật Triều', 'Hoàng Văn Dật']);
  expect((await openTasksWithMarks(ctx, chatting(p.trieu))).map(({ task: { code }, behalf }) => [code, behalf?.name])).toEqual([[task.code, 'Đỗ Thị Mai']]);
  expect(await mayConcern(ctx, chatting(p.trieu), 'task.report', await current(ctx, task))).toBe(true);
  await ctx.db.Person.updateOne({ _id: p.quyen._id }, { $set: { active: true } });
  expect(await mayConcern(ctx, chatting(p.trieu), 'task.report', await current(ctx, task))).toBe(false);
});
