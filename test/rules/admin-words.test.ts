import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locales } from 'adminjs';
import { expect, test } from 'vitest';
import { vi } from '../../admin/locale/vi.js';
import * as words from '../../admin/locale/words.js';
import { tagLooks } from '../../admin/look.js';
import { adminOptions } from '../../admin/options.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import { attemptOutcomes, deliveryStates } from '../../src/delivery/delivery.model.js';
import { directiveFileRenderers } from '../../src/directives/attach-to-directive.js';
import { urgencies } from '../../src/directives/directive.model.js';
import { channels } from '../../src/kernel/channels.js';
import { stages } from '../../src/directives/task.model.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import { timeTags } from '../../src/directives/time-tag.js';
import { meetingFileRenderers } from '../../src/meetings/attach-to-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { attendeeAnswers, meetingKinds, meetingStatuses } from '../../src/meetings/meeting.model.js';
import { accountRoles } from '../../src/people/accounts/account.model.js';
import { agencyTypes } from '../../src/people/agency.model.js';
import { personRoles } from '../../src/people/person.model.js';

const paths = (value: unknown, at = ''): string[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => paths(inner, at ? `${at}.${key}` : key)) : [at];

const sources = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file)).map((file) => join(folder, file));

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

test('every kind of message has its words', () => {
  const kinds = Object.keys({ ...deliveryRenderers, ...taskRenderers, ...meetingRenderers, ...directiveFileRenderers, ...meetingFileRenderers });
  expect(kinds.length).toBeGreaterThan(20);
  expect([...kinds, 'digest'].filter((kind) => !words.messageKindWords[kind])).toEqual([]);
});

test('every deed in the log, and what it was done to, has its words', () => {
  const written = [...sources('src'), ...sources('bots')].flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\baction: '([a-z-]+\.[a-z.-]+)',\s*entity: '([a-z-]+)'/g)]);
  expect(written.length).toBeGreaterThan(35);
  expect(written.map(([, action = '']) => action).filter((action) => !words.auditActionWords[action])).toEqual([]);
  expect(written.map(([, , entity = '']) => entity).filter((entity) => !words.auditEntityWords[entity])).toEqual([]);
});

test('a channel has one name, and the back office is "trang quản lý"', () => {
  const screens = sources('admin').filter((file) => /Zalo ZBS|[Tt]rang quản trị/.test(readFileSync(file, 'utf8')));
  expect(screens).toEqual([]);
});

test('AdminJS may not create, edit or delete anything by itself', () => {
  for (const { options } of resources) for (const name of ['new', 'edit', 'delete', 'bulkDelete', 'search']) expect(options.actions[name]?.isAccessible, `${options.id}.${name}`).toBe(false);
});
