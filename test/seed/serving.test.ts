import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { useSeededDatabase } from './place.js';

interface Thread {
  readonly post: {
    readonly id: string;
    readonly commentCount: number;
    readonly comments: {
      readonly totalCount: number;
      readonly nodes: readonly {
        readonly replyCount: number;
        readonly replies: { readonly totalCount: number };
      }[];
    };
  };
}

describe('an instance over a seeded database', () => {
  const place = useSeededDatabase();
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ DATABASE_URL: place.url });
  });
  afterAll(() => app.stop());

  const slugOf = async (query: string): Promise<string> =>
    (await place.sql.unsafe<{ slug: string }[]>(query))[0]?.slug ?? '';

  it('answers the feed', async () => {
    const { posts } = await app.query<{ posts: { totalCount: number; nodes: readonly { title: string }[] } }>(
      '{ posts(first: 20) { totalCount nodes { title authors { name } tags { slug } comments(first: 2) { nodes { body } } } } }',
    );
    const newest = await place.sql`select title from posts order by listed_at desc, id desc limit 20`;
    expect(posts.totalCount).toBe(900);
    expect(posts.nodes.map(({ title }) => title)).toEqual(newest.map((row) => row['title'] as string));
  });

  it('answers the largest thread with the counts it shows', async () => {
    const slug = await slugOf('select slug from posts order by comment_count desc limit 1');
    const { post } = await app.query<Thread>(
      `query ($slug: String!) { post(by: { slug: $slug }) { id commentCount
        comments(first: 50) { totalCount nodes { replyCount replies { totalCount } } } } }`,
      { slug },
    );
    expect(post.commentCount).toBe(520);
    expect(post.comments.nodes.every(({ replyCount, replies }) => replyCount === replies.totalCount)).toBe(
      true,
    );
  });

  it('finds the posts that have a word', async () => {
    const { search } = await app.query<{ search: { totalCount: number } }>(
      '{ search(query: "harbour", kinds: [POST], first: 5) { totalCount edges { node { __typename } } } }',
    );
    const [row] = await place.sql`
      select count(*)::int as posts from posts
      where search @@ (to_tsquery('english', 'harbour') || to_tsquery('simple', 'harbour'))`;
    expect(search.totalCount).toBe(row?.['posts']);
    expect(search.totalCount).toBeGreaterThan(10);
  });

  it('answers a coverage with its entries', async () => {
    const covered = await slugOf('select slug from posts join coverages on post_id = posts.id limit 1');
    const coverage = await app.query<{ post: { coverage: { entries: { totalCount: number } } } }>(
      'query ($slug: String!) { post(by: { slug: $slug }) { coverage { entries(first: 5) { totalCount } } } }',
      { slug: covered },
    );
    expect(coverage.post.coverage.entries.totalCount).toBe(90);
  });

  it('takes a comment of somebody who comes new, and streams go on from there', async () => {
    const slug = await slugOf('select slug from posts order by comment_count, id limit 1');
    const reader = await createPerson({ app, sql: place.sql });
    const read = () =>
      app.query<{ post: { id: string; commentCount: number; comments: { streamCursor: string } } }>(
        'query ($slug: String!) { post(by: { slug: $slug }) { id commentCount comments(first: 1) { streamCursor } } }',
        { slug },
      );
    const { post } = await read();
    await reader.query(
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { message } } }',
      { input: { postId: post.id, body: 'Here is one more.' } },
    );
    expect((await read()).post.commentCount).toBe(post.commentCount + 1);
    const { commentEvents } = await app.query<{ commentEvents: { nodes: readonly { type: string }[] } }>(
      'query ($id: ID!, $after: String!) { commentEvents(postId: $id, after: $after) { nodes { type } } }',
      { id: post.id, after: post.comments.streamCursor },
    );
    expect(commentEvents).toEqual({ nodes: [{ type: 'ADDED' }] });
  });
});
