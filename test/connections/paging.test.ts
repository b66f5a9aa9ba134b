import postgres from 'postgres';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import type { TestDatabase } from '../kit/database.js';
import { hasSharedData, needsSharedData, realDatabaseUrl } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';

interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number;
}

/** An operation around a list; `LIST(...)` stands for its page arguments, further ones behind it. */
type Around = readonly [before: string, after: string, path: readonly string[]];

const PAGE =
  'edges { cursor node { ... on Node { id } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount';

async function pageOf(app: TestApp, [before, after, path]: Around, page: string): Promise<Connection> {
  const data = await app.query<Record<string, unknown>>(`{ ${before}${page}${after.replace('PAGE', PAGE)} }`);
  let value: unknown = data;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  return value as Connection;
}

/** All pages of a list, in the order of the list, whichever end they were read from. */
async function walk(app: TestApp, list: Around, size: number, backward: boolean): Promise<Connection[]> {
  const pages: Connection[] = [];
  for (let cursor: string | null = null; ;) {
    const from = cursor === null ? '' : `, ${backward ? 'before' : 'after'}: "${cursor}"`;
    const page = await pageOf(app, list, `${backward ? 'last' : 'first'}: ${size}${from}`);
    pages.push(page);
    const more = backward ? page.pageInfo.hasPreviousPage : page.pageInfo.hasNextPage;
    if (!more) return backward ? pages.toReversed() : pages;
    cursor = backward ? page.pageInfo.startCursor : page.pageInfo.endCursor;
  }
}

const idsOf = (pages: readonly Connection[]): string[] =>
  pages.flatMap((page) => page.edges.map((edge) => edge.node.id));

const LISTS: Record<string, Around> = {
  tags: ['tags(', ') { PAGE }', ['tags']],
  'posts of a tag, oldest first': [
    'posts(filter: { tag: "mobile" }, orderBy: PUBLISHED_AT_ASC, ',
    ') { PAGE }',
    ['posts'],
  ],
  'posts in Chinese': ['posts(filter: { language: "zh-Hans" }, ', ') { PAGE }', ['posts']],
  'posts with a coverage': ['posts(filter: { hasCoverage: true }, ', ') { PAGE }', ['posts']],
  'posts of an author': ['user(by: { username: "erin-becker" }) { posts(', ') { PAGE } }', ['user', 'posts']],
  'posts under a tag': ['tag(slug: "mobile") { posts(', ') { PAGE } }', ['tag', 'posts']],
  'threads of a post': [
    'post(by: { externalId: "p_32ddf09d8147" }) { comments(',
    ') { PAGE } }',
    ['post', 'comments'],
  ],
  'comments of a post, of every depth': [
    'post(by: { externalId: "p_32ddf09d8147" }) { comments(topLevelOnly: false, ',
    ') { PAGE } }',
    ['post', 'comments'],
  ],
  'entries of a coverage': [
    'post(by: { externalId: "lb_mr4" }) { coverage { entries(',
    ') { PAGE } } }',
    ['post', 'coverage', 'entries'],
  ],
  'key entries of a coverage': [
    'post(by: { externalId: "lb_a11" }) { coverage { entries(keyOnly: true, ',
    ') { PAGE } } }',
    ['post', 'coverage', 'entries'],
  ],
};

describe.runIf(hasSharedData)(`lists of the real publication${needsSharedData}`, () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ DATABASE_URL: await realDatabaseUrl() });
  });
  afterAll(() => app.stop());

  it.each(Object.entries(LISTS))(
    '%s: pages from either end hold every row once, in one order',
    async (_, list) => {
      const forward = await walk(app, list, 33, false);
      const ids = idsOf(forward);
      expect(ids.length).toBeGreaterThan(2);
      expect(ids).toHaveLength(forward[0]?.totalCount ?? -1);
      expect(new Set(ids).size).toBe(ids.length);
      expect(idsOf(await walk(app, list, 41, true))).toEqual(ids);
      expect(forward[0]?.pageInfo.hasPreviousPage).toBe(false);
      expect(forward.slice(1).every((page) => page.pageInfo.hasPreviousPage)).toBe(true);
    },
  );

  it('search: pages hold every match once, best first', async () => {
    const list: Around = ['search(query: "release", kinds: [POST, TAG], ', ') { PAGE }', ['search']];
    const pages = await walk(app, list, 70, false);
    const ids = idsOf(pages);
    expect(ids).toHaveLength(pages[0]?.totalCount ?? -1);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('a range between two cursors holds what lies between them', async () => {
    const list = LISTS['tags'] as Around;
    const [all] = await walk(app, list, 20, false);
    const edges = all?.edges ?? [];
    const page = await pageOf(
      app,
      list,
      `first: 100, after: "${edges[3]?.cursor}", before: "${edges[9]?.cursor}"`,
    );
    expect(page.edges.map((edge) => edge.node.id)).toEqual(edges.slice(4, 9).map((edge) => edge.node.id));
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('a page is 20 rows when nobody says how many', async () => {
    expect((await pageOf(app, ['tags', '{ PAGE }', ['tags']], '')).edges).toHaveLength(20);
  });

  it('totalCount is counted only when it is asked for, and alone reads no page', async () => {
    const counted = await app.statementsOf(() => app.query('{ posts { totalCount } }'));
    expect(counted.map((statement) => statement.name)).toEqual(['posts.count']);
    const listed = await app.statementsOf(() => app.query('{ posts { nodes { id } } }'));
    expect(listed.map((statement) => statement.name)).toEqual(['posts.list']);
  });
});

describe('a list that changes while it is paged', () => {
  let database: TestDatabase;
  let app: TestApp;
  let sql: postgres.Sql;
  beforeAll(async () => {
    database = await createDemoDatabase();
    app = await startTestApp({ DATABASE_URL: database.url });
    sql = postgres(database.url, { max: 1 });
  });
  afterAll(async () => {
    await sql.end();
    await app.stop();
    await database.drop();
  });

  it('neither repeats nor loses a row when posts appear in front and behind', async () => {
    const list: Around = ['posts(', ') { PAGE }', ['posts']];
    const before = idsOf(await walk(app, list, 100, false));
    const first = await pageOf(app, list, 'first: 5');
    const publish = (slug: string, at: string) => sql`
      insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
      values (${v7()}, ${slug}, ${slug}, 'en', 'PUBLISHED', ${at}, '', 'TEXT', '', '', 1)`;
    await publish('in-front', '2026-11-21T00:00:00Z');
    await publish('long-ago', '2001-01-01T00:00:00Z');
    const rest = await pageOf(app, list, `first: 100, after: "${first.pageInfo.endCursor ?? ''}"`);
    const seen = idsOf([first, rest]);
    expect(seen.slice(0, -1)).toEqual(before);
    expect(rest.edges).toHaveLength(before.length - 5 + 1);
    await sql`delete from posts where slug in ('in-front', 'long-ago')`;
  });

  it('goes on behind a row that is gone', async () => {
    const list: Around = ['tags(', ') { PAGE }', ['tags']];
    await sql`insert into tags (id, slug, name) values (${v7()}, 'aaa-gone', 'aaa gone')`;
    const first = await pageOf(app, list, 'first: 1');
    await sql`delete from tags where slug = 'aaa-gone'`;
    const next = await pageOf(app, list, `first: 1, after: "${first.pageInfo.endCursor ?? ''}"`);
    const fresh = await pageOf(app, list, 'first: 1');
    expect(idsOf([next])).toEqual(idsOf([fresh]));
  });

  it.each([
    ['first: 0', 'BAD_USER_INPUT'],
    ['first: 101', 'BAD_USER_INPUT'],
    ['last: -1', 'BAD_USER_INPUT'],
    ['first: 5, last: 5', 'BAD_USER_INPUT'],
    ['after: ""', 'CURSOR_INVALID'],
    ['after: "nonsense"', 'CURSOR_INVALID'],
    ['before: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"', 'CURSOR_INVALID'],
  ])('%s is refused with %s', async (page, code) => {
    const { errors } = await app.send(`{ posts(${page}) { nodes { id } } }`);
    expect(errors?.map((error) => error.extensions.code)).toEqual([code]);
  });

  it('a cursor of another list, filter, order or parent is refused, and so is an altered one', async () => {
    const { posts, tags } = await app.query<{
      posts: {
        pageInfo: { endCursor: string };
        nodes: { id: string; comments: { pageInfo: { endCursor: string | null } } }[];
      };
      tags: { pageInfo: { endCursor: string } };
    }>(`{ posts(first: 10) { pageInfo { endCursor } nodes { id comments(first: 1) { pageInfo { endCursor } } } }
          tags(first: 1) { pageInfo { endCursor } } }`);
    const cursor = posts.pageInfo.endCursor;
    const flipped = `${cursor.slice(0, -4)}${cursor.at(-4) === 'A' ? 'B' : 'A'}${cursor.slice(-3)}`;
    const [one, other] = posts.nodes.filter((post) => post.comments.pageInfo.endCursor !== null);
    const foreign = [
      `posts(after: "${tags.pageInfo.endCursor}") { nodes { id } }`,
      `posts(after: "${flipped}") { nodes { id } }`,
      `posts(after: "${cursor}=") { nodes { id } }`,
      `posts(after: "${cursor}", orderBy: PUBLISHED_AT_ASC) { nodes { id } }`,
      `posts(after: "${cursor}", filter: { language: "en" }) { nodes { id } }`,
      `post(by: { id: "${one?.id}" }) { comments(after: "${other?.comments.pageInfo.endCursor}") { nodes { id } } }`,
    ];
    for (const field of foreign) {
      const { errors } = await app.send(`{ ${field} }`);
      expect(
        errors?.map((error) => error.extensions.code),
        field,
      ).toEqual(['CURSOR_INVALID']);
    }
    // What is left out, null and an empty filter are one list.
    for (const filter of [
      '',
      ', filter: null',
      ', filter: {}',
      ', filter: { language: null, tag: null, hasCoverage: null }',
    ]) {
      expect(
        await app.query(`{ posts(first: 1, after: "${cursor}"${filter}) { nodes { id } } }`),
      ).toBeDefined();
    }
  });
});
