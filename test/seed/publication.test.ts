import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { renderBodyNow } from '../../src/render/body.js';
import { seedDatabase } from '../../src/seed/seed.js';
import { createTestDatabase } from '../kit/database.js';
import { rulesOf, SMALL, useEmptyDatabase, useSeededDatabase } from './place.js';

const TABLES = ['users', 'tags', 'posts', 'post_slugs', 'post_authors', 'post_tags', 'comments'];
const MORE_TABLES = ['coverages', 'coverage_entries', 'reactions', 'reaction_counts'];

describe('a seeded publication', () => {
  const place = useSeededDatabase();

  /** Rows in which something is not as the application would have written it. */
  const wrong = async (query: string): Promise<number> =>
    (await place.sql.unsafe<{ wrong: number }[]>(`select count(*)::int as wrong from ${query}`))[0]?.wrong ??
    -1;

  it('has as many users, posts and comments as were wanted, and some of all else', async () => {
    expect(Object.fromEntries(place.seeded)).toMatchObject(SMALL);
    for (const [table, rows] of place.seeded) {
      expect(await wrong(table), table).toBe(rows);
      expect(rows, table).toBeGreaterThan(0);
    }
  });

  it('is the same each time, ids and moments too', async () => {
    const other = await createTestDatabase();
    try {
      await seedDatabase(other.url, SMALL);
      const sql = postgres(other.url, { max: 1, onnotice: () => undefined });
      const digests = async (database: postgres.Sql): Promise<unknown[]> => {
        const all: unknown[] = [];
        for (const table of [...TABLES, ...MORE_TABLES]) {
          const query = `select '${table}' as name, md5(string_agg(row::text, '' order by row::text collate "C")) from ${table} as row`;
          all.push(...(await database.unsafe(query)));
        }
        return all;
      };
      expect(await digests(sql)).toEqual(await digests(place.sql));
      await sql.end();
    } finally {
      await other.drop();
    }
  });

  it.each([
    [
      'comments of a post',
      `posts where comment_count <> (select count(*) from comments where post_id = posts.id and state = 'VISIBLE')`,
    ],
    [
      'replies to a comment',
      `comments where reply_count <> (select count(*) from comments replies where parent_id = comments.id)`,
    ],
    [
      'depths',
      `comments join comments parents on parents.id = comments.parent_id where comments.depth <> parents.depth + 1`,
    ],
    [
      'entries of a coverage',
      `coverages where entry_count <> (select count(*) from coverage_entries where coverage_id = coverages.id)`,
    ],
    [
      'reactions to a subject',
      `(select subject_id, kind, count(*)::int from reactions group by 1, 2) as counted
        full join (select subject_id, kind, count from reaction_counts) as kept using (subject_id, kind)
        where counted.count is distinct from kept.count`,
    ],
  ])('counts the %s as they are', async (_, query) => {
    expect(await wrong(query)).toBe(0);
  });

  it('has every copy of the place in public lists, and every slug, that triggers would have written', async () => {
    for (const table of ['post_authors', 'post_tags', 'coverages']) {
      const query = `${table} join posts on posts.id = post_id where ${table}.listed_at is distinct from posts.listed_at`;
      expect(await wrong(query), table).toBe(0);
    }
    expect(
      await wrong('posts where listed_at is null or first_published_at is distinct from published_at'),
    ).toBe(0);
    expect(
      await wrong(
        'posts full join post_slugs on id = post_id where posts.slug is distinct from post_slugs.slug',
      ),
    ).toBe(0);
  });

  it('is found by search as if it had been written one by one', async () => {
    for (const [table, column] of [
      ['users', 'username'],
      ['tags', 'name'],
      ['posts', 'title'],
      ['comments', 'body_text'],
      ['coverage_entries', 'body_text'],
    ] as const) {
      // Without its being a generated column, an update that says the same computes it anew.
      await place.sql.begin(async (sql) => {
        await sql.unsafe(`create temp table before on commit drop as select id, search from ${table}`);
        await sql.unsafe(`update ${table} set ${column} = ${column} || ''`);
        const [row] = await sql.unsafe<{ wrong: number }[]>(
          `select count(*)::int as wrong from ${table} join before using (id) where before.search is distinct from ${table}.search`,
        );
        expect(row, table).toEqual({ wrong: 0 });
      });
    }
  });

  it('has bodies as they are rendered', async () => {
    for (const table of ['posts', 'comments', 'coverage_entries']) {
      const rows = await place.sql.unsafe<{ body: string; body_html: string; body_text: string }[]>(
        `select body, body_html, body_text from ${table} order by length(body) desc limit 400`,
      );
      const rendered = rows.map(({ body }) => renderBodyNow(body, 'MARKDOWN'));
      expect(rows.map(({ body_html: html, body_text: text }) => ({ html, text }))).toEqual(rendered);
    }
    expect(await wrong(`posts where body like E'%\\n\\n%'`)).toBeGreaterThan(100);
  });

  it('tells of nothing before its time', async () => {
    expect(
      await wrong('comments join posts on posts.id = post_id where comments.created_at <= published_at'),
    ).toBe(0);
    expect(
      await wrong(
        'comments join comments parents on parents.id = comments.parent_id where comments.created_at < parents.created_at',
      ),
    ).toBe(0);
    expect(await wrong('users, posts where users.created_at >= posts.published_at')).toBe(0);
    expect(await wrong(`posts where published_at > '2026-01-01Z'`)).toBe(0);
    expect(await wrong(`comments where created_at > '2026-01-01Z'`)).toBe(0);
  });

  it('has few who have most, and threads that go deep', async () => {
    const [shape] = await place.sql`
      select (select max(comment_count) from posts)::int as giant,
        (select count(*) from posts where comment_count > 0)::int as discussed,
        (select max(depth) from comments)::int as deepest,
        (select max(count) from (select count(*) from post_tags group by tag_id) as tags)::int as tag,
        (select max(count) from (select count(*) from post_authors group by user_id) as authors)::int as author`;
    expect(shape).toMatchObject({ giant: 520, discussed: 252 });
    expect(shape?.['deepest']).toBeGreaterThan(15);
    expect(shape?.['tag']).toBeGreaterThan(100);
    expect(shape?.['author']).toBeGreaterThan(50);
  });
});

describe('what keeps a database right', () => {
  const place = useEmptyDatabase();

  it('is the same after a seed: constraints, indexes, triggers, functions', async () => {
    const before = await rulesOf(place.sql);
    await seedDatabase(place.url, { users: 3, posts: 2, comments: 5 });
    expect(await rulesOf(place.sql)).toEqual(before);
    expect(before.length).toBeGreaterThan(200);
  });
});

describe('a seed of the smallest size', () => {
  it.each([
    { users: 1, posts: 0, comments: 0 },
    { users: 1, posts: 1, comments: 0 },
    { users: 1, posts: 1, comments: 1 },
    { users: 2, posts: 3, comments: 40 },
  ])('is whole: $users users, $posts posts, $comments comments', async (size) => {
    const database = await createTestDatabase();
    try {
      expect(Object.fromEntries(await seedDatabase(database.url, size))).toMatchObject(size);
    } finally {
      await database.drop();
    }
  });
});
