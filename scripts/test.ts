/**
 * `npm test`: everything vitest finds. Browser stories run where a Chromium is found (CHROMIUM_PATH, else the usual
 * places); without one they are left out, loudly, or fail the run where REQUIRE_BROWSER=1.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'];
const chromium = places.find((place) => place !== undefined && existsSync(place));
const env: NodeJS.ProcessEnv = { ...process.env, ...(chromium ? { CHROMIUM_PATH: chromium } : {}) };

if (!chromium) {
  console.log('\n*** BROWSER TESTS ARE LEFT OUT: no Chromium found. Set CHROMIUM_PATH to run them. ***\n');
  if (env['REQUIRE_BROWSER'] === '1') process.exit(1);
}
const without = chromium ? [] : ['--exclude', 'test/browser/**'];
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...without, ...process.argv.slice(2)], { stdio: 'inherit', env });
if (!chromium) console.log('\n*** Reminder: the browser tests were left out of this run. ***\n');
process.exit(status ?? 1);
