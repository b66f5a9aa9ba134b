import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topicOf } from '../../src/events/topics.js';
import { addEntry, createPost } from '../coverage/newsroom.js';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, cursorAt, cursorOf, type Operation, type TestSocket } from '../kit/sockets.js';
import { act, comment, type CommentEvent, listen, type PostEvent, STREAMS } from './stage.js';

const publication = usePublication();
const sockets: TestSocket[] = [];
let reader: Person;
let editor: Person;

beforeAll(async () => {
  [reader, editor] = await Promise.all([createPerson(publication), createPerson(publication, 'EDITOR')]);
});
afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
});

async function open(): Promise<TestSocket> {
  const socket = await connect(publication.app);
  sockets.push(socket);
  return socket;
}

const bodiesOf = (events: readonly CommentEvent[]) => events.map((event) => event.comment?.body);

/** Comments with the bodies 1 to `count`, one after the other. */
async function writeComments(postId: string, from: number, to: number): Promise<string[]> {
  const bodies = Array.from({ length: to - from + 1 }, (_, place) => String(from + place));
  for (const body of bodies) await comment(reader, postId, body);
  return bodies;
}

/** Behind the API: comments that were written before, and the events that told of them. */
async function forge(postId: string, count: number): Promise<string[]> {
  const { sql } = publication;
  const uuid = uuidOf(postId);
  const topic = topicOf.comments(uuid);
  await sql`
    with written as (
      insert into comments (id, post_id, author_id, depth, state, language, body, body_format, body_html, body_text, renderer_version)
      select gen_random_uuid(), ${uuid}, ${reader.uuid}, 0, 'VISIBLE', 'en', place::text, 'TEXT', '', '', 1
      from generate_series(1, ${count}) as place
      returning id, body
    ), topic as (
      insert into topics (name, head) values (${topic}, ${count})
    )
    insert into events (topic, seq, type, payload, access_seq, created_at)
    select ${topic}, body::int, 'comment.added', jsonb_build_object(
      'commentId', id, 'postId', ${uuid}::text, 'parentId', null, 'authorId', ${reader.uuid}::text, 'state', 'VISIBLE',
      'previousState', null, 'version', 1, 'listed', true, 'previouslyListed', false), 0, now()
    from written`;
  return Array.from({ length: count }, (_, place) => String(place + 1));
}

describe('a stream', () => {
  it('goes on after the last event across any number of connections, without a gap or a repeat', async () => {
    const { id: postId, uuid } = await createPost(publication);
    let after = await cursorOf(publication, topicOf.comments(uuid));
    const heard: (string | undefined)[] = [];
    const writing = writeComments(postId, 1, 60);
    while (heard.length < 60) {
      const socket = await open();
      const stream = await listen(publication, socket, 'comments', postId, after);
      await stream.until(1 + Math.floor(Math.random() * 8)).catch(() => undefined);
      // Whatever came until the connection broke.
      socket.websocket.terminate();
      heard.push(...bodiesOf(stream.events));
      after = stream.events.at(-1)?.cursor ?? after;
      if (heard.length >= 52) break;
    }
    const written = await writing;
    const last = await listen(publication, await open(), 'comments', postId, after);
    if (heard.length < 60) heard.push(...bodiesOf(await last.until(60 - heard.length)));
    expect(heard).toEqual(written);
  });

  it('goes on after the cursor of each list that it continues', async () => {
    const { id: postId } = await createPost(publication, { coverage: 'LIVE' });
    const parentId = await comment(reader, postId, 'Before');
    const { post, posts, node } = await publication.app.query<{
      post: { comments: { streamCursor: string }; coverage: { entries: { streamCursor: string } } };
      posts: { streamCursor: string };
      node: { replies: { streamCursor: string } };
    }>(
      `query ($id: ID!, $parentId: ID!) {
        post(by: { id: $id }) { comments(first: 1) { streamCursor } coverage { entries(first: 1) { streamCursor } } }
        posts(first: 1) { streamCursor }
        node(id: $parentId) { ... on Comment { replies(first: 1) { streamCursor } } }
      }`,
      { id: postId, parentId },
    );
    await comment(reader, postId, 'After', parentId);
    await addEntry(editor, postId, { body: 'Entry' });
    await act(editor, 'updatePost', { id: postId, expectedVersion: 1, title: 'Title' });
    const socket = await open();
    const comments = await Promise.all(
      [post.comments, node.replies].map(({ streamCursor }) =>
        listen(publication, socket, 'comments', postId, streamCursor),
      ),
    );
    for (const stream of comments) expect(bodiesOf(await stream.until(1))).toEqual(['After']);
    const coverage = await listen(
      publication,
      socket,
      'coverage',
      postId,
      post.coverage.entries.streamCursor,
    );
    expect((await coverage.until(1)).map(({ entry }) => entry?.body)).toEqual(['Entry']);
    const published = socket.start<PostEvent>(STREAMS.published, { after: posts.streamCursor });
    expect((await published.until(1)).map((event) => event.post?.title)).toEqual(['Title']);
  });

  it('catches up with 1,000 events while more are written, and then goes on live', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const old = await forge(postId, 1_000);
    const socket = await open();
    const live = await listen(publication, socket, 'comments', postId);
    const writing = writeComments(postId, 1_001, 1_030);
    const streams = await Promise.all(
      [0, 0, 500, 999].map((seq) =>
        listen(publication, socket, 'comments', postId, cursorAt(topicOf.comments(uuid), seq)),
      ),
    );
    const all = [...old, ...(await writing)];
    const missed = [0, 0, 500, 999];
    for (const [place, stream] of streams.entries()) {
      const expected = all.slice(missed[place]);
      expect(bodiesOf(await stream.until(expected.length))).toEqual(expected);
    }
    const last = await comment(reader, postId, 'Live');
    await live.until(31);
    await Promise.all(streams.map((stream, place) => stream.until(all.length - (missed[place] ?? 0) + 1)));
    expect(streams.map((stream) => stream.events.at(-1)?.commentId)).toEqual(streams.map(() => last));
    expect(bodiesOf(live.events)).toEqual([...all.slice(1_000), 'Live']);
  });

  it('gives the same cursor to everybody, and one that does not tell how much there was', async () => {
    const { id: postId } = await createPost(publication);
    const socket = await open();
    const streams = [
      await listen(publication, socket, 'comments', postId),
      await listen(publication, await open(), 'comments', postId),
    ];
    await writeComments(postId, 1, 3);
    const [one, other] = await Promise.all(streams.map((stream) => stream.until(3)));
    const cursors = one?.map(({ cursor }) => cursor) ?? [];
    expect(other?.map(({ cursor }) => cursor)).toEqual(cursors);
    expect(new Set(cursors).size).toBe(3);
    const bytes = cursors.map((cursor) => Buffer.from(cursor, 'base64url'));
    expect(bytes.map(({ length }) => length)).toEqual([16, 16, 16]);
    // Of encrypted blocks, neighbours have nothing in common.
    const alike = bytes
      .slice(1)
      .map((block, place) => block.filter((byte, at) => byte === bytes[place]?.[at]));
    expect(Math.max(...alike.map(({ length }) => length))).toBeLessThan(8);
  });
});

describe('a cursor', () => {
  const endOf = async (query: string, variables: Record<string, unknown>): Promise<string> => {
    const socket = await open();
    const stream: Operation<unknown> = socket.start(query, variables);
    return stream.ended();
  };

  it('that is none, of another stream or of a list is CURSOR_INVALID', async () => {
    const [{ id: postId, uuid }, other] = [await createPost(publication), await createPost(publication)];
    await comment(reader, postId, 'One');
    const { post } = await publication.app.query<{
      post: { comments: { pageInfo: { endCursor: string } } };
    }>('query ($id: ID!) { post(by: { id: $id }) { comments(first: 1) { pageInfo { endCursor } } } }', {
      id: postId,
    });
    const good = await cursorOf(publication, topicOf.comments(uuid));
    const altered = `${good.startsWith('A') ? 'B' : 'A'}${good.slice(1)}`;
    const foreign = [
      '',
      'junk',
      altered,
      `${good} `,
      `${good}=`,
      await cursorOf(publication, topicOf.comments(other.uuid)),
      await cursorOf(publication, topicOf.post(uuid)),
      await cursorOf(publication, topicOf.posts()),
      post.comments.pageInfo.endCursor,
    ];
    for (const after of foreign) {
      expect([after, await endOf(STREAMS.comments, { postId, after })]).toEqual([after, 'CURSOR_INVALID']);
    }
    expect(await endOf(STREAMS.published, { after: good })).toBe('CURSOR_INVALID');
    expect(await endOf(STREAMS.post, { postId, after: good })).toBe('CURSOR_INVALID');
  });

  it('older than the log is CURSOR_EXPIRED, also while others listen, and the next one is good', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const topic = topicOf.comments(uuid);
    const socket = await open();
    const listening = await listen(publication, socket, 'comments', postId);
    await writeComments(postId, 1, 6);
    await listening.until(6);
    listening.stop();
    await socket.close();
    await publication.sql`delete from events where topic = ${topic} and seq <= 3`;
    for (const seq of [0, 1, 2]) {
      expect(await endOf(STREAMS.comments, { postId, after: cursorAt(topic, seq) })).toBe('CURSOR_EXPIRED');
    }
    const stream = await listen(publication, await open(), 'comments', postId, cursorAt(topic, 3));
    expect(bodiesOf(await stream.until(3))).toEqual(['4', '5', '6']);
    expect(await endOf(STREAMS.comments, { postId, after: cursorAt(topic, 1) })).toBe('CURSOR_EXPIRED');
    await publication.sql`delete from events where topic = ${topic}`;
    const head = await listen(publication, await open(), 'comments', postId, cursorAt(topic, 6));
    await comment(reader, postId, '7');
    expect(bodiesOf(await head.until(1))).toEqual(['7']);
    expect(bodiesOf(await stream.until(4))).toEqual(['4', '5', '6', '7']);
  });

  it('from beyond the end, after the database was restored, is CURSOR_EXPIRED', async () => {
    const { id: postId, uuid } = await createPost(publication);
    await writeComments(postId, 1, 2);
    const topic = topicOf.comments(uuid);
    for (const seq of [3, 1_000_000, Number.MAX_SAFE_INTEGER]) {
      expect(await endOf(STREAMS.comments, { postId, after: cursorAt(topic, seq) })).toBe('CURSOR_EXPIRED');
    }
  });
});
