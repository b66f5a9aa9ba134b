import { EventSource } from 'eventsource';
import { createClient } from 'graphql-sse';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { streamsOf } from '../kit/eventStreams.js';
import { createPerson, type Person } from '../kit/people.js';
import { startProxy } from '../kit/proxy.js';
import { usePublication } from '../kit/publication.js';
import { eventually } from '../kit/sockets.js';
import { bodiesIn, codeIn, COMMENTS, headersOf, headOf, useStreams } from './sseStage.js';
import { comment, STREAMS } from './stage.js';

const publication = usePublication();
const open = useStreams(() => publication.app);
let reader: Person;

const ADD_COMMENT = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { body } } }';

beforeAll(async () => {
  reader = await createPerson(publication);
});

describe('a subscription on a connection of its own', () => {
  it('is told with the cursor of each event as its id', async () => {
    const { id: postId } = await createPost(publication);
    const stream = await open({
      query: STREAMS.comments,
      variables: { postId, after: await headOf(publication, postId) },
    });
    expect(stream.status).toBe(200);
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(stream.headers.get('x-request-id')).not.toBeNull();
    expect(stream.headers.get('content-encoding')).toBeNull();
    await comment(reader, postId, 'One\nline, and another');
    await comment(reader, postId, 'Two');
    const events = await stream.until(2);
    expect(bodiesIn(events)).toEqual(['One\nline, and another', 'Two']);
    for (const { id, data } of events)
      expect(data).toMatchObject({ data: { commentsChanged: { cursor: id } } });
  });

  it.each(['GET', 'POST'] as const)(
    'goes on behind Last-Event-ID by %s, whatever its document says',
    async (method) => {
      const { id: postId } = await createPost(publication);
      const start = await headOf(publication, postId);
      const first = await open({ query: STREAMS.comments, variables: { postId, after: start } });
      for (const body of ['1', '2', '3']) await comment(reader, postId, body);
      const [, second] = await first.until(3);
      first.close();
      await comment(reader, postId, '4');
      const headers = { 'last-event-id': second?.id ?? '' };
      const variables = { postId, after: start };
      const again = await open({ method, query: STREAMS.comments, variables, headers });
      const without = await open({ method, query: COMMENTS, variables: { postId }, headers });
      await comment(reader, postId, '5');
      expect(bodiesIn(await again.until(3))).toEqual(['3', '4', '5']);
      expect(bodiesIn(await without.until(3))).toEqual(['3', '4', '5']);
    },
  );

  it('is what graphql-sse understands', async () => {
    const { id: postId } = await createPost(publication);
    const client = createClient({ url: streamsOf(publication.app), retryAttempts: 0 });
    const results = client.iterate({
      query: STREAMS.comments,
      variables: { postId, after: await headOf(publication, postId) },
    });
    await comment(reader, postId, 'Heard');
    expect((await results.next()).value).toMatchObject({
      data: { commentsChanged: { comment: { body: 'Heard' } } },
    });
    await results.return?.();
    client.dispose();
  });

  it('is resumed by an EventSource that lost its connection, without a gap and without a repetition', async () => {
    const { id: postId } = await createPost(publication);
    const url = new URL(streamsOf(publication.app));
    url.searchParams.set('query', COMMENTS);
    url.searchParams.set('variables', JSON.stringify({ postId }));
    const proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
    const source = new EventSource(proxy.through(url.href));
    try {
      const heard: string[] = [];
      source.addEventListener('next', ({ data }) => {
        heard.push(...bodiesIn([{ data: JSON.parse(String(data)) }]));
      });
      await new Promise((resolve) => source.addEventListener('open', resolve, { once: true }));
      await comment(reader, postId, '1');
      await eventually(() => expect(heard).toEqual(['1']));
      proxy.cut();
      await comment(reader, postId, '2');
      await eventually(() => expect(heard).toEqual(['1', '2']));
      await comment(reader, postId, '3');
      await eventually(() => expect(heard).toEqual(['1', '2', '3']));
    } finally {
      source.close();
      await proxy.close();
    }
  });

  it('sends values without an id, for they have no place in a topic', async () => {
    const { id: subjectId } = await createPost(publication);
    const stream = await open({ query: STREAMS.reactions, variables: { subjectId } });
    expect(await stream.until(1)).toMatchObject([
      { id: undefined, data: { data: { reactionsChanged: { subjectId, reactions: [] } } } },
    ]);
  });
});

describe('an operation with one answer', () => {
  it.each(['GET', 'POST'] as const)('is answered and completed: a query by %s', async (method) => {
    const stream = await open({
      method,
      query: 'query ($n: Int) { posts(first: $n) { nodes { __typename } } }',
      variables: { n: 1 },
    });
    expect(await stream.ended).toBe('END');
    expect(stream.events).toMatchObject([
      { event: 'next', id: undefined, data: { data: { posts: { nodes: [{ __typename: 'Post' }] } } } },
      { event: 'complete', id: 'complete', data: '' },
    ]);
  });

  it('is answered once with one Idempotency-Key: a mutation', async () => {
    const { id: postId } = await createPost(publication);
    const request = {
      query: ADD_COMMENT,
      variables: { input: { postId, body: 'Over SSE' } },
      headers: { ...headersOf(reader), 'idempotency-key': `sse-${postId}` },
    };
    for (const stream of [await open(request), await open(request)]) {
      await stream.ended;
      expect(stream.events[0]?.data).toMatchObject({
        data: { addComment: { comment: { body: 'Over SSE' } } },
      });
    }
    const { node } = await publication.app.query<{ node: { commentCount: number } }>(
      'query ($id: ID!) { node(id: $id) { ... on Post { commentCount } } }',
      { id: postId },
    );
    expect(node.commentCount).toBe(1);
  });

  it('may be as long as one over HTTP', async () => {
    const { id } = await createPost(publication);
    for (let count = 0; count < 6; count += 1) await comment(reader, id, 'x'.repeat(10_000));
    const bodies = Array.from({ length: 28 }, (_, place) => `body${place}: body`).join(' ');
    const stream = await open({
      query: `query ($id: ID!) { node(id: $id) { ... on Post { comments(first: 6) { nodes { ${bodies} } } } } }`,
      variables: { id },
    });
    expect(await stream.ended).toBe('END');
    expect(stream.text.length).toBeGreaterThan(1_500_000);
    expect(stream.events.map(({ event }) => event)).toEqual(['next', 'complete']);
  });

  it('changes nothing by GET', async () => {
    const { id: postId } = await createPost(publication);
    const stream = await open({
      method: 'GET',
      query: ADD_COMMENT,
      variables: { input: { postId, body: 'By GET' } },
      headers: headersOf(reader),
    });
    await stream.ended;
    expect(codeIn(stream.events)).toBe('BAD_USER_INPUT');
  });
});
