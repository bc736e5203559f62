import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/snap/bin/chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'];

/** CHROMIUM_PATH, else where Chromium usually is; undefined where there is none. */
export const chromiumPath = (): string | undefined => [process.env['CHROMIUM_PATH'], ...USUAL_PLACES].find((path) => path !== undefined && path !== '' && existsSync(path));

/**
 * Whether the browser tests can run. Without Chromium they are left out, and said so loudly; with REQUIRE_BROWSER=1 that
 * is a failure instead.
 */
export function browserOrSkip(): boolean {
  if (chromiumPath()) return true;
  if (process.env['REQUIRE_BROWSER'] === '1') throw new Error('REQUIRE_BROWSER=1, but no Chromium was found: set CHROMIUM_PATH or install chromium.');
  process.stderr.write('\n!!! BROWSER TESTS LEFT OUT: no Chromium found. Set CHROMIUM_PATH or install chromium. !!!\n\n');
  return false;
}

/** A headless browser; the sandbox needs rights a container's root does not have. */
export const openBrowser = (): Promise<Browser> => {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('no Chromium');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
};
