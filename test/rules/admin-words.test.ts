import { readFileSync } from 'node:fs';
import { locales } from 'adminjs';
import { expect, test } from 'vitest';
import { vi } from '../../admin/locale/vi.js';
import * as words from '../../admin/locale/words.js';
import { tagLooks } from '../../admin/look.js';
import { adminOptions } from '../../admin/options.js';
import { attemptOutcomes, deliveryStates } from '../../src/delivery/delivery.model.js';
import { urgencies } from '../../src/directives/directive.model.js';
import { channels } from '../../src/kernel/channels.js';
import { stages } from '../../src/directives/task.model.js';
import { timeTags } from '../../src/directives/time-tag.js';
import { attendeeAnswers, meetingKinds, meetingStatuses } from '../../src/meetings/meeting.model.js';
import { accountRoles } from '../../src/people/accounts/account.model.js';
import { agencyTypes } from '../../src/people/agency.model.js';
import { personRoles } from '../../src/people/person.model.js';

const paths = (value: unknown, at = ''): string[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => paths(inner, at ? `${at}.${key}` : key)) : [at];

const fake = { db: new Proxy({}, { get: () => ({ modelName: 'x' }) }) } as never;
const resources = (adminOptions(fake).resources ?? []) as { options: { id: string; listProperties: string[]; showProperties: string[]; filterProperties: string[]; actions: Record<string, { component?: string; isAccessible?: unknown }> } }[];

test("none of AdminJS's own sentences is left in English", () => {
  const [english, ours] = [paths(locales.en), new Set(paths(vi))];
  expect(english.length).toBeGreaterThan(90);
  expect(english.filter((path) => !ours.has(path))).toEqual([]);
});

test('every column, filter and button has its Vietnamese name', () => {
  const missing = resources.flatMap(({ options }) => {
    const named = vi.resources?.[options.id] as { properties?: Record<string, string>; actions?: Record<string, string> } | undefined;
    const own = Object.entries(options.actions).filter(([, { component }]) => component).map(([name]) => name);
    const everywhere = (vi as { actions: Record<string, string> }).actions;
    return [
      ...[...options.showProperties, ...options.filterProperties].filter((name) => !named?.properties?.[name]).map((name) => `${options.id}.properties.${name}`),
      ...own.filter((name) => !named?.actions?.[name] && !everywhere[name]).map((name) => `${options.id}.actions.${name}`),
    ];
  });
  expect(missing).toEqual([]);
});

test('every screen an action names is in the bundle', () => {
  const entry = readFileSync('admin/components/entry.tsx', 'utf8');
  const named = resources.flatMap(({ options }) => Object.values(options.actions).map(({ component }) => component)).filter((name) => name !== undefined);
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named), 'Dashboard'].filter((name) => !new RegExp(`^  ${name},$`, 'm').test(entry))).toEqual([]);
});

test('every stored code has its words', () => {
  const tables: [codes: readonly string[], table: Readonly<Record<string, unknown>>][] = [
    [stages, words.stageWords], [urgencies, words.urgencyWords], [deliveryStates, words.deliveryWords], [attemptOutcomes, words.attemptWords], [meetingKinds, words.meetingKindWords], [meetingStatuses, words.meetingStatusWords],
    [attendeeAnswers, words.answerWords], [channels, words.channelWords], [accountRoles, words.accountRoleWords], [agencyTypes, words.agencyTypeWords], [personRoles, words.personRoleWords], [timeTags, tagLooks],
  ];
  expect(tables.flatMap(([codes, table]) => codes.filter((code) => !table[code]))).toEqual([]);
});

test('AdminJS may not create, edit or delete anything by itself', () => {
  for (const { options } of resources) for (const name of ['new', 'edit', 'delete', 'bulkDelete', 'search']) expect(options.actions[name]?.isAccessible, `${options.id}.${name}`).toBe(false);
});
