import { describe, expect, test } from 'vitest';
import { accountRoles, type AccountRole } from '../../src/people/accounts/account.model.js';
import type { Actor } from '../../src/people/actor.js';
import { personRoles, type PersonRole } from '../../src/people/person.model.js';
import { actions, can, mustBeAllowed, taskScope, type Action, type Row } from '../../src/people/policy.js';

const account = (role: AccountRole, agencyCode: string | null = null): Actor => ({ kind: 'account', accountId: 'a', name: 'A', role, agencyCode, personId: null });
const inChat = (roles: PersonRole[], agencyCode = 'STC'): Actor => ({ kind: 'person', personId: 'p1', name: 'P', agencyCode, roles, channel: 'zalo' });

const leads: Row = { leadAgencyCode: 'STC', coordinatingAgencyCodes: [] };
const helps: Row = { leadAgencyCode: 'SXD', coordinatingAgencyCodes: ['STC'] };
const foreign: Row = { leadAgencyCode: 'SXD', coordinatingAgencyCodes: ['SYT'], attendees: [{ personId: 'p2' }] };

/** The whole table once more, by hand: what each may do to a row that is none of its business. */
const OFFICE: Action[] = [
  'agency.write', 'person.write', 'link-code.issue', 'directive.write', 'task.assign', 'task.read', 'task.remind', 'task.move-deadline',
  'task.confirm', 'task.return', 'meeting.write', 'meeting.read', 'delivery.read',
];
const everywhere: [name: string, actor: Actor, allowed: readonly Action[]][] = [
  ['administrator', account('admin'), [...OFFICE, 'account.write', 'calendar.write', 'channel.read', 'channel.write', 'audit.read', 'hold.read', 'hold.decide', 'inbox.retry']],
  ['office', account('office'), [...OFFICE, 'calendar.write', 'channel.read', 'hold.read', 'hold.decide']],
  ['leader of the province', account('leader'), ['task.read', 'meeting.read', 'delivery.read', 'audit.read']],
  ['agency', account('agency', 'STC'), []],
  ['API', { kind: 'api', name: 'API' }, OFFICE],
  ['system', { kind: 'system', name: 'S' }, actions],
  ['leader in chat', inChat(['leader']), []],
  ['leader of the province in chat', { ...inChat(['leader'], 'UBND'), presides: true } as Actor, ['task.read', 'meeting.read']],
  ['officer in chat', inChat(['officer']), []],
  ['office staff in chat', inChat(['office']), ['task.read', 'task.remind', 'meeting.read', 'delivery.read']],
  ['administrator in chat', inChat(['admin']), []],
];

describe.each(everywhere)('%s', (_name, actor, allowed) => {
  test.each(actions)('%s on a row of others, and without a row', (action) => {
    expect(can(actor, action, foreign)).toBe(allowed.includes(action));
    expect(can(actor, action)).toBe(allowed.includes(action));
  });
});

test('every role of people and accounts is in the table', () => {
  for (const role of accountRoles) expect(() => can(account(role), 'task.read')).not.toThrow();
  for (const role of personRoles) expect(() => can(inChat([role]), 'task.read')).not.toThrow();
});

test('an agency sees what it leads or helps with, and reports only where it leads', () => {
  for (const actor of [account('agency', 'STC'), inChat(['officer']), inChat(['leader'])]) {
    expect([leads, helps, foreign].map((row) => can(actor, 'task.read', row))).toEqual([true, true, false]);
    expect([leads, helps, foreign].map((row) => can(actor, 'task.report', row))).toEqual([true, false, false]);
    expect([leads, helps].some((row) => can(actor, 'task.confirm', row) || can(actor, 'task.move-deadline', row))).toBe(false);
  }
  expect(can(account('agency'), 'task.read', { coordinatingAgencyCodes: [] })).toBe(false);
});

test('whoever a task or an invitation names may read it', () => {
  for (const row of [{ ...foreign, officerId: 'p1' }, { ...foreign, monitorId: 'p1' }, { ...foreign, leaderId: 'p1' }]) expect(can(inChat(['leader']), 'task.read', row)).toBe(true);
  const invited = { attendees: [{ personId: 'p1' }] };
  expect(can(inChat(['officer']), 'meeting.answer', invited)).toBe(true);
  expect(can(inChat(['officer']), 'meeting.answer', foreign)).toBe(false);
  expect(can(account('office'), 'meeting.answer', invited)).toBe(false);
});

test('whoever has a login changes its own password only', () => {
  for (const role of accountRoles) expect([can(account(role), 'password.change', { accountId: 'a' }), can(account(role), 'password.change', { accountId: 'b' }), can(account(role), 'password.change')]).toEqual([true, false, false]);
  expect(can(inChat(['leader']), 'password.change', { accountId: 'p1' })).toBe(false);
});

test('several roles add up; none at all may nothing', () => {
  expect(can(inChat(['officer', 'office']), 'task.remind', foreign)).toBe(true);
  expect(actions.some((action) => can(inChat([]), action, leads))).toBe(false);
});

test('the list filter says the same as the rule', () => {
  expect(taskScope(account('office'))).toEqual({});
  expect(taskScope(account('leader'))).toEqual({});
  expect(taskScope(inChat(['officer']))).toEqual({
    $or: [{ leadAgencyCode: 'STC' }, { coordinatingAgencyCodes: 'STC' }, { officerId: 'p1' }, { monitorId: 'p1' }, { leaderId: 'p1' }],
  });
  expect(taskScope(account('agency', 'STC'))).toEqual({ $or: [{ leadAgencyCode: 'STC' }, { coordinatingAgencyCodes: 'STC' }] });
  expect(taskScope(account('agency'))).toBeNull();
  expect(taskScope(inChat(['admin']))).toBeNull();
});

test('leading the province counts with the role of a leader only, and allows to read, not to report or to answer', () => {
  expect(can({ ...inChat(['officer']), presides: true } as Actor, 'task.read', foreign)).toBe(false);
  expect(taskScope({ ...inChat(['leader']), presides: true } as Actor)).toEqual({});
});

test('a refusal is an error for people', () => {
  expect(() => mustBeAllowed(account('agency', 'STC'), 'directive.write')).toThrow('Đồng chí không có quyền');
});

describe('in the place of somebody away', () => {
  const director = { _id: 'd1', name: 'D', agencyCode: 'SYT', roles: ['leader'] as PersonRole[] };
  const officer = { ...director, roles: ['officer'] as PersonRole[] };
  const theirs = { leadAgencyCode: 'SYT', coordinatingAgencyCodes: [], officerId: 'other' };
  const may = (row: Row) => (['task.read', 'task.report', 'task.confirm', 'task.remind', 'meeting.answer'] as const).filter((action) => can(inChat(['officer']), action, row));

  test.each<[string, Row, Action[]]>([
    ['a director: whatever the agency leads', { ...theirs, actsFor: [director] }, ['task.read', 'task.report']],
    ['an officer: not what a colleague answers for', { ...theirs, actsFor: [officer] }, []],
    ['an officer: what names nobody, or them', { ...theirs, officerId: null, actsFor: [officer] }, ['task.read', 'task.report']],
    ['an officer: what names them', { ...theirs, officerId: 'd1', actsFor: [officer] }, ['task.read', 'task.report']],
    ['what the agency only helps with is read', { leadAgencyCode: 'SXD', coordinatingAgencyCodes: ['SYT'], actsFor: [director] }, ['task.read']],
    ['others', { leadAgencyCode: 'SXD', coordinatingAgencyCodes: [], officerId: 'd1', actsFor: [director] }, []],
    ['nobody away', { ...theirs, actsFor: [] }, []],
  ])('%s', (_name, row, allowed) => expect(may(row)).toEqual(allowed));

  test('a login takes nobody\'s place', () => expect(can(account('agency', 'STC'), 'task.read', { ...theirs, actsFor: [director] })).toBe(false));
});
