import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createPerson, type Person } from '../kit/people.js';
import { connect } from '../kit/sockets.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { until } from '../kit/until.js';
import { needsReplica, type ReplicatedPostgres, startReplicated, withoutReplica } from './replica.js';

/** Longer than a test: whoever wrote is told from whoever did not by nothing else. */
const MAX_LAG = 60_000;

const EVENT = 'type comment { body }';

const POSTS = '{ posts(first: 1) { totalCount } }';

describe.skipIf(withoutReplica || withoutRedis)(`with a replica${needsReplica}${needsRedis}`, () => {
  let replicated: ReplicatedPostgres;
  let redis: TestRedis;
  let sql: postgres.Sql;
  /** Sessions on the replica show which reads came there. */
  let onReplica: postgres.Sql;
  let instances: TestApp[];

  beforeAll(async () => {
    [replicated, redis] = await Promise.all([startReplicated(), startRedis()]);
    sql = postgres(replicated.url, { max: 2, onnotice: () => undefined });
    onReplica = postgres(replicated.replicaUrl, { max: 1, onnotice: () => undefined });
    const start = (maxLag: number) =>
      startTestApp({
        DATABASE_URL: replicated.url,
        DATABASE_REPLICA_URLS: replicated.replicaUrl,
        REDIS_URL: redis.url,
        TIDINGS_REPLICA_MAX_LAG_MS: String(maxLag),
        TIDINGS_POOL_SIZE: '5',
      });
    instances = await Promise.all([start(MAX_LAG), start(MAX_LAG), start(2_000)]);
  }, 120_000);
  afterAll(async () => {
    for (const instance of instances ?? []) await instance.stop();
    await sql?.end();
    await onReplica?.end();
    await redis?.stop();
    await replicated?.stop();
  }, 60_000);

  const instance = (place: number): TestApp => {
    const app = instances[place];
    if (app === undefined) throw new Error('No such instance.');
    return app;
  };

  const count = async (of: Pick<TestApp, 'query'>): Promise<number> =>
    (await of.query<{ posts: { totalCount: number } }>(POSTS)).posts.totalCount;

  const publish = async () => {
    await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
      values (gen_random_uuid(), gen_random_uuid(), 'A post', 'en', 'PUBLISHED', now(), '', 'MARKDOWN', '', '', 1)`;
  };

  const newest = async (): Promise<number> => {
    const [row] = await sql<
      { count: number }[]
    >`select count(*)::int as count from posts where listed_at is not null`;
    return row?.count ?? 0;
  };

  /** While it is paused, the replica does not know a post that everybody else knows. */
  const fallBehind = async (): Promise<void> => {
    await replicated.catchUp();
    await replicated.pause(true);
    await publish();
  };

  beforeEach(async () => {
    await replicated.pause(false);
    await replicated.catchUp();
    for (const place of [0, 1, 2]) {
      // A replica is read from only when it is known to be well.
      const began = Date.now();
      await until('it is read from', async () => {
        await instance(place).query('{ __typename tags(first: 1) { totalCount } }');
        const read = await onReplica`select 1 from pg_stat_activity
          where application_name = 'tidings' and query like '%tags.%' and query_start > ${new Date(began)}`;
        return read.length > 0;
      });
    }
  });

  it('readers read what the replica has', async () => {
    await fallBehind();
    expect(await count(instance(0))).toBe((await newest()) - 1);
  });

  it('whoever wants nothing that is older reads from the primary', async () => {
    await fallBehind();
    const read = async (cacheControl: string): Promise<number> => {
      const headers = { 'cache-control': cacheControl };
      return (await instance(0).query<{ posts: { totalCount: number } }>(POSTS, {}, headers)).posts
        .totalCount;
    };
    expect(await read('no-cache')).toBe(await newest());
    expect(await read('max-age=0, No-Cache')).toBe(await newest());
    expect(await read('max-age=5')).toBe((await newest()) - 1);
  });

  it('whoever is connected for events reads all that they may have heard of', async ({ onTestFinished }) => {
    await fallBehind();
    const socket = await connect(instance(0));
    onTestFinished(() => socket.close());
    expect((await socket.ask<{ posts: object }>(POSTS)).data.posts).toEqual({ totalCount: await newest() });
    const stream = await fetch(`${instance(0).endpoint}/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: POSTS }),
    });
    expect(await stream.text()).toContain(`"totalCount":${await newest()}`);
  });

  it('a post that is read after its events, as the documents say, misses none of them', async () => {
    await publish();
    const [row] = await sql<{ id: string }[]>`select id from posts where listed_at is not null limit 1`;
    const variables = { id: encodeId('Post', row?.id ?? '') };
    await replicated.catchUp();
    await replicated.pause(true);
    const editor = await createPerson({ app: instance(1), sql }, 'EDITOR');
    const { updatePost } = await editor.query<{ updatePost: object }>(
      'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { post { title } userErrors { message } } }',
      { input: { id: variables.id, title: 'Another title', expectedVersion: 1 } },
    );
    expect(updatePost).toEqual({ post: { title: 'Another title' }, userErrors: [] });
    const headers = { 'cache-control': 'no-cache' };
    const { postEvents } = await instance(0).query<{ postEvents: { pageInfo: object } }>(
      'query ($id: ID!) { postEvents(id: $id) { pageInfo { endCursor } } }',
      variables,
      headers,
    );
    expect(postEvents.pageInfo).toEqual({ endCursor: expect.any(String) as string });
    const title = (more?: Record<string, string>) =>
      instance(0).query('query ($id: ID!) { post(by: { id: $id }) { title } }', variables, more);
    expect(await title()).toEqual({ post: { title: 'A post' } });
    expect(await title(headers)).toEqual({ post: { title: 'Another title' } });
  });

  it('a list and the place in its stream are of one moment, whichever that is', async () => {
    await fallBehind();
    const before = await newest();
    type Read = { posts: { totalCount: number; nodes: object[]; streamCursor: string } };
    const { posts } = await instance(0).query<Read>(
      '{ posts(first: 100) { totalCount nodes { id } streamCursor } }',
    );
    expect(posts.nodes).toHaveLength(before - 1);
    expect(posts.totalCount).toBe(before - 1);
  });

  it('whoever wrote reads what they wrote, on every instance', async () => {
    const person = await createPerson({ app: instance(0), sql }, 'AUTHOR');
    const write = (post: string): Promise<unknown> =>
      person.query(
        `mutation ($input: CreatePostInput!) { createPost(input: $input) { post { title } userErrors { message } } }`,
        { input: { title: post, body: 'Text', language: 'en' } },
      );
    await replicated.catchUp();
    await replicated.pause(true);
    await write('Mine');
    await publish();
    expect(await count(person)).toBe(await newest());
    expect(await count(elsewhere(person, instance(1)))).toBe(await newest());
    expect(await count(instance(0)), 'others read from the replica').toBe((await newest()) - 1);
  });

  const elsewhere = (person: Person, app: TestApp): Pick<TestApp, 'query'> => ({
    query: (query, variables) =>
      app.query(query, variables, { authorization: `Bearer ${person.accessToken}` }),
  });

  it('whoever signs up reads themself at once', async () => {
    await replicated.pause(true);
    const [, name = ''] = String(Math.random()).split('.');
    const { signUp } = await instance(0).query<{ signUp: { session: { accessToken: string } } }>(
      'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken } userErrors { message } } }',
      {
        input: {
          email: `${name}@example.org`,
          username: `new-${name}`,
          password: 'correct horse battery staple',
        },
      },
    );
    const authorization = `Bearer ${signUp.session.accessToken}`;
    for (const place of [0, 1]) {
      expect(await instance(place).query('{ viewer { username } }', {}, { authorization })).toEqual({
        viewer: { username: `new-${name}` },
      });
    }
  });

  it('an event is told with what it is about, to those who listen and to those who poll', async ({
    onTestFinished,
  }) => {
    const person = await createPerson({ app: instance(0), sql });
    await publish();
    const [row] = await sql<{ id: string }[]>`select id from posts where listed_at is not null limit 1`;
    const postId = encodeId('Post', row?.id ?? '');
    await replicated.catchUp();
    await replicated.pause(true);
    // Whatever is committed from here on is told, however long the subscription takes to begin.
    const { post } = await instance(1).query<{ post: { comments: { streamCursor: string } } }>(
      'query ($postId: ID!) { post(by: { id: $postId }) { comments(first: 1) { streamCursor } } }',
      { postId },
    );
    const socket = await connect(instance(1));
    onTestFinished(() => socket.close());
    const stream = socket.start<object>(
      `subscription ($postId: ID!, $after: String) { commentsChanged(postId: $postId, after: $after) { ${EVENT} cursor } }`,
      { postId, after: post.comments.streamCursor },
    );
    await person.query(
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { message } } }',
      { input: { postId, body: 'Seen by all' } },
    );
    const told = { type: 'ADDED', comment: { body: 'Seen by all' } };
    expect((await stream.until(1))[0]).toMatchObject(told);
    const polled = await instance(1).query<{ commentEvents: { nodes: object[] } }>(
      `query ($postId: ID!) { commentEvents(postId: $postId) { nodes { ${EVENT} } } }`,
      { postId },
    );
    expect(polled.commentEvents.nodes.at(-1)).toEqual(told);
  });

  it('a replica that is too far behind is not read from, until it is not', async () => {
    await fallBehind();
    await until('the primary is read', async () => (await count(instance(2))) === (await newest()), 10_000);
    expect(await count(instance(0)), 'who allows for more reads on').toBe((await newest()) - 1);
    await until('the operator heard of it', () =>
      instance(2).logged.some(({ msg }) => String(msg).startsWith('a replica is away')),
    );
  });

  it('a replica that is gone fails nobody, and is read from again when it is back', async () => {
    await publish();
    await replicated.stopReplica();
    try {
      for (let times = 0; times < 20; times += 1) expect(await count(instance(0))).toBe(await newest());
    } finally {
      await replicated.startReplica();
    }
  });
});
