import type { Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { needsBrowser, openBrowser, type TestBrowser, withoutBrowser } from '../kit/browser.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { act } from '../live/stage.js';

/** The newest post of demo/. */
const A_TITLE = 'Tonight at 16:40, the light comes back';

/** What went wrong, or out, while a page was open. */
interface Watched {
  readonly page: Page;
  /** Addresses that the page asked for. */
  readonly requests: string[];
  /** Errors of scripts and on the console, violations of the page's policy among them. */
  readonly complaints: string[];
}

const TABS = ['PageOfPosts', 'Thread', 'Coverage', 'Live', 'SignUp'];

describe.skipIf(withoutBrowser)(`GraphiQL in a browser${needsBrowser}`, () => {
  const publication = usePublication();
  let browser: TestBrowser;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** Opens GraphiQL as somebody does who has never been here, and waits until it has read the schema. */
  async function open(): Promise<Watched> {
    const page = await browser.context.newPage();
    page.setDefaultTimeout(15_000);
    // A page of this origin that asks for nothing, not even an icon, to forget from what other tests did.
    const blank = new URL('/blank', publication.app.endpoint).href;
    await page.route(blank, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">' }),
    );
    await page.goto(blank);
    await page.evaluate('localStorage.clear()');
    const watched: Watched = { page, requests: [], complaints: [] };
    page.on('request', (request) => watched.requests.push(request.url()));
    page.on('pageerror', (error) => watched.complaints.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) watched.complaints.push(message.text());
    });
    await visit(page);
    return watched;
  }

  /** Goes there, and waits until the page has read the schema and shows a query. */
  async function visit(page: Page): Promise<void> {
    const schema = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.goto(publication.app.endpoint);
    await (await schema).finished();
    // The button does nothing before there is an editor to read from.
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  }

  async function turnTo(page: Page, name: string): Promise<void> {
    const tab = page.getByRole('tab', { name });
    // Tabs can be dragged into another order: a click while the page is busy may be taken for the start of that.
    await vi.waitFor(
      async () => {
        await tab.click();
        expect(await tab.getAttribute('aria-selected')).toBe('true');
      },
      { timeout: 10_000 },
    );
    await page.locator('.graphiql-query-editor .view-lines', { hasText: new RegExp(`\\s${name}`) }).waitFor();
  }

  /** Presses the button in the tab of this operation; resolves with the answer that it brings. */
  async function run(page: Page, name: string): Promise<{ data?: unknown; errors?: unknown }> {
    const button = page.getByRole('button', { name: /^Execute query/ });
    const isAnswer = (response: Response): boolean =>
      /(?:query|mutation) (\w+)/.exec(response.request().postData() ?? '')?.[1] === name;
    await page
      .locator('.graphiql-query-editor .view-lines', { hasText: new RegExp(`(?:query|mutation)\\s${name}`) })
      .waitFor();
    const answered = page.waitForResponse(isAnswer);
    await button.click();
    const answer = (await (await answered).json()) as { data?: unknown; errors?: unknown };
    await page.locator('.graphiql-response .view-lines', { hasText: 'data' }).waitFor();
    await button.waitFor();
    return answer;
  }

  /** Everything that was asked for came from this instance (blob: is what the page made of its own text). */
  function expectQuiet({ requests, complaints }: Watched): void {
    const origins = new Set(requests.map((url) => new URL(url).origin));
    expect([...origins]).toEqual([new URL(publication.app.endpoint).origin]);
    expect(complaints).toEqual([]);
  }

  test('shows real titles after one click', async () => {
    const watched = await open();
    expect(await watched.page.title()).toBe('Tidings · GraphiQL');
    await run(watched.page, 'PageOfPosts');
    await watched.page.getByText(A_TITLE).first().waitFor();
    expectQuiet(watched);
    await watched.page.close();
  });

  test('has a page of posts, a thread, a coverage, a stream and a sign-up to start from, and what answers runs as it is', async () => {
    const watched = await open();
    const tabs = watched.page.getByRole('tab');
    expect(await tabs.allInnerTexts()).toEqual(TABS);
    await visit(watched.page);
    expect(await tabs.allInnerTexts(), 'the second time').toEqual(TABS);
    for (const name of TABS.filter((tab) => tab !== 'Live')) {
      await turnTo(watched.page, name);
      const answer = await run(watched.page, name);
      expect(answer.errors, name).toBeUndefined();
      expect(JSON.stringify(answer.data).length, name).toBeGreaterThan(200);
    }
    expectQuiet(watched);
    await watched.page.close();
  });

  test('shows what is published while its stream is open, over a WebSocket', async () => {
    const watched = await open();
    const { page } = watched;
    await turnTo(page, 'Live');
    const opened = page.waitForEvent('websocket');
    await page.getByRole('button', { name: /^Execute query/ }).click();
    const socket = await opened;
    expect(socket.url()).toBe(publication.app.endpoint.replace('http', 'ws'));
    const editor = await createPerson(publication, 'EDITOR');
    const shown = page.locator('.graphiql-response .view-lines', { hasText: 'Live at last' });
    // Nobody sees when the subscription has begun: publish until it tells of it.
    await vi.waitFor(
      async () => {
        const { post } = await act<{ post: { id: string } }>(
          editor,
          'createPost',
          { title: 'Live at last', body: 'Now.' },
          'post { id }',
        );
        await act(editor, 'publishPost', { id: post.id });
        await shown.waitFor({ timeout: 2_000 });
      },
      { timeout: 20_000 },
    );
    await page.getByRole('button', { name: /^Stop query/ }).click();
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    expectQuiet(watched);
    await page.close();
  });

  test('documents the schema in our words', async () => {
    const watched = await open();
    const { page } = watched;
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Query', exact: true }).click();
    await page.getByText('Everything that can be read.').waitFor();
    await page.getByText('The published posts.').waitFor();
    await page.getByRole('link', { name: 'Post', exact: true }).first().click();
    await page.getByText('An article.').waitFor();
    expect(await page.getByText('Who wrote it, in the order of the by-line.').count()).toBe(1);
    expectQuiet(watched);
    await page.close();
  });
});
