import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** Where distributions put it. CHROMIUM_PATH says better. */
const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const found = [process.env['CHROMIUM_PATH'] ?? '', ...USUAL_PLACES].find(
  (path) => path !== '' && existsSync(path),
);

/** Whether tests in a browser are skipped: nowhere but on a machine of one's own without Chromium, never in CI. */
export const withoutBrowser = found === undefined && process.env['CI'] === undefined;

/** The end of the name of a test in a browser. */
export const needsBrowser = withoutBrowser ? ' (skipped: no Chromium; install it or set CHROMIUM_PATH)' : '';

/** A Chromium without a window, a past or a connection of its own. */
export interface TestBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** @throws Error when there is no Chromium. */
export async function openBrowser(): Promise<TestBrowser> {
  if (found === undefined)
    throw new Error('There is no Chromium: install it (apt-get install chromium) or set CHROMIUM_PATH.');
  const profile = await mkdtemp(join(tmpdir(), 'tidings-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: found,
    headless: true,
    // The pace of a person. GraphiQL sees 100 ms after a change of tabs which operation there is; a run before that
    // fails with "Cannot infer operation", and goes on failing until the text is edited.
    slowMo: 300,
    viewport: { width: 1440, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
