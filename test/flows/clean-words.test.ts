import { afterAll, beforeAll, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { moveDeadline } from '../../src/directives/move-deadline.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import { answerMeeting } from '../../src/meetings/answer-meeting.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { confirmByPhone } from '../../src/meetings/confirm-by-phone.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { createAccount } from '../../src/people/accounts/accounts.js';
import { changeAccount } from '../../src/people/accounts/change-account.js';
import { changePerson } from '../../src/people/persons/change-person.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';
import { assigned, chatting, current, letter, office, province } from '../support/task-story.js';

const ODD = ['Họp\u0000giao ban', 'Họp \u202egpj.exe\u202c', 'Họp \u2066x\u2069', 'Họp \ud800', 'Họp\u009b31m', 'Họp\u007f'];
let house: AdminHouse;
let home: Awaited<ReturnType<typeof province>>;
let n = 0;
beforeAll(async () => {
  [house, home] = await Promise.all([openAdminHouse(), province()]);
});
afterAll(() => Promise.all([house.close(), home.close()]));

const next = (): Ctx => because(home.ctx, `words:${++n}`);
const NOON = new Date('2026-12-01T05:00:00Z');
const SYSTEM = { kind: 'system', name: 'Hệ thống' } as const;

test.each(ODD)('no form of the back office takes %j; the field says so and nothing is written', async (odd) => {
  const cookie = await house.signIn('admin@example.vn');
  const count = async () => [await house.ctx.db.Meeting.countDocuments(), await house.ctx.db.Person.countDocuments(), await house.ctx.db.Account.countDocuments(), await house.ctx.db.Directive.countDocuments(), await house.ctx.db.Agency.countDocuments()];
  const before = await count();
  const person = { name: 'Lê Thị Mai', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'], phone: '', email: '' };
  const meeting = { title: 'Họp giao ban', kind: 'regular', startsOn: '2026-12-01', startsTime: '10:00', place: 'Phòng 201', chair: 'Chủ tịch', attendeeIds: [house.people.dat] };
  const directive = { symbol: '1/CĐ', kind: 'Công văn', issuedOn: '2026-11-18', signer: 'A', summary: 'b', urgency: 'normal', tasks: [{ content: 'c', leadAgencyCode: 'STC', dueMode: 'day', dueOn: '2026-12-01' }] };
  const tries: [path: string, form: Record<string, unknown>, field: string][] = [
    ['Person/actions/add', person, 'name'], ['Person/actions/add', person, 'position'], ['Account/actions/add', { email: 'x@example.vn', name: 'X', role: 'office', password: PASSWORD }, 'name'],
    ['Agency/actions/add', { code: 'ZZ', name: 'Sở', type: 'department' }, 'name'], ['Meeting/actions/call', meeting, 'title'], ['Meeting/actions/call', meeting, 'place'], ['Meeting/actions/call', meeting, 'chair'],
    ['Task/actions/assign', directive, 'symbol'], ['Task/actions/assign', directive, 'signer'], ['Task/actions/assign', directive, 'summary'],
  ];
  for (const [path, form, field] of tries) {
    const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/${path}`, headers: { cookie }, payload: { nonce: String(++n).padStart(32, '0'), ...form, [field]: odd } });
    expect((answer.json() as { errors?: object }).errors, `${path} ${field}`).toHaveProperty(field);
  }
  expect(await count()).toEqual(before);
});

test.each(ODD)('no use case takes %j from where it can be mended', async (odd) => {
  const task = await assigned(home.ctx, { dueOn: '2026-12-04' });
  const dat = home.dat._id.toString();
  const { code } = await callMeeting(next(), office, { title: 'Họp', kind: 'regular', startsAt: NOON, place: 'P', attendeeIds: [dat] });
  const meeting = { title: 'Họp', kind: 'regular' as const, startsAt: NOON, place: 'P', attendeeIds: [dat] };
  const person = { name: 'A', position: 'B', agencyCode: 'STC', roles: ['officer' as const] };
  const deeds: [path: string, deed: () => Promise<unknown>][] = [
    ['name', () => registerPerson(next(), office, { ...person, name: odd })], ['position', () => changePerson(next(), office, { id: dat, changes: { position: odd } })],
    ['name', () => registerAgency(next(), office, { code: 'ZZ', name: odd, type: 'department' })], ['code', () => registerAgency(next(), office, { code: odd, name: 'Sở', type: 'department' })],
    ['name', () => createAccount(next(), SYSTEM, { email: 'odd@example.vn', name: odd, role: 'office', password: PASSWORD })],
    ['title', () => callMeeting(next(), office, { ...meeting, title: odd })], ['place', () => callMeeting(next(), office, { ...meeting, place: odd })], ['chair', () => callMeeting(next(), office, { ...meeting, chair: odd })],
    ['reason', () => postponeMeeting(next(), office, { code, startsAt: NOON, reason: odd })], ['place', () => postponeMeeting(next(), office, { code, startsAt: NOON, reason: 'bão', place: odd })],
    ['reason', () => cancelMeeting(next(), office, { code, reason: odd })], ['note', () => confirmByPhone(next(), office, { code, personId: dat, answer: 'absent', note: odd })],
    ['summary', () => createDirective(next(), office, letter([{}], { summary: odd }))], ['tasks.0.content', () => createDirective(next(), office, letter([{ content: odd }]))],
    ['reason', () => moveDeadline(next(), office, { code: task.code, dueOn: '2026-12-08', reason: odd })],
    ['note', () => reportProgress(next(), { ...office, role: 'agency', agencyCode: task.leadAgencyCode } as never, { code: task.code, percent: 5, note: odd })],
  ];
  for (const [path, deed] of deeds) await expect(deed(), path).rejects.toMatchObject({ code: 'input-invalid', status: 400, params: { path } });
  const account = await createAccount(because(home.ctx, 'one'), SYSTEM, { email: 'one@example.vn', name: 'Một', role: 'office', password: PASSWORD });
  await expect(changeAccount(next(), SYSTEM, { id: String(account._id), name: odd })).rejects.toMatchObject({ code: 'input-invalid', params: { path: 'name' } });
});

test.each(ODD)('said in a chat, %j counts without the signs', async (odd) => {
  const said = `đang làm ${odd}`;
  // eslint-disable-next-line no-control-regex -- exactly those are meant
  const kept = said.replace(/[\u0000\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/g, '').trim();
  const task = await assigned(home.ctx, { dueOn: '2026-12-04' });
  await reportProgress(next(), chatting(home.dat), { code: task.code, percent: 30, note: said });
  expect((await current(home.ctx, task)).progress.at(-1)?.note).toBe(kept);
  const { code } = await callMeeting(next(), office, { title: 'Họp', kind: 'regular', startsAt: NOON, place: 'P', attendeeIds: [home.dat._id.toString()] });
  await home.ctx.db.Meeting.updateOne({ code }, { $set: { 'attendees.0.toldVersion': 1 } });
  await answerMeeting(next(), chatting(home.dat), { code, answer: 'absent', note: said });
  const meeting = await home.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>();
  expect(meeting.attendees[0]?.answerNote).toBe(kept);
  expect(meeting.history.at(-1)?.note).toBe(kept);
});
