import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openapiOptions, problemSchema } from '../../src/http/openapi.js';
import { problemCodes } from '../../src/http/problem.js';
import { DomainError, errorKinds, type ErrorCode } from '../../src/kernel/errors.js';

const codes = Object.keys(errorKinds) as ErrorCode[];

test('the API document lists exactly the codes of kernel/errors.ts, and "internal"', () => {
  expect(problemSchema.properties.code.enum).toEqual([...codes, 'internal']);
  expect(problemCodes).toEqual([...codes, 'internal']);
  const options = openapiOptions(undefined) as { openapi: { info: { description: string } } };
  const rows = [...options.openapi.info.description.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)];
  expect(rows.map(([, code, status]) => [code, Number(status)])).toEqual([...codes.map((code) => [code, errorKinds[code].status]), ['internal', 500]]);
});

test('every sentence is Vietnamese, ends with a full stop and never addresses people as "bạn"', () => {
  for (const code of codes) {
    const { message } = new DomainError(code, { path: 'a', code: 'b', id: 'c', symbol: 'd', year: 2026, percent: 70, why: 'e', email: 'f', expected: 'g' });
    expect(message, code).toMatch(/[.?]$/);
    expect(message, code).not.toMatch(/undefined|\bbạn\b|!/i);
  }
});

test('every code is used somewhere', () => {
  const source = ['src', 'bots', 'admin']
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && /\.tsx?$/.test(e.name)))
    .filter((entry) => !(entry.parentPath.endsWith('kernel') && entry.name === 'errors.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
  expect(codes.filter((code) => !source.includes(`'${code}'`) && !source.includes(`${code}:`))).toEqual([]);
});
