import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topicOf } from '../../src/events/topics.js';
import { write } from '../coverage/newsroom.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { cursorOf, eventually, type Operation, type TestSocket } from '../kit/sockets.js';
import { act, connectAll, type PostEvent, STREAMS } from './stage.js';

const publication = usePublication();
const sockets: TestSocket[] = [];
let reader: Person;
let author: Person;
let editor: Person;

beforeAll(async () => {
  [reader, author, editor] = await Promise.all([
    createPerson(publication),
    createPerson(publication, 'AUTHOR'),
    createPerson(publication, 'EDITOR'),
  ]);
});

afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
});

async function open(...people: readonly (Person | undefined)[]): Promise<TestSocket[]> {
  const opened = await connectAll(publication, ...people);
  sockets.push(...opened);
  return opened;
}

/** Streams of published posts, one for each filter, all from the same moment. */
async function listenToPublished(filters: readonly object[]): Promise<Operation<PostEvent>[]> {
  const [socket] = await open(undefined);
  const after = await cursorOf(publication, topicOf.posts());
  return filters.map((filter) => {
    if (socket === undefined) throw new Error('There is no socket.');
    return socket.start<PostEvent>(STREAMS.published, { filter, after });
  });
}

const typesOf = (stream: Operation<PostEvent> | undefined, { id }: { readonly id: string }) =>
  stream?.events.filter(({ postId }) => postId === id).map(({ type }) => type);

describe('postPublished', () => {
  const createDraft = async (): Promise<{ id: string }> => {
    const { post } = await act<{ post: { id: string } }>(
      author,
      'createPost',
      { title: 'New', body: 'Text', language: 'pt-BR', tags: ['Orchids'] },
      'post { id }',
    );
    return post;
  };

  it('tells of posts that fit a filter before or after a change', async () => {
    const [all, tagged, retagged, byAuthor, byOther, language, other, covered, uncovered] =
      await listenToPublished([
        {},
        { tag: 'ORCHIDS' },
        { tag: 'tulips' },
        { author: author.username.toUpperCase() },
        { author: reader.username },
        { language: 'PT-br' },
        { language: 'pt' },
        { hasCoverage: true },
        { hasCoverage: false },
      ]);
    const post = await createDraft();
    await act(author, 'publishPost', { id: post.id });
    await act(author, 'updatePost', { id: post.id, expectedVersion: 1, tags: ['Tulips'], language: 'en' });
    await write(author, 'startCoverage', { postId: post.id });
    // An event never shows what is gone by then, so all are heard before the post goes.
    await eventually(() => {
      expect([all, byAuthor].map((stream) => typesOf(stream, post)?.length)).toEqual([3, 3]);
      expect([tagged, retagged].map((stream) => typesOf(stream, post)?.length)).toEqual([2, 2]);
      expect([language, covered, uncovered].map((stream) => typesOf(stream, post)?.length)).toEqual([
        2, 1, 3,
      ]);
    });
    await act(author, 'unpublishPost', { id: post.id });
    await eventually(() => expect(typesOf(all, post)).toEqual(['ADDED', 'CHANGED', 'CHANGED', 'REMOVED']));
    await eventually(() => {
      expect(typesOf(byAuthor, post)).toEqual(['ADDED', 'CHANGED', 'CHANGED', 'REMOVED']);
      expect(typesOf(tagged, post)).toEqual(['ADDED', 'REMOVED']);
      expect(typesOf(retagged, post)).toEqual(['ADDED', 'CHANGED', 'REMOVED']);
      expect(typesOf(language, post)).toEqual(['ADDED', 'REMOVED']);
      expect(typesOf(covered, post)).toEqual(['ADDED', 'REMOVED']);
      expect(typesOf(uncovered, post)).toEqual(['ADDED', 'CHANGED', 'REMOVED']);
    });
    expect([typesOf(byOther, post), typesOf(other, post)]).toEqual([[], []]);
  });

  it('tells of posts published within a time', async () => {
    const [before, after, within] = await listenToPublished([
      { publishedBefore: '2001-01-01T00:00:00Z' },
      { publishedAfter: '2001-01-01T00:00:00Z' },
      { publishedAfter: '2000-01-01T00:00:00Z', publishedBefore: '2001-01-01T00:00:00Z' },
    ]);
    const [old, edge] = [await createDraft(), await createDraft()];
    await act(author, 'publishPost', { id: old.id, at: '2000-06-01T00:00:00Z' });
    await act(author, 'publishPost', { id: edge.id, at: '2001-01-01T00:00:00Z' });
    await eventually(() => {
      expect(typesOf(before, old)).toEqual(['ADDED']);
      expect(typesOf(within, old)).toEqual(['ADDED']);
      expect(typesOf(after, edge)).toEqual(['ADDED']);
    });
    expect([typesOf(after, old), typesOf(before, edge), typesOf(within, edge)]).toEqual([[], [], []]);
  });

  it('tells nobody of drafts, and shows on replay no post that went since', async () => {
    const [socket] = await open(editor);
    const after = await cursorOf(publication, topicOf.posts());
    const post = await createDraft();
    await act(author, 'updatePost', { id: post.id, expectedVersion: 1, title: 'Still a draft' });
    await act(author, 'publishPost', { id: post.id });
    await act(author, 'unpublishPost', { id: post.id });
    const [anyone] = await open(undefined);
    const stream = anyone?.start<PostEvent>(STREAMS.published, { after });
    const seen = socket?.start<PostEvent>(STREAMS.published, { after });
    await eventually(() => expect(typesOf(stream, post)).toEqual(['REMOVED', 'REMOVED']));
    await eventually(() => expect(typesOf(seen, post)).toHaveLength(2));
    expect(stream?.events.every((event) => event.post === null || event.postId !== post.id)).toBe(true);
  });
});
