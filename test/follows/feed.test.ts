import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

interface Feed {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly slug: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const FEED = `query ($first: Int, $after: String, $last: Int, $before: String) {
  viewer { feed(first: $first, after: $after, last: $last, before: $before) {
    totalCount
    edges { cursor node { slug } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }
}`;

describe('the feed', () => {
  const publication = usePublication();
  let users: Map<string, string>;
  let tags: Map<string, string>;
  let reader: Person;

  beforeAll(async () => {
    const { sql } = publication;
    const named = async (rows: Promise<readonly { id: string; name: string }[]>) =>
      new Map((await rows).map(({ id, name }) => [name, id]));
    users = await named(
      sql`select id, username as name from users where id in (select user_id from post_authors)`,
    );
    tags = await named(sql`select id, slug as name from tags`);
  });
  beforeEach(async () => {
    reader = await createPerson(publication);
  });

  const follow = async (who: Person, usernames: readonly string[], slugs: readonly string[]) => {
    const { sql } = publication;
    await sql`insert into user_follows (follower_id, user_id)
      select ${who.uuid}, id from unnest(${usernames.map((name) => users.get(name) ?? '')}::uuid[]) as id`;
    await sql`insert into tag_follows (follower_id, tag_id)
      select ${who.uuid}, id from unnest(${slugs.map((name) => tags.get(name) ?? '')}::uuid[]) as id`;
  };
  const feed = async (who: Person, variables: Record<string, unknown> = {}): Promise<Feed> =>
    (await who.query<{ viewer: { feed: Feed } }>(FEED, variables)).viewer.feed;
  const slugsOf = ({ edges }: Feed): string[] => edges.map(({ node }) => node.slug);

  it('holds published posts by followed users and with followed tags, newest first, each once', async () => {
    await follow(reader, ['gus-okafor'], ['food', 'weather']);
    const page = await feed(reader);
    expect(slugsOf(page)).toEqual([
      'regatta-result-corrected',
      'boathouse-breakfast',
      'regatta-guide',
      'how-to-read-a-tide-table-ar',
      'ferry-winter-timetable-ar',
      'ferry-winter-timetable',
      'fish-hall-half-past-eleven',
      'reading-the-harbour',
    ]);
    expect(page.totalCount).toBe(8);
  });

  it('is empty for whoever follows nobody, and null for whoever is not there', async () => {
    expect(await feed(reader)).toMatchObject({ totalCount: 0, edges: [], pageInfo: { hasNextPage: false } });
    expect(await publication.app.query(FEED)).toEqual({ viewer: null });
  });

  it('pages to the end without a repeat or a gap, forward and backward, whatever is followed', async () => {
    const subset = (names: Iterable<string>) => fc.subarray([...names]);
    await fc.assert(
      fc.asyncProperty(
        subset(users.keys()),
        subset(tags.keys()),
        fc.integer({ min: 1, max: 5 }),
        async (usernames, slugs, size) => {
          const person = await createPerson(publication);
          await follow(person, usernames, slugs);
          const rows = await publication.sql<{ slug: string }[]>`
            select slug from posts where listed_at is not null and (
              exists (select from post_authors join user_follows using (user_id)
                where post_id = posts.id and follower_id = ${person.uuid})
              or exists (select from post_tags join tag_follows using (tag_id)
                where post_id = posts.id and follower_id = ${person.uuid}))
            order by listed_at desc, id desc`;
          const expected = rows.map((row) => row.slug);

          const forward: string[] = [];
          let page = await feed(person, { first: size });
          forward.push(...slugsOf(page));
          while (page.pageInfo.hasNextPage) {
            page = await feed(person, { first: size, after: page.pageInfo.endCursor });
            forward.push(...slugsOf(page));
          }
          expect(forward).toEqual(expected);
          expect(page.totalCount).toBe(expected.length);

          const backward: string[] = [];
          page = await feed(person, { last: size });
          backward.unshift(...slugsOf(page));
          while (page.pageInfo.hasPreviousPage) {
            page = await feed(person, { last: size, before: page.pageInfo.startCursor });
            backward.unshift(...slugsOf(page));
          }
          expect(backward).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('keeps drafts, scheduled and archived posts out, those by oneself included', async () => {
    const { sql } = publication;
    const author = await createPerson(publication, 'AUTHOR');
    await sql`insert into user_follows (follower_id, user_id) values (${reader.uuid}, ${author.uuid})`;
    for (const status of ['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED']) {
      const id = randomUUID();
      await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
        values (${id}, ${`${status.toLowerCase()}-${id}`}, ${status}, 'en', ${status}, now(), '', 'MARKDOWN', '', '', 1)`;
      await sql`insert into post_authors (post_id, position, user_id) values (${id}, 0, ${author.uuid})`;
    }
    const page = await feed(reader);
    expect(slugsOf(page).map((slug) => slug.split('-')[0])).toEqual(['published']);
    expect(page.totalCount).toBe(1);
  });

  it('of another user takes no cursor of this one', async () => {
    await follow(reader, ['gus-okafor'], []);
    const { edges } = await feed(reader, { first: 1 });
    const other = await createPerson(publication);
    const { errors } = await other.send(FEED, { after: edges[0]?.cursor });
    expect(errors?.map((error) => error.extensions.code)).toEqual(['CURSOR_INVALID']);
  });

  it('goes on in the stream of all posts', async () => {
    const { viewer, posts } = await reader.query<{
      viewer: { feed: { streamCursor: string } };
      posts: { streamCursor: string };
    }>('{ viewer { feed { streamCursor } } posts { streamCursor } }');
    expect(viewer.feed.streamCursor).toBe(posts.streamCursor);
  });

  it('is one statement, however much is followed and asked for', async () => {
    await follow(reader, [...users.keys()], [...tags.keys()]);
    const ask =
      '{ viewer { feed(first: 10) { totalCount nodes { id title authors { feed(first: 5) { nodes { id } } } } } } }';
    const statements = await publication.app.statementsOf(() => reader.query(ask));
    expect(
      statements.map(({ name }) => name).filter((name) => /^(follows|posts)\./.test(name ?? '')),
    ).toEqual(expect.arrayContaining(['follows.countFeeds', 'follows.feeds']));
    expect(statements.filter(({ name }) => /^(follows|posts)\./.test(name ?? ''))).toHaveLength(2);
  });
});
