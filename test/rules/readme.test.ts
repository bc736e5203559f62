import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

test('the map names every room', () => {
  const rooms = ['src', 'bots'].flatMap((top) => readdirSync(top, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => `${top}/${entry.name}/`));
  expect(rooms.filter((room) => !readme.includes(`\`${room}\``))).toEqual([]);
});

test('the map names every kind of test', () => {
  const kinds = readdirSync('test', { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect(kinds.filter((kind) => !readme.includes(`\`${kind}\``))).toEqual([]);
});

test('every command the README names exists, and every script is named', () => {
  const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  const helpers = ['prestart', 'start', 'test', 'bench:db'];
  expect(Object.keys(scripts).filter((name) => !helpers.includes(name) && !readme.includes(name))).toEqual([]);
});

test('every link to a file leads somewhere', () => {
  const targets = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? '');
  expect(targets.filter((target) => !existsSync(target))).toEqual([]);
});
