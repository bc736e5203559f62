import { expect, test } from 'vitest';
import { startProcess } from '../support/process.js';
import { testUri } from '../support/test-ctx.js';

/** The same week in a process that believes to be somewhere. */
async function diaryIn(TZ: string): Promise<string[]> {
  const { ended, output } = startProcess('test/support/zone-diary.ts', [], { NV_TEST_DB: testUri(), ...(TZ ? { TZ } : {}) });
  await ended;
  const line = /^DIARY (.+)$/m.exec(output())?.[1];
  if (!line) throw new Error(`no diary in ${TZ}:\n${output().slice(-2_000)}`);
  return JSON.parse(line) as string[];
}

test('whatever zone the machine is set to, broken ones too, the same words leave at the same moments', async () => {
  const reference = await diaryIn('Asia/Ho_Chi_Minh');
  expect(reference.length).toBeGreaterThan(4);
  // A deadline typed without a zone, half past midnight, is Vietnamese time.
  expect(reference.join('\n')).toContain('00:30');
  for (const zone of ['America/New_York', 'UTC', 'broken']) expect(await diaryIn(zone), zone).toEqual(reference);
}, 180_000);

test.each([
  ['does not know the zone', "throw new RangeError('Invalid time zone specified: Asia/Ho_Chi_Minh')"],
  ['takes it for another one', "zone = 'UTC'"],
])('a machine whose data %s is refused at the start, with the reason', async (_what, does) => {
  const broken = `
    const Real = Intl.DateTimeFormat;
    Intl.DateTimeFormat = new Proxy(Real, {
      construct: (target, [locale, options]) => {
        let zone = options?.timeZone;
        if (zone === 'Asia/Ho_Chi_Minh') ${does};
        return new target(locale, { ...options, timeZone: zone });
      },
    });`;
  const env = { NODE_ENV: 'development', NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(broken)}`, PORT: '0', DATA_DIR: '/nowhere/that/exists' };
  const { ended, output } = startProcess('src/main.ts', [], env);
  expect((await ended).code).not.toBe(0);
  expect(output()).toContain('Asia/Ho_Chi_Minh');
  expect(output()).toContain('tzdata');
}, 60_000);
