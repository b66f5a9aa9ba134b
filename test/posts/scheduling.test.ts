import postgres from 'postgres';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApp } from '../kit/app.js';
import { createTestDatabase } from '../kit/database.js';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { openProxy } from '../transport/proxy.js';
import { done, eventsOf, topicOf } from './changes.js';

const from = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

/** Waits until all of these posts are published. */
const waitUntilOut = (sql: postgres.Sql, ids: readonly string[]) =>
  vi.waitFor(
    async () => {
      const [row] = await sql`
        select count(*)::int as waiting from posts where id = any(${ids.map(uuidOf)}) and status <> 'PUBLISHED'`;
      expect(row).toEqual({ waiting: 0 });
    },
    { timeout: 15_000, interval: 20 },
  );

describe('publishing what is scheduled', () => {
  const publication = usePublication();
  let author: Person;
  beforeAll(async () => {
    author = await createPerson(publication, 'AUTHOR');
  });
  const draft = (title: string) => done(author, 'createPost', { title, body: 'Text' });

  it('happens on time, with the time that was given', async () => {
    const { id } = await draft('On time');
    const at = from(700);
    await done(author, 'publishPost', { id, at });
    await waitUntilOut(publication.sql, [id]);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(at));
    const { node } = await publication.app.query<{ node: unknown }>(
      'query ($id: ID!) { node(id: $id) { ... on Post { status publishedAt version } } }',
      { id },
    );
    expect(node).toEqual({ status: 'PUBLISHED', publishedAt: at, version: 1 });
  });

  it('happens once, whichever of two instances does it', async () => {
    const { sql } = publication;
    const posts = await Promise.all(Array.from({ length: 20 }, (_, place) => draft(`Due ${place}`)));
    const ids = posts.map(({ id }) => id);
    const instance = await startTestApp({ DATABASE_URL: publication.url });
    try {
      await sql`
        update posts set status = 'SCHEDULED', published_at = ${from(500)} where id = any(${ids.map(uuidOf)})`;
      await waitUntilOut(sql, ids);
      // By the time that this one is out, both instances have looked again.
      const { id: last } = await draft('After all of them');
      await done(author, 'publishPost', { id: last, at: from(1_200) });
      await waitUntilOut(sql, [last]);
    } finally {
      await instance.stop();
    }
    const listed = await eventsOf(sql, 'posts');
    for (const id of ids) {
      const own = await eventsOf(sql, topicOf(id));
      expect(own.map(({ seq, type }) => [seq, type])).toEqual([
        [1, 'post.created'],
        [2, 'post.published'],
      ]);
      expect(own[1]?.payload).toMatchObject({
        previous: { status: 'SCHEDULED', publishedAt: own[1]?.payload['publishedAt'] },
        status: 'PUBLISHED',
        authors: [author.username],
      });
      expect(
        listed.filter(({ payload }) => payload['postId'] === uuidOf(id)).map(({ payload }) => payload),
      ).toEqual([own[1]?.payload]);
    }
    expect(listed.map(({ seq }) => seq)).toEqual(listed.map((_, place) => place + 1));
  });

  it('goes on when the database is back, and tells the operator once that it was away', async () => {
    const database = await createTestDatabase();
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    const proxy = await openProxy(database.url);
    const app = await startTestApp({ DATABASE_URL: proxy.url });
    const told = () => app.logged.filter(({ job }) => job === 'schedule');
    try {
      const somebody = await createPerson({ app, sql }, 'AUTHOR');
      const { id } = await done(somebody, 'createPost', { title: 'Due meanwhile', body: '' });
      await proxy.cut();
      await sql`update posts set status = 'SCHEDULED', published_at = now() where id = ${uuidOf(id)}`;
      await vi.waitFor(() => expect(told()).toHaveLength(1), { timeout: 15_000, interval: 20 });
      await proxy.heal();
      await waitUntilOut(sql, [id]);
      expect(told()).toMatchObject([{ level: 50, msg: 'job failed' }]);
    } finally {
      await proxy.heal();
      await app.stop();
      await sql.end();
      await proxy.close();
      await database.drop();
    }
  });
});
