import { expect, test } from 'vitest';
import { because } from '../../src/context.js';
import type { Actor } from '../../src/people/actor.js';
import type { PersonRole } from '../../src/people/person.model.js';
import { leadersOf, officeStaff, personActor, personById, taskReceiverIds } from '../../src/people/receivers.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { testCtx } from '../support/test-ctx.js';

const office: Actor = { kind: 'account', accountId: 'a', name: 'Văn phòng', role: 'office', agencyCode: null, personId: null };

test('who hears of a task: its agency\'s leaders and officers, or the officer named; only people still there', async () => {
  const { ctx, close } = await testCtx();
  let request = 0;
  const next = () => because(ctx, `api:${++request}`);
  for (const code of ['STC', 'VP']) await registerAgency(next(), office, { code, name: code, type: 'department' });
  const enter = async (name: string, agencyCode: string, ...roles: PersonRole[]) =>
    (await registerPerson(next(), office, { name, position: 'Chuyên viên', agencyCode, roles }))._id.toString();
  const director = await enter('Giám đốc', 'STC', 'leader', 'officer');
  const [quyen, tam] = [await enter('Quyên', 'STC', 'officer'), await enter('Tâm', 'STC', 'officer')];
  const gone = await enter('Đã nghỉ', 'STC', 'officer', 'leader');
  await ctx.db.Person.updateOne({ _id: gone }, { $set: { active: false } });
  const nhi = await enter('Nhi', 'VP', 'office');

  const names = (people: { name: string }[]) => people.map(({ name }) => name);
  expect(names(await leadersOf(ctx, 'STC'))).toEqual(['Giám đốc']);
  expect(names(await officeStaff(ctx))).toEqual(['Nhi']);
  expect((await taskReceiverIds(ctx, { leadAgencyCode: 'STC', officerId: null })).sort()).toEqual([director, quyen, tam].sort());
  expect(await taskReceiverIds(ctx, { leadAgencyCode: 'STC', officerId: quyen })).toEqual([director, quyen]);
  expect((await taskReceiverIds(ctx, { leadAgencyCode: 'STC', officerId: gone })).sort(), 'an officer who left is followed by the agency\'s others').toEqual([director, quyen, tam].sort());
  expect(await taskReceiverIds(ctx, { leadAgencyCode: 'SYT', officerId: null })).toEqual([]);

  const person = await personById(ctx, nhi);
  expect(person && personActor(person, 'zalo')).toEqual({ kind: 'person', personId: nhi, name: 'Nhi', agencyCode: 'VP', roles: ['office'], channel: 'zalo' });
  expect(await personById(ctx, 'khong-phai-ma')).toBeNull();
  await close();
});
