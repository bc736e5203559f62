import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import type { Ctx } from '../../src/context.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { handOver } from '../../src/delivery/acting/hand-over.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { keys } from '../../src/delivery/keys.js';
import type { Lane } from '../../src/delivery/intent.js';
import type { Person } from '../../src/people/person.model.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let dat: Person;
let lan: Person;
let zalo: ScriptedSender;
/** Whose rights the renderer saw, by name. */
let seen: string[];

beforeEach(async () => {
  // Friday 20/11/2026, 08:00 in Vietnam.
  ({ ctx, clock, close } = await testCtx());
  await seedCalendar(ctx);
  lan = await newPerson(ctx, 'Lan');
  dat = await newPerson(ctx, 'Dật', { deputyId: lan._id });
  zalo = new ScriptedSender('zalo');
  seen = [];
});
afterEach(() => close());

const renderers = {
  ...plainRenderers,
  note: async (_ctx: Ctx, delivery: Delivery, person: Person | null) => {
    if (!person?.active || String(delivery.personId) !== String(person._id)) return { suppress: 'not-theirs' };
    seen.push(person.name);
    return { message: { text: `Tin ${String(delivery.data['n'])}` } };
  },
};
const tell = (intent: string, person: Person, lane: Lane = 'normal') =>
  enqueue(ctx, { key: keys.forPerson(intent, String(person._id)), kind: 'note', lane, personId: String(person._id), data: { n: intent } });
const of = (intent: string, person: Person) => ctx.db.Delivery.findOne({ key: keys.forPerson(intent, String(person._id)) }).orFail().lean<Delivery>();
const set = (person: Person, fields: object) => ctx.db.Person.updateOne({ _id: person._id }, fields);
const leave = (person: Person, from = '2026-11-18', until = '2026-11-25') => set(person, { leave: { from: new Date(`${from}T00:00:00+07:00`), until: new Date(`${until}T00:00:00+07:00`) } });
const round = async () => {
  for (let i = 0; i < 3; i++) {
    await gatherDigests(ctx, {});
    await drain(ctx, [zalo], { renderers });
  }
};
const chatOf = async (person: Person) => (await ctx.db.ChatLink.findOne({ personId: person._id }).orFail().lean()).chatId;
const notices = () => ctx.db.Delivery.find({ kind: 'person-gone' }).lean<Delivery[]>();

test('on leave: the deputy gets it and reads for whom; the person gets nothing; back again, everything goes to them', async () => {
  await leave(dat);
  await tell('a', dat);
  await round();
  expect(zalo.sent.map((s) => [s.to, s.text])).toEqual([[await chatOf(lan), 'Gửi đồng chí Lan (nhận thay đồng chí Dật, Giám đốc Sở Tài chính, nghỉ đến hết 24/11/2026):\nTin a']]);
  expect(seen).toEqual(['Dật']);
  expect(await of('a', dat)).toMatchObject({ state: 'suppressed', reason: 'on-leave' });
  expect(await of('a', lan)).toMatchObject({ state: 'accepted', behalfOf: dat._id });
  clock.set('2026-11-25T08:00:00+07:00');
  await tell('b', dat);
  await round();
  expect(zalo.sent.at(-1)).toMatchObject({ to: await chatOf(dat), text: 'Tin b' });
});

test('a deputy who is told of the same matter anyway, or acts for two, gets one copy', async () => {
  const minh = await newPerson(ctx, 'Minh', { deputyId: lan._id });
  await leave(dat);
  await leave(minh);
  for (const person of [dat, lan, minh]) await tell('all', person);
  for (const person of [dat, minh]) await tell('both', person);
  await round();
  expect(zalo.sent.map((s) => s.to)).toEqual([await chatOf(lan), await chatOf(lan)]);
  expect(zalo.sent.map((s) => s.text.split('\n').at(-1)).sort()).toEqual(['Tin all', 'Tin both']);
  const all = zalo.sent.find((s) => s.text.endsWith('Tin all'))?.text ?? '';
  const both = zalo.sent.find((s) => s.text.endsWith('Tin both'))?.text ?? '';
  expect(all).toContain('Gửi đồng chí Lan (đồng thời nhận thay đồng chí ');
  for (const text of [all, both]) for (const name of ['Dật', 'Minh']) expect(text).toContain(`đồng chí ${name}, Giám đốc`);
});

test('a crash after planning for the deputy and before the end of the first row: repeated, it changes nothing', async () => {
  await leave(dat);
  await tell('a', dat);
  await drain(ctx, [zalo], { renderers });
  await ctx.db.Delivery.updateOne({ key: keys.forPerson('a', String(dat._id)) }, { state: 'planned', reason: null, finishedAt: null });
  await round();
  expect(zalo.sent).toHaveLength(1);
  expect(await of('a', dat)).toMatchObject({ state: 'suppressed', reason: 'on-leave' });
});

test('a closed account: its duties pass to the deputy, with the same rights; nobody in their place: the office hears it once a day', async () => {
  await newPerson(ctx, 'Văn phòng', { chats: [], roles: ['office'] });
  await set(dat, { active: false });
  await tell('a', dat);
  await round();
  expect(zalo.sent.map((s) => s.text)).toEqual(['Gửi đồng chí Lan (nhận thay đồng chí Dật, Giám đốc Sở Tài chính, đã chuyển công tác hoặc nghỉ):\nTin a']);
  expect(await of('a', dat)).toMatchObject({ state: 'suppressed', reason: 'replaced' });
  await set(dat, { $unset: { deputyId: 1 } });
  for (const intent of ['b', 'c']) await tell(intent, dat);
  await round();
  expect(await of('c', dat)).toMatchObject({ state: 'suppressed', reason: 'person-inactive' });
  expect(await notices()).toHaveLength(1);
  expect(zalo.sent).toHaveLength(1);
});

test('deputies of deputies up to three; in a circle the message still reaches whoever is on leave, and the office is told', async () => {
  const office = await newPerson(ctx, 'Văn phòng', { chats: [], roles: ['office'] });
  const minh = await newPerson(ctx, 'Minh');
  await set(lan, { deputyId: minh._id });
  await leave(dat);
  await leave(lan);
  await tell('a', dat);
  await round();
  expect(zalo.sent.at(-1)?.to).toBe(await chatOf(minh));
  await set(minh, { deputyId: dat._id });
  await leave(minh);
  await tell('b', dat);
  await round();
  expect(zalo.sent.at(-1)).toMatchObject({ to: await chatOf(dat), text: 'Tin b' });
  expect(await notices()).toMatchObject([{ personId: office._id, data: { trouble: 'deputy-loop' } }]);
});

test('on leave without a deputy: the message goes to the person', async () => {
  await set(dat, { $unset: { deputyId: 1 } });
  await leave(dat);
  await tell('a', dat);
  await round();
  expect(zalo.sent.map((s) => [s.to, s.text])).toEqual([[await chatOf(dat), 'Tin a']]);
});

test('reminders of somebody on leave come in the deputy’s digest, each with the name', async () => {
  await leave(dat);
  await tell('own', lan, 'digest');
  for (const intent of ['x', 'y']) await tell(intent, dat, 'digest');
  for (let i = 0; i < 3; i++) await round();
  expect(zalo.sent.every((s) => s.to.includes('Lan'))).toBe(true);
  const said = zalo.sent.map((s) => s.text).join('\n');
  for (const intent of ['own', 'x', 'y']) expect(said).toContain(`Tin ${intent}`);
  expect(said).toContain('Tin x (thay đồng chí Dật)');
});

test.each([
  ['answered', { state: 'suppressed', reason: 'answered' }],
  ['dead', { state: 'dead', reason: 'no-channel' }],
  ['expired', { state: 'expired', reason: 'expired' }],
  ['acknowledged', { state: 'acknowledged', reason: null }],
])('the deputy’s own copy has ended (%s): what was meant for the absent person still reaches the deputy', async (_why, ended) => {
  await leave(dat);
  await tell('m', lan);
  await ctx.db.Delivery.updateOne({ key: keys.forPerson('m', String(lan._id)) }, { ...ended, finishedAt: clock.now() });
  await tell('m', dat);
  await round();
  expect(zalo.sent.map((s) => s.text.replace(/, Giám đốc.*:/, ')'))).toEqual(['Gửi đồng chí Lan (nhận thay đồng chí Dật)\nTin m']);
});

test('the deputy was told before anybody was away: told once more, and for whom', async () => {
  await tell('m', lan);
  await round();
  await leave(dat);
  await tell('m', dat);
  await round();
  expect(zalo.sent.map((s) => s.text.split('\n').length)).toEqual([1, 2]);
  expect(zalo.sent.at(-1)?.text).toContain('nhận thay đồng chí Dật');
});

test('a shared copy that has nothing to say to the deputy still speaks for the absent one', async () => {
  await leave(dat);
  for (const person of [lan, dat]) await tell('m', person);
  const note = renderers.note;
  renderers.note = async (c, delivery, person) => (person?.name === 'Lan' ? { suppress: 'not-theirs' } : note(c, delivery, person));
  await round();
  renderers.note = note;
  expect(zalo.sent.map((s) => s.text.replace(/, Giám đốc.*:/, ')'))).toEqual(['Gửi đồng chí Lan (nhận thay đồng chí Dật)\nTin m']);
});

test('a copy that comes back to its own person does not say that they act for themselves', async () => {
  await leave(dat);
  await tell('a', dat);
  const held = await of('a', dat);
  expect(await handOver(ctx, held, await ctx.db.Person.findById(dat._id).lean<Person>())).toBe('on-leave');
  await ctx.db.Delivery.updateOne({ _id: held._id }, { state: 'suppressed', reason: 'on-leave', finishedAt: clock.now() });
  await set(dat, { leave: null });
  await set(lan, { deputyId: dat._id });
  await leave(lan);
  await round();
  expect(zalo.sent.map((s) => [s.to, s.text])).toEqual([[await chatOf(dat), 'Tin a']]);
});
