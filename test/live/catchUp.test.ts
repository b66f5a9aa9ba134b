import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { topicOf } from '../../src/events/topics.js';
import { addEntry, createPost, write } from '../coverage/newsroom.js';
import type { Client } from '../kit/app.js';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, cursorAt, cursorOf, type Operation, type StreamEvent } from '../kit/sockets.js';
import { act, comment, STREAMS } from './stage.js';

const publication = usePublication();
let reader: Person;
let author: Person;
let moderator: Person;
let editor: Person;

beforeAll(async () => {
  [reader, author, moderator, editor] = await Promise.all([
    createPerson(publication),
    createPerson(publication, 'AUTHOR'),
    createPerson(publication, 'MODERATOR'),
    createPerson(publication, 'EDITOR'),
  ]);
});

interface Event {
  readonly cursor: string;
  readonly type: string;
  readonly commentId?: string;
  readonly comment?: { readonly id: string; readonly body: string; readonly state: string } | null;
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Event }[];
  readonly nodes: readonly Event[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string;
  };
}

/** The lists of events, each asking for what the stream of the same name in `STREAMS` tells. */
const pageOf = (field: string, argument: string, selection: string): string =>
  `query ($postId: ID!, $first: Int! = 50, $after: String) {
    page: ${field}(${argument}: $postId, first: $first, after: $after) {
      edges { cursor node { cursor } } nodes { ${selection} }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
const PAGES = {
  comments: pageOf('commentEvents', 'postId', 'cursor type occurredAt commentId comment { id body state }'),
  coverage: pageOf(
    'coverageEvents',
    'postId',
    'cursor type entryId entry { id body retractedAt } coverage { id status entryCount }',
  ),
  post: pageOf('postEvents', 'id', 'cursor type postId post { id title status }'),
};

type Kind = keyof typeof PAGES;

const pageFor = async (
  who: Client,
  kind: Kind,
  postId: string,
  more: { readonly first?: number; readonly after?: string } = {},
): Promise<Page> => (await who.query<{ page: Page }>(PAGES[kind], { postId, ...more })).page;

/** All pages after a place. */
async function allFor(who: Client, kind: Kind, postId: string, after: string, first = 3) {
  const events: Event[] = [];
  let cursor = after;
  for (;;) {
    const { nodes, pageInfo } = await pageFor(who, kind, postId, { first, after: cursor });
    events.push(...nodes);
    cursor = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) return { events, cursor };
  }
}

const codeOf = async (who: Client, kind: Kind, variables: Record<string, unknown>) =>
  (await who.send(PAGES[kind], variables)).errors?.[0]?.extensions.code;

const topicsOf = { comments: topicOf.comments, coverage: topicOf.coverage, post: topicOf.post };

/** A discussion with something for each viewer. */
async function discuss(): Promise<string> {
  const { id, uuid } = await createPost(publication, { authors: [author] });
  const first = await comment(reader, id, 'First');
  await act(reader, 'editComment', { id: first, expectedVersion: 1, body: 'Edited' });
  await publication.sql`update posts set comment_policy = 'PRE_MODERATED' where id = ${uuid}`;
  const waiting = await comment(reader, id, 'Waits');
  const hidden = await comment(moderator, id, 'Hidden', first);
  await act(moderator, 'setCommentState', { id: hidden, state: 'HIDDEN' });
  await comment(reader, id, 'Waits too');
  await act(moderator, 'setCommentState', { id: waiting, state: 'VISIBLE' });
  const gone = await comment(moderator, id, 'Gone');
  await act(moderator, 'deleteComment', { id: gone });
  await write(author, 'startCoverage', { postId: id });
  const entry = await addEntry(author, id, { body: 'Goal' });
  await addEntry(author, id, { body: 'Another' });
  await write(author, 'retractCoverageEntry', { id: entry.id });
  await act(author, 'updatePost', { id, expectedVersion: 1, title: 'Renamed' });
  return id;
}

describe('a list of events', () => {
  it('tells each viewer what the stream after the same cursor tells them', async () => {
    const postId = await discuss();
    for (const who of [undefined, reader, author, moderator, editor]) {
      const socket = await connect(publication.app, who && { accessToken: who.accessToken });
      for (const kind of ['comments', 'coverage', 'post'] as const) {
        const after = cursorAt(topicsOf[kind](uuidOf(postId)), 0);
        const { events } = await allFor(who ?? publication.app, kind, postId, after);
        const stream = socket.start(STREAMS[kind], { postId, after });
        expect(await stream.until(events.length)).toEqual(events);
        expect(events.length).toBeGreaterThan(0);
      }
      await socket.close();
    }
  });

  it('goes on where it was read up to, also when there was nothing for the viewer', async () => {
    const postId = await discuss();
    const topic = topicOf.comments(uuidOf(postId));
    const [head, start] = [await cursorOf(publication, topic), cursorAt(topic, 0)];
    // The second event is the edit, the third one waits for a moderator.
    const page = await pageFor(publication.app, 'comments', postId, { after: cursorAt(topic, 2), first: 1 });
    expect(page.nodes).toHaveLength(1);
    expect(page.edges).toEqual([{ cursor: page.nodes[0]?.cursor, node: { cursor: page.nodes[0]?.cursor } }]);
    expect(page.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: page.nodes[0]?.cursor,
      endCursor: page.nodes[0]?.cursor,
    });
    expect(page.nodes[0]?.cursor).toBe(cursorAt(topic, 4));

    const whole = await pageFor(publication.app, 'comments', postId, { after: start });
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, endCursor: head });
    expect(await pageFor(publication.app, 'comments', postId)).toEqual(whole);

    await comment(reader, postId, 'For moderators');
    const empty = await pageFor(publication.app, 'comments', postId, { after: head });
    const moved = await cursorOf(publication, topic);
    const info = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: moved };
    expect(empty).toEqual({ edges: [], nodes: [], pageInfo: info });
    expect(moved).not.toBe(head);
    expect((await pageFor(publication.app, 'comments', postId, { after: moved })).pageInfo).toEqual(info);
  });

  it('looks at so many events and no more, and says that there are others', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const topic = topicOf.comments(uuid);
    const facts = {
      commentId: uuid,
      postId: uuid,
      parentId: null,
      authorId: null,
      previousState: null,
      version: 1,
    };
    const waiting = { ...facts, state: 'PENDING', listed: false, previouslyListed: false };
    await publication.sql`insert into topics (name, head) values (${topic}, 1200)`;
    await publication.sql`insert into events (topic, seq, type, payload, created_at)
      select ${topic}, place, 'comment.added', ${publication.sql.json(waiting)}, now() from generate_series(1, 1200) as place`;
    const pages: Page[] = [];
    for (let after: string | undefined; pages.at(-1)?.pageInfo.hasNextPage !== false;) {
      const page = await pageFor(publication.app, 'comments', postId, after === undefined ? {} : { after });
      pages.push(page);
      after = page.pageInfo.endCursor;
    }
    expect(pages.map(({ nodes }) => nodes.length)).toEqual([0, 0, 0]);
    expect(pages.at(-1)?.pageInfo.endCursor).toBe(cursorAt(topic, 1200));
  });

  it('refuses cursors of something else, and those that the log does not reach back to', async () => {
    const postId = await discuss();
    const topic = topicOf.comments(uuidOf(postId));
    for (const after of ['', 'nonsense', cursorAt(topicOf.posts(), 1)]) {
      expect(await codeOf(reader, 'comments', { postId, after })).toBe('CURSOR_INVALID');
    }
    expect(await codeOf(reader, 'comments', { postId, after: cursorAt(topic, 1_000) })).toBe(
      'CURSOR_EXPIRED',
    );
    await publication.sql`delete from events where topic = ${topic} and seq <= 3`;
    expect(await codeOf(reader, 'comments', { postId, after: cursorAt(topic, 2) })).toBe('CURSOR_EXPIRED');
    expect(await codeOf(reader, 'comments', { postId, after: cursorAt(topic, 3) })).toBeUndefined();
    const kept = await pageFor(reader, 'comments', postId, { first: 1 });
    expect(kept.nodes[0]?.cursor).toBe(cursorAt(topic, 4));
    await publication.sql`delete from events where topic = ${topic}`;
    expect(await codeOf(reader, 'comments', { postId, after: cursorAt(topic, 3) })).toBe('CURSOR_EXPIRED');
    const { nodes, pageInfo } = await pageFor(reader, 'comments', postId);
    expect({ nodes, ...pageInfo }).toMatchObject({
      nodes: [],
      hasNextPage: false,
      endCursor: await cursorOf(publication, topic),
    });
  });

  it('has 1 to 100 events on a page', async () => {
    const postId = await discuss();
    for (const first of [0, -1, 101]) {
      expect(await codeOf(reader, 'comments', { postId, first })).toBe('BAD_USER_INPUT');
    }
    expect(await codeOf(reader, 'comments', { postId, first: 100 })).toBeUndefined();
  });

  it('is not there for those who may not read the post, or not any more', async () => {
    const postId = await discuss();
    await act(author, 'unpublishPost', { id: postId });
    for (const kind of ['comments', 'coverage', 'post'] as const) {
      for (const who of [publication.app, reader, moderator]) {
        expect(await codeOf(who, kind, { postId })).toBe('NOT_FOUND');
      }
      for (const who of [author, editor]) expect(await codeOf(who, kind, { postId })).toBeUndefined();
      expect(await codeOf(editor, kind, { postId: reader.id })).toBe('NOT_FOUND');
    }
    await act(author, 'publishPost', { id: postId });
    const { events } = await allFor(
      reader,
      'comments',
      postId,
      cursorAt(topicOf.comments(uuidOf(postId)), 0),
    );
    expect(events.length).toBeGreaterThan(5);
  });

  it('of published posts takes a filter, as the stream does', async () => {
    const after = await cursorOf(publication, topicOf.posts());
    const { post } = await act<{ post: { id: string } }>(
      author,
      'createPost',
      { title: 'New', body: 'Text', tags: ['Dahlias'] },
      'post { id }',
    );
    await act(author, 'publishPost', { id: post.id });
    await act(author, 'updatePost', { id: post.id, expectedVersion: 1, tags: ['Asters'] });
    const eventsOf = async (tag: string) => {
      const { page } = await publication.app.query<{ page: { nodes: { type: string; postId: string }[] } }>(
        'query ($filter: PostFilter, $after: String) { page: postPublishedEvents(filter: $filter, after: $after) { nodes { type postId } } }',
        { filter: { tag }, after },
      );
      return page.nodes.filter(({ postId }) => postId === post.id).map(({ type }) => type);
    };
    expect([await eventsOf('dahlias'), await eventsOf('ASTERS'), await eventsOf('tulips')]).toEqual([
      ['ADDED', 'REMOVED'],
      ['ADDED'],
      [],
    ]);
  });
});

/** What happens, in order. */
const step = fc.constantFrom('comment', 'comment', 'edit', 'delete', 'poll', 'switch', 'rest');

describe('one sequence', () => {
  it('is what a socket and a poller hear, and whoever goes from one to the other in the middle', async () => {
    const socket = await connect(publication.app);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 24 }), async (steps) => {
        const { id: postId, uuid } = await createPost(publication);
        const topic = topicOf.comments(uuid);
        const start = cursorAt(topic, 0);
        const steady = socket.start(STREAMS.comments, { postId, after: start });
        const polled: string[] = [];
        let place = start;
        const poll = async (): Promise<void> => {
          const { events, cursor } = await allFor(publication.app, 'comments', postId, place, 2);
          polled.push(...events.map((event) => event.cursor));
          place = cursor;
        };
        /** Listens for a while, then polls for a while. */
        const wandering: string[] = [];
        let listening: Operation<StreamEvent> | undefined;
        let left = start;
        const turn = async (): Promise<void> => {
          if (listening === undefined) {
            listening = socket.start(STREAMS.comments, { postId, after: left });
            return;
          }
          listening.stop();
          const heard = listening.events.map(({ cursor }) => cursor);
          listening = undefined;
          wandering.push(...heard);
          const { events, cursor } = await allFor(
            publication.app,
            'comments',
            postId,
            heard.at(-1) ?? left,
            5,
          );
          wandering.push(...events.map((event) => event.cursor));
          left = cursor;
        };

        const ids: string[] = [];
        let written = 0;
        for (const one of steps) {
          if (one === 'poll') await poll();
          else if (one === 'switch') await turn();
          else if (one === 'rest') await steady.until(written);
          else {
            const id = ids.pop();
            written += 1;
            if (one === 'comment' || id === undefined) ids.push(await comment(reader, postId, 'Text'));
            else if (one === 'delete') await act(reader, 'deleteComment', { id });
            else await act(reader, 'editComment', { id, expectedVersion: 1, body: `Text ${written}` });
          }
        }
        const all = Array.from({ length: written }, (_, seq) => cursorAt(topic, seq + 1));
        expect((await steady.until(written)).map(({ cursor }) => cursor)).toEqual(all);
        await poll();
        expect(polled).toEqual(all);
        if (listening === undefined) await turn();
        await turn();
        expect(wandering).toEqual(all);
        steady.stop();
      }),
      { numRuns: 20, endOnFailure: true },
    );
    await socket.close();
  }, 120_000);
});
