import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { componentsBundle } from '../../admin/bundle.js';

test('the screens are bundled once and kept under the hash of their sources', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'nhac-viec-bundle-'));
  const script = await componentsBundle(dir);
  const [kept, ...others] = readdirSync(dir);
  expect(others).toEqual([]);
  expect(kept).toMatch(/^components-[0-9a-f]{16}\.js$/);
  expect(script).toContain('UserComponents');
  // React and AdminJS are the page's own: a second copy would break hooks.
  expect(script.length).toBeLessThan(150_000);
  writeFileSync(join(dir, kept ?? ''), '// kept');
  expect(await componentsBundle(dir)).toBe('// kept');
});

test('a folder that cannot be written only means bundling again', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nhac-viec-bundle-')), 'a-file');
  writeFileSync(file, '');
  expect(await componentsBundle(join(file, 'below'))).toContain('UserComponents');
});
