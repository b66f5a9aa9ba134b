import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { needsBrowser, openBrowser, type TestBrowser, withoutBrowser } from '../kit/browser.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { act } from '../live/stage.js';

/** Keeps what the browser forbade the page to do. */
const WATCH = `window.violations = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    window.violations.push(violatedDirective + ' ' + blockedURI));`;

describe.skipIf(withoutBrowser)(`GraphiQL that is turned on in production${needsBrowser}`, () => {
  const publication = usePublication();
  let app: TestApp;
  let browser: TestBrowser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    [app, browser] = await Promise.all([
      startTestApp({
        DATABASE_URL: publication.url,
        NODE_ENV: 'production',
        TIDINGS_GRAPHIQL: '1',
        TIDINGS_INTROSPECTION: '1',
      }),
      openBrowser(),
    ]);
    page = await browser.context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.addInitScript(WATCH);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  const violations = () => page.evaluate<string[]>('window.violations');

  async function visit(): Promise<void> {
    const schema = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.goto(app.endpoint);
    await (await schema).finished();
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  }

  async function show(name: string): Promise<void> {
    await vi.waitFor(
      async () => {
        await page.getByRole('tab', { name }).click();
        expect(await page.getByRole('tab', { name }).getAttribute('aria-selected')).toBe('true');
      },
      { timeout: 10_000 },
    );
    await page.locator('.graphiql-query-editor .view-lines', { hasText: new RegExp(`\\s${name}`) }).waitFor();
  }

  const execute = () => page.getByRole('button', { name: /^Execute query/ }).click();

  test('does all it does within its policy: edits, asks and streams, the second time too', async () => {
    await visit();
    // The second time the page comes out of the browser's cache, with the headers of a 304.
    await visit();
    await show('PageOfPosts');
    await execute();
    await page.getByText('Tonight at 16:40, the light comes back').first().waitFor();

    await show('Live');
    await execute();
    const editor = await createPerson({ app, sql: publication.sql }, 'EDITOR');
    const shown = page.locator('.graphiql-response .view-lines', { hasText: 'Within the policy' });
    // Nobody sees when the subscription has begun: publish until it tells of it.
    await vi.waitFor(
      async () => {
        const input = { title: 'Within the policy', body: 'Now.' };
        const { post } = await act<{ post: { id: string } }>(editor, 'createPost', input, 'post { id }');
        await act(editor, 'publishPost', { id: post.id });
        await shown.waitFor({ timeout: 2_000 });
      },
      { timeout: 20_000 },
    );
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('has a policy that holds: what is put into the page does not run', async () => {
    await visit();
    await page.evaluate(`document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = true' }));
      document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="window.ran = true">');
      fetch('https://elsewhere.example/').catch(() => undefined);`);
    await vi.waitFor(async () => {
      const found = (await violations()).map((violation) => violation.split(' ')[0]);
      expect(found).toContain('script-src-elem');
      expect(found).toContain('script-src-attr');
      expect(found).toContain('connect-src');
    });
    expect(await page.evaluate('window.ran')).toBeUndefined();
    complaints.length = 0;
  });
});
