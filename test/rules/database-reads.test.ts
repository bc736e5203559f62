import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.js';
import { mustReadPrimary, openConnection } from '../../src/db/connect.js';
import { testUri } from '../support/test-ctx.js';

const sources = ['src', 'bots', 'admin']
  .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  // The embedded server answers commands of any client; it asks nobody.
  .filter((file) => !file.startsWith('src/embedded-mongo'))
  .map((file) => ({ file, code: readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '') }));
const using = (shape: RegExp) => sources.filter(({ code }) => shape.test(code)).map(({ file }) => file);

test('no code asks a secondary: nothing but the connection itself names a read preference, and that is "primary"', () => {
  expect(using(/readPreference|secondaryPreferred|ReadPreference|\.read\(\s*['"`]|\.slaveOk|maxStalenessSeconds/).sort()).toEqual(['src/config.ts', 'src/db/connect.ts']);
  expect(sources.find(({ file }) => file === 'src/db/connect.ts')?.code).toContain("readPreference: 'primary'");
});

test('no code hangs on a change stream or a tailing cursor: every tick asks the database what is due', () => {
  expect(using(/\.db(?:\.\w+)?\.watch\(|collection(?:\(\w*\))?\.watch\(|conn\w*\.watch\(|\$changeStream|ChangeStream|tailable|awaitData/)).toEqual([]);
});

describe('an address that would read elsewhere is refused before anything is asked', () => {
  test.each(['?readPreference=secondary', '?readPreference=secondaryPreferred', '?w=1&readPreference=nearest', '?READPREFERENCE=secondary', '?readPreferenceTags=dc:hn', '?maxStalenessSeconds=90'])('%s', async (query) => {
    const uri = `mongodb://127.0.0.1:1/nhacviec${query}`;
    expect(() => mustReadPrimary(uri)).toThrow('MONGODB_URI');
    await expect(openConnection(uri)).rejects.toThrow('every read goes to the primary server');
    expect(() => readConfig({ NODE_ENV: 'test', MONGODB_URI: uri })).toThrow('MONGODB_URI');
  });

  test('readPreference=primary says nothing new, and the connection reads there', async () => {
    const uri = `${testUri().replace(/\/?(\?.*)?$/, '')}/?readPreference=primary&directConnection=true`;
    expect(() => readConfig({ NODE_ENV: 'test', MONGODB_URI: uri })).not.toThrow();
    const conn = await openConnection(uri, 'reads');
    expect(conn.getClient().readPreference.mode).toBe('primary');
    await conn.close();
  });
});
