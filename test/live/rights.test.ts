import { describe, expect, it } from 'vitest';
import { addEntry, createPost, write } from '../coverage/newsroom.js';
import type { TestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { dial, eventually, type TestSocket } from '../kit/sockets.js';
import { react } from '../reactions/reacting.js';
import {
  BUSES,
  createApiToken,
  openOnBoth,
  openSession,
  REVOCATIONS,
  tokenEndingIn,
  useInstances,
} from './instances.js';
import { act, comment, listen, type Reactions, STREAMS } from './stage.js';

describe.each(BUSES)('on two instances $name', ({ hasRedis, startBus, isSkipped }) => {
  describe.skipIf(isSkipped)('whoever has a stream', () => {
    const stage = useInstances(() => startBus());
    // Without Redis the other instance hears of changes late, though of lost rights at once.
    const listening = (): TestApp => (hasRedis ? stage.there() : stage.here());

    it.each(Object.keys(REVOCATIONS))('is sent away within a second who %s', async (revocation) => {
      const person = await createPerson(stage.publication());
      const prepared = await REVOCATIONS[revocation]?.(stage, person);
      const { postId, sockets, streams } = await openOnBoth(stage, prepared?.accessToken ?? '');
      await prepared?.revoke();
      const start = performance.now();
      await comment(stage.admin(), postId, 'After');
      const closings = await Promise.all(sockets.map((socket) => socket.closed()));
      expect(closings.map(({ code }) => code)).toEqual([4403, 4403]);
      // One second is the promise; a slow machine gets some more.
      expect(performance.now() - start).toBeLessThan(3_000);
      for (const { events } of streams) {
        expect(events.map((event) => event.comment?.body)).toEqual(['Before']);
      }
      const again = dial(stage.there());
      await new Promise((resolve) => again.websocket.once('open', resolve));
      again.say({ type: 'connection_init', payload: { accessToken: prepared?.accessToken } });
      expect((await again.closed()).code).toBe(4403);
    });

    it('stays, who lost another session', async () => {
      const person = await createPerson(stage.publication());
      const { refreshToken } = await openSession(stage.publication(), person);
      const { postId, sockets, streams } = await openOnBoth(stage, person.accessToken);
      await act(stage.here(), 'signOut', { refreshToken });
      await comment(stage.admin(), postId, 'After');
      // Before an event is told, what was taken away before it is known.
      await Promise.all(streams.map((stream) => stream.until(2)));
      expect(sockets.map(({ closing }) => closing)).toEqual([undefined, undefined]);
    });

    it('loses the streams of a post that is unpublished, and hears of the post itself that it is gone', async () => {
      const { id: postId } = await createPost(stage.publication(), { coverage: 'LIVE' });
      const reader = await createPerson(stage.publication());
      for (const accessToken of [undefined, reader.accessToken]) {
        const socket = await stage.open(listening(), accessToken === undefined ? {} : { accessToken });
        const comments = await listen(stage.publication(), socket, 'comments', postId);
        const coverage = await listen(stage.publication(), socket, 'coverage', postId);
        const post = await listen(stage.publication(), socket, 'post', postId);
        const reactions = socket.start<Reactions>(STREAMS.reactions, { subjectId: postId });
        const readers = socket.start(STREAMS.readers, { postId });
        await comment(stage.admin(), postId, 'Before');
        await addEntry(stage.admin(), postId);
        await Promise.all([comments, coverage, reactions, readers].map((stream) => stream.until(1)));
        await act(stage.admin(), 'unpublishPost', { id: postId });
        expect(
          await Promise.all([comments, coverage, reactions, readers].map((stream) => stream.ended())),
        ).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
        expect((await post.until(1)).at(-1)).toMatchObject({ type: 'REMOVED', post: null });
        expect([socket.closing, comments.events.length]).toEqual([undefined, 1]);
        await act(stage.admin(), 'publishPost', { id: postId });
        expect((await post.until(2)).at(-1)).toMatchObject({ type: 'ADDED', postId });
      }
    });

    it('loses the reactions to a comment that is hidden, and to an entry that is retracted', async () => {
      const { id: postId } = await createPost(stage.publication(), { coverage: 'LIVE' });
      const commentId = await comment(stage.admin(), postId, 'Hidden soon');
      const { id: entryId } = await addEntry(stage.admin(), postId);
      const editor = await createPerson(stage.publication(), 'EDITOR');
      const [anyone, staff] = [
        await stage.open(listening()),
        await stage.open(listening(), { accessToken: editor.accessToken }),
      ];
      const listenTo = (socket: TestSocket) =>
        [commentId, entryId].map((subjectId) => socket.start<Reactions>(STREAMS.reactions, { subjectId }));
      const [streams, seen] = [listenTo(anyone), listenTo(staff)];
      await Promise.all([...streams, ...seen].map((stream) => stream.until(1)));
      await act(stage.admin(), 'setCommentState', { id: commentId, state: 'HIDDEN' });
      await write(stage.admin(), 'retractCoverageEntry', { id: entryId });
      expect(await Promise.all(streams.map((stream) => stream.ended()))).toEqual(['FORBIDDEN', 'FORBIDDEN']);
      expect(seen.map(({ end }) => end)).toEqual([undefined, undefined]);
    });

    it('is shown nothing of a post that is gone before its last event is told', async () => {
      const { id: postId, uuid } = await createPost(stage.publication(), { coverage: 'LIVE' });
      const socket = await stage.open(stage.here());
      const stream = await listen(stage.publication(), socket, 'coverage', postId);
      await addEntry(stage.admin(), postId);
      await stream.until(1);
      await stage.publication().sql`update posts set status = 'DRAFT' where id = ${uuid}`;
      await addEntry(stage.admin(), postId, { body: 'Secret' });
      await eventually(() => expect(stream.answers).toHaveLength(2));
      expect(stream.answers[1]).toMatchObject({
        data: null,
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      });
      expect(stage.here().logged).toEqual([]);
    });

    it('keeps the streams of a post that is unpublished and their own', async () => {
      const author = await createPerson(stage.publication(), 'AUTHOR');
      const { id: postId } = await createPost(stage.publication(), { authors: [author], coverage: 'LIVE' });
      const socket = await stage.open(listening(), { accessToken: author.accessToken });
      const coverage = await listen(stage.publication(), socket, 'coverage', postId);
      const readers = socket.start<{ count: number }>(STREAMS.readers, { postId });
      const reactions = socket.start<Reactions>(STREAMS.reactions, { subjectId: postId });
      await addEntry(author, postId, { body: 'Public' });
      await Promise.all([coverage, readers, reactions].map((stream) => stream.until(1)));
      await act(author, 'unpublishPost', { id: postId });
      await addEntry(author, postId, { body: 'Rehearsal' });
      expect((await coverage.until(2)).map(({ entry }) => entry?.body)).toEqual(['Public', 'Rehearsal']);
      await act(author, 'publishPost', { id: postId });
      await react(author, 'add', postId, 'LIKE');
      expect((await reactions.until(2)).at(-1)?.reactions).toHaveLength(1);
      expect([readers.end, reactions.end, coverage.end]).toEqual([undefined, undefined, undefined]);
    });

    it('who was an editor loses drafts, keeps public posts, and sees no retracted text any more', async () => {
      const editor = await createPerson(stage.publication(), 'EDITOR');
      const { id: draft } = await createPost(stage.publication(), { status: 'DRAFT', coverage: 'LIVE' });
      const { id: open } = await createPost(stage.publication(), { coverage: 'LIVE' });
      const socket = await stage.open(listening(), { accessToken: editor.accessToken });
      const streams = await Promise.all(
        [draft, open].map((postId) => listen(stage.publication(), socket, 'coverage', postId)),
      );
      const draftPost = await listen(stage.publication(), socket, 'post', draft);
      const reactions = socket.start<Reactions>(STREAMS.reactions, { subjectId: draft });
      await reactions.until(1);
      await addEntry(stage.admin(), draft);
      const { id } = await addEntry(stage.admin(), open, { body: 'Slander' });
      await Promise.all(streams.map((stream) => stream.until(1)));
      await act(stage.admin(), 'setUserRole', { userId: editor.id, role: 'READER' });
      await write(stage.admin(), 'retractCoverageEntry', { id });
      await addEntry(stage.admin(), draft, { body: 'Secret' });
      expect(await Promise.all([streams[0]?.ended(), draftPost.ended(), reactions.ended()])).toEqual([
        'FORBIDDEN',
        'FORBIDDEN',
        'FORBIDDEN',
      ]);
      expect(streams[0]?.events).toHaveLength(1);
      expect((await streams[1]?.until(2))?.at(-1)).toMatchObject({ type: 'REMOVED', entry: null });
      await act(stage.admin(), 'setUserRole', { userId: editor.id, role: 'EDITOR' });
      await write(stage.admin(), 'retractCoverageEntry', {
        id: (await addEntry(stage.admin(), open, { body: 'Slip' })).id,
      });
      expect((await streams[1]?.until(4))?.at(-1)).toMatchObject({
        type: 'CHANGED',
        entry: { body: 'Slip' },
      });
    });

    it('is sent away when the token is over', async () => {
      const person = await createPerson(stage.publication());
      const { sessionId } = await openSession(stage.publication(), person);
      const { token } = await createApiToken(person, new Date(Date.now() + 3_000));
      const tokens = [await tokenEndingIn(3, person, sessionId), token];
      const sockets = await Promise.all(
        tokens.map((accessToken) => stage.open(stage.here(), { accessToken })),
      );
      const closings = await Promise.all(sockets.map((socket) => socket.closed()));
      expect(closings.map(({ code }) => code)).toEqual([4403, 4403]);
    });

    it('renews the token on the open socket, and goes on', async () => {
      const person = await createPerson(stage.publication());
      const old = await openSession(stage.publication(), person);
      const renewed = await openSession(stage.publication(), person);
      const { id: postId } = await createPost(stage.publication());
      const accessToken = await tokenEndingIn(4, person, old.sessionId);
      const socket = await stage.open(stage.here(), { accessToken });
      const other = await stage.open(stage.here(), { accessToken });
      const stream = await listen(stage.publication(), socket, 'comments', postId);
      const pong = (await socket.ping({ accessToken: renewed.accessToken })) as { expiresAt: string };
      expect(Date.parse(pong.expiresAt) - Date.now()).toBeGreaterThan(10 * 60_000);
      expect((await other.closed()).code).toBe(4403);
      // The session that it was opened with is over, and says nothing any more.
      await act(stage.here(), 'signOut', { refreshToken: old.refreshToken });
      await comment(stage.admin(), postId, 'Later');
      await stream.until(1);
      expect(socket.closing).toBeUndefined();
      await act(stage.here(), 'signOut', { refreshToken: renewed.refreshToken });
      expect((await socket.closed()).code).toBe(4403);
    });

    it('is sent away with a token of somebody else, or with none that is good', async () => {
      const [person, other] = [
        await createPerson(stage.publication()),
        await createPerson(stage.publication()),
      ];
      for (const accessToken of [other.accessToken, 'junk', `${person.accessToken}x`]) {
        const socket = await stage.open(stage.here(), { accessToken: person.accessToken });
        socket.say({ type: 'ping', payload: { accessToken } });
        expect((await socket.closed()).code).toBe(4403);
      }
      const anonymous = await stage.open(stage.here());
      anonymous.say({ type: 'ping', payload: { accessToken: person.accessToken } });
      expect((await anonymous.closed()).code).toBe(4403);
    });
  });
});
