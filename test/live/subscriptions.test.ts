import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topicOf } from '../../src/events/topics.js';
import { addEntry, createPost, write } from '../coverage/newsroom.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { cursorOf, eventually, type TestSocket } from '../kit/sockets.js';
import {
  act,
  comment,
  type CommentEvent,
  connectAll,
  listen,
  type Reactions,
  STREAMS,
  toldOf,
} from './stage.js';

const publication = usePublication();
const sockets: TestSocket[] = [];
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

afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
});

async function open(...people: readonly (Person | undefined)[]): Promise<TestSocket[]> {
  const opened = await connectAll(publication, ...people);
  sockets.push(...opened);
  return opened;
}

/** One stream of a post for each of these people. */
async function audience<Kind extends 'comments' | 'coverage' | 'post'>(
  kind: Kind,
  postId: string,
  ...people: readonly (Person | undefined)[]
) {
  const opened = await open(...people);
  return Promise.all(opened.map((socket) => listen(publication, socket, kind, postId)));
}

describe('commentsChanged', () => {
  it('tells of a comment that is written, edited, hidden, shown again and deleted', async () => {
    const { id: postId } = await createPost(publication);
    const [anyone, staff] = await audience('comments', postId, undefined, moderator);
    const id = await comment(reader, postId, 'First');
    await act(reader, 'editComment', { id, expectedVersion: 1, body: 'Second' });
    await anyone?.until(2);
    await act(moderator, 'setCommentState', { id, state: 'HIDDEN' });
    await Promise.all([anyone?.until(3), staff?.until(3)]);
    await act(moderator, 'setCommentState', { id, state: 'VISIBLE' });
    await anyone?.until(4);
    await act(reader, 'deleteComment', { id });
    const heard = await anyone?.until(5);
    expect(heard?.map(({ type }) => type)).toEqual(['ADDED', 'CHANGED', 'REMOVED', 'ADDED', 'REMOVED']);
    expect(heard?.map((event) => event.commentId)).toEqual(Array(5).fill(id));
    expect(heard?.map((event) => event.comment?.body ?? null)).toEqual([
      expect.stringMatching(/First|Second/),
      'Second',
      null,
      'Second',
      null,
    ]);
    const seen = await staff?.until(5);
    expect(seen?.map(({ type }) => type)).toEqual(['ADDED', 'CHANGED', 'CHANGED', 'CHANGED', 'REMOVED']);
    expect(seen?.map((event) => event.comment?.state ?? null)[2]).toBe('HIDDEN');
  });

  it('tells of one that waits for a moderator to its author and to moderators, and to others once it is approved', async () => {
    const { id: postId, uuid } = await createPost(publication);
    await publication.sql`update posts set comment_policy = 'PRE_MODERATED' where id = ${uuid}`;
    const [own, other, staff, anyone] = await audience(
      'comments',
      postId,
      reader,
      author,
      moderator,
      undefined,
    );
    const id = await comment(reader, postId, 'Waits');
    await Promise.all([own?.until(1), staff?.until(1)]);
    await act(moderator, 'setCommentState', { id, state: 'VISIBLE' });
    const all = await Promise.all([own?.until(2), staff?.until(2), other?.until(1), anyone?.until(1)]);
    expect(all.map((events) => toldOf(events ?? []))).toEqual([
      [
        ['ADDED', 'Waits'],
        ['CHANGED', 'Waits'],
      ],
      [
        ['ADDED', 'Waits'],
        ['CHANGED', 'Waits'],
      ],
      [['ADDED', 'Waits']],
      [['ADDED', 'Waits']],
    ]);
  });

  it('tells of replies of every depth, and of the empty place that a deleted comment leaves above them', async () => {
    const { id: postId } = await createPost(publication);
    const [anyone] = await audience('comments', postId, undefined);
    const top = await comment(reader, postId, 'Top');
    const reply = await comment(author, postId, 'Reply', top);
    const deep = await comment(reader, postId, 'Deep', reply);
    await anyone?.until(3);
    await act(reader, 'deleteComment', { id: top });
    await anyone?.until(4);
    await act(moderator, 'setCommentState', { id: reply, state: 'HIDDEN' });
    const heard = await anyone?.until(6);
    expect(heard?.slice(0, 4).map((event) => [event.type, event.commentId])).toEqual([
      ['ADDED', top],
      ['ADDED', reply],
      ['ADDED', deep],
      ['CHANGED', top],
    ]);
    expect(heard?.[3]?.comment).toEqual({ id: top, body: '', state: 'DELETED' });
    // With its only reply out of sight, the empty place goes as well.
    expect(new Set(heard?.slice(4).map((event) => `${event.type} ${event.commentId}`))).toEqual(
      new Set([`REMOVED ${reply}`, `REMOVED ${top}`]),
    );
  });

  it('shows a comment on replay as it is now, and none that is gone since', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const before = await cursorOf(publication, topicOf.comments(uuid));
    const kept = await comment(reader, postId, 'Kept');
    await act(reader, 'editComment', { id: kept, expectedVersion: 1, body: 'Edited' });
    const gone = await comment(reader, postId, 'Gone');
    await act(reader, 'deleteComment', { id: gone });
    const [socket] = await open(undefined);
    const stream = socket && (await listen(publication, socket, 'comments', postId, before));
    expect(toldOf((await stream?.until(4)) ?? [])).toEqual([
      ['ADDED', 'Edited'],
      ['CHANGED', 'Edited'],
      ['REMOVED', null],
      ['REMOVED', null],
    ]);
  });

  it('begins now without a cursor, and says when each event was committed', async () => {
    const { id: postId } = await createPost(publication);
    await comment(reader, postId, 'Before');
    const [socket] = await open(undefined);
    const stream = socket?.start<CommentEvent>(STREAMS.comments, { postId });
    const start = Date.now();
    // It is open as soon as it hears something.
    await eventually(async () => {
      await comment(reader, postId, 'After');
      expect(stream?.events).not.toEqual([]);
    });
    expect(new Set(toldOf(stream?.events ?? []).map(String))).toEqual(new Set(['ADDED,After']));
    expect(Date.parse(stream?.events[0]?.occurredAt ?? '')).toBeGreaterThan(start - 60_000);
  });
});

describe('coverageChanged', () => {
  it('tells of a coverage that begins, of its entries, and of its end', async () => {
    const { id: postId } = await createPost(publication);
    const [anyone, staff] = await audience('coverage', postId, undefined, editor);
    await write(editor, 'startCoverage', { postId });
    const entry = await addEntry(editor, postId, { body: 'Kick-off' });
    await anyone?.until(2);
    await write(editor, 'updateCoverageEntry', { id: entry.id, expectedVersion: 1, body: 'Kick-off!' });
    await Promise.all([anyone?.until(3), staff?.until(3)]);
    await write(editor, 'retractCoverageEntry', { id: entry.id });
    await write(editor, 'endCoverage', { postId });
    const heard = await anyone?.until(5);
    expect(heard?.map((event) => [event.type, event.entry?.body ?? null])).toEqual([
      ['CHANGED', null],
      ['ADDED', 'Kick-off'],
      ['CHANGED', 'Kick-off!'],
      ['REMOVED', null],
      ['CHANGED', null],
    ]);
    expect(heard?.map((event) => event.entryId)).toEqual([
      heard?.[0]?.coverage.id,
      entry.id,
      entry.id,
      entry.id,
      heard?.[0]?.coverage.id,
    ]);
    expect(heard?.at(-1)?.coverage.status).toBe('ENDED');
    const seen = await staff?.until(5);
    expect(seen?.map((event) => [event.type, event.entry?.retractedAt != null])).toEqual([
      ['CHANGED', false],
      ['ADDED', false],
      ['CHANGED', false],
      ['CHANGED', true],
      ['CHANGED', false],
    ]);
  });

  it('tells the author of a draft, and whoever else may not read it that there is none', async () => {
    const { id: postId } = await createPost(publication, {
      status: 'DRAFT',
      authors: [author],
      coverage: 'LIVE',
    });
    const [own, staff, other] = await audience('coverage', postId, author, editor, reader);
    await addEntry(author, postId, { body: 'Rehearsal' });
    expect((await own?.until(1))?.[0]?.entry?.body).toBe('Rehearsal');
    expect((await staff?.until(1))?.[0]?.entry?.body).toBe('Rehearsal');
    expect(await other?.ended()).toBe('NOT_FOUND');
  });
});

describe('postChanged', () => {
  it('tells readers of a post while it is published, and its author of every change', async () => {
    const { id } = await createPost(publication, { authors: [author] });
    const [anyone, own, staff] = await audience('post', id, undefined, author, editor);
    await act(author, 'updatePost', { id, expectedVersion: 1, title: 'Renamed' });
    await anyone?.until(1);
    await act(author, 'unpublishPost', { id });
    await act(author, 'updatePost', { id, expectedVersion: 2, title: 'Hidden from readers' });
    await Promise.all([anyone?.until(2), own?.until(3)]);
    await act(author, 'publishPost', { id });
    const [heard, owned, seen] = await Promise.all([anyone?.until(3), own?.until(4), staff?.until(4)]);
    expect(heard?.map((event) => [event.type, event.post?.title ?? null])).toEqual([
      ['CHANGED', 'Renamed'],
      ['REMOVED', null],
      ['ADDED', 'Hidden from readers'],
    ]);
    for (const events of [owned, seen]) {
      expect(events?.map(({ type }) => type)).toEqual(['CHANGED', 'CHANGED', 'CHANGED', 'CHANGED']);
    }
    expect(owned?.[2]?.post).toMatchObject({ title: 'Hidden from readers' });
  });

  it('tells of a post that is archived or deleted that it is gone', async () => {
    for (const field of ['archivePost', 'deletePost']) {
      const { id } = await createPost(publication);
      const [anyone, staff] = await audience('post', id, undefined, editor);
      // Whoever is not let in yet when the post goes is not let in.
      await act(editor, 'updatePost', { id, expectedVersion: 1, title: 'Heard of' });
      await Promise.all([anyone?.until(1), staff?.until(1)]);
      await act(editor, field, { id });
      expect((await anyone?.until(2))?.[1]).toMatchObject({ type: 'REMOVED', postId: id, post: null });
      const type = field === 'deletePost' ? 'REMOVED' : 'CHANGED';
      expect((await staff?.until(2))?.[1]).toMatchObject({ type, postId: id });
    }
  });

  it('tells of a coverage that began, and of another comment policy', async () => {
    const { id } = await createPost(publication);
    const [anyone] = await audience('post', id, undefined);
    await write(editor, 'startCoverage', { postId: id });
    await act(editor, 'setCommentPolicy', { postId: id, policy: 'CLOSED' });
    expect((await anyone?.until(2))?.map(({ type }) => type)).toEqual(['CHANGED', 'CHANGED']);
  });

  it('knows no post that the viewer may not read, and nothing that is no post', async () => {
    const { id: draft } = await createPost(publication, { status: 'DRAFT' });
    const [anyone, staff] = await open(undefined, editor);
    for (const postId of [draft, reader.id, 'nonsense', '']) {
      for (const query of [STREAMS.post, STREAMS.comments, STREAMS.coverage, STREAMS.readers]) {
        expect(await anyone?.start(query, { postId }).ended()).toBe('NOT_FOUND');
      }
      expect(await anyone?.start(STREAMS.reactions, { subjectId: postId }).ended()).toBe('NOT_FOUND');
    }
    const first = await staff?.start<Reactions>(STREAMS.reactions, { subjectId: draft }).until(1);
    expect(first).toEqual([{ subjectId: draft, reactions: [] }]);
  });
});
