import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { until } from '../kit/until.js';
import { failureOf, post } from './requests.js';

/** What it has PostgreSQL do. */
const READING = '/* posts.list */%';
const QUERY = { query: '{ posts(first: 1) { nodes { id } } }' };

describe('a request that nobody waits for any more', () => {
  const publication = usePublication();
  let hurried: TestApp;
  beforeAll(async () => {
    hurried = await startTestApp({ DATABASE_URL: publication.url, TIDINGS_OPERATION_TIMEOUT_MS: '1000' });
  });
  afterAll(() => hurried.stop());

  /** Whether a statement like this waits for the posts. What an instance looks for every second may wait as well. */
  const waits = async (pattern: string): Promise<boolean> => {
    const found = await publication.sql`
      select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like ${pattern}`;
    return found.length > 0;
  };

  /** Nobody reads or writes posts meanwhile. */
  async function whileLocked(work: () => Promise<void>): Promise<void> {
    await publication.sql.begin(async (transaction) => {
      await transaction`lock table posts in access exclusive mode`;
      await work();
    });
  }

  /** Sends it, and hangs up as soon as it waits. */
  async function hangUp(body: unknown, statement: string, headers = {}): Promise<void> {
    const control = new AbortController();
    const asked = fetch(publication.app.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: control.signal,
    });
    const gone = asked.catch((error: unknown) => String(error));
    await until('it waits', () => waits(statement));
    control.abort();
    expect(await gone).toContain('AbortError');
  }

  test('reads nothing more: its statement is stopped when its client hangs up', async () => {
    await whileLocked(async () => {
      await hangUp(QUERY, READING);
      await until('nothing waits', async () => !(await waits(READING)));
    });
    expect((await post(publication.app.endpoint, QUERY)).status).toBe(200);
  });

  test('reads nothing more: its statement is stopped when its time is over', async () => {
    await whileLocked(async () => {
      const asked = post(hurried.endpoint, QUERY);
      await until('it waits', () => waits(READING));
      expect(await failureOf(await asked)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
      await until('nothing waits', async () => !(await waits(READING)));
    });
    expect((await post(hurried.endpoint, QUERY)).status).toBe(200);
  });

  test('changes what it began to change, wholly, and answers so when it is sent again', async () => {
    const { accessToken } = await createPerson(publication, 'AUTHOR');
    const headers = { authorization: `Bearer ${accessToken}`, 'idempotency-key': randomUUID() };
    const title = `Given up ${randomUUID()}`;
    const body = {
      query: `mutation ($title: String!) {
        createPost(input: { title: $title, body: "Begun.", tags: ["Given up"] }) { post { title tags { name } } userErrors { code } } }`,
      variables: { title },
    };
    await whileLocked(() => hangUp(body, '/* posts.create */%', headers));
    const count = async () => (await publication.sql`select 1 from posts where title = ${title}`).length;
    await until('it is there', async () => (await count()) === 1);
    const again = await post(publication.app.endpoint, body, headers);
    expect(await again.json()).toMatchObject({
      data: { createPost: { post: { title, tags: [{ name: 'Given up' }] }, userErrors: [] } },
    });
    expect(await count()).toBe(1);
  });
});
