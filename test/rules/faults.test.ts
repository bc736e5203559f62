import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const FAULTS = 72;
const table = readFileSync('test/faults.md', 'utf8');
const lines = table.split('\n').flatMap((line) => {
  const [, number, , shown] = /^\| (\d+) \| (.+?) \| (.+) \|$/.exec(line) ?? [];
  return number && shown ? [{ number: Number(number), shown }] : [];
});

/** `file` "name" and "name": each name belongs to the file before it. */
function namesIn(shown: string): { file: string; name: string }[] {
  let file = '';
  return [...shown.matchAll(/`([^`]+)`|"([^"]+)"/g)].flatMap(([, path, name]) => {
    if (path) file = path;
    return name ? [{ file, name }] : [];
  });
}

test('every fault has its line, each once', () => {
  expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: FAULTS }, (_, i) => i + 1));
});

test('a line names a test, the simulation, or says that nothing shows it', () => {
  const silent = lines.filter(({ shown }) => namesIn(shown).length === 0 && !shown.includes('SIM') && !shown.startsWith('not shown'));
  expect(silent).toEqual([]);
});

test('the files and tests it names exist', () => {
  const words = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').replaceAll(/\\(['"])/g, '$1') : '');
  const missing = lines.flatMap(({ shown }) => namesIn(shown)).filter(({ file, name }) => !words(file).includes(name)).map(({ file, name }) => `${file}: ${name}`);
  expect(missing).toEqual([]);
});
