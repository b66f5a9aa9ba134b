import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addEntry, createPost } from '../coverage/newsroom.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { eventually, type TestSocket } from '../kit/sockets.js';
import { react } from '../reactions/reacting.js';
import { comment, connectAll, type Reactions, STREAMS } from './stage.js';

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

async function open(...people: readonly (Person | undefined)[]): Promise<TestSocket[]> {
  const opened = await connectAll(publication, ...people);
  sockets.push(...opened);
  return opened;
}

describe('reactionsChanged', () => {
  it('tells how it stands, and of many changes a few times, the last time right', async () => {
    const { id: subjectId } = await createPost(publication);
    const [socket, own] = await open(undefined, reader);
    const stream = socket?.start<Reactions>(STREAMS.reactions, { subjectId });
    const ownStream = own?.start<Reactions>(STREAMS.reactions, { subjectId });
    await Promise.all([stream?.until(1), ownStream?.until(1)]);
    expect(stream?.events).toEqual([{ subjectId, reactions: [] }]);
    const start = performance.now();
    for (let round = 0; round < 25; round += 1) {
      await react(reader, 'add', subjectId, 'LIKE');
      await react(reader, 'remove', subjectId, 'LIKE');
    }
    await react(reader, 'add', subjectId, 'LOVE');
    const last = { kind: 'LOVE', count: 1, viewerHasReacted: false };
    await eventually(() => {
      expect(stream?.events.at(-1)).toEqual({ subjectId, reactions: [last] });
      expect(ownStream?.events.at(-1)?.reactions).toEqual([{ ...last, viewerHasReacted: true }]);
    });
    const seconds = (performance.now() - start) / 1_000;
    expect(stream?.events.length).toBeLessThanOrEqual(2 + 4 * (seconds + 1));
  });

  it('tells of comments and entries as well', async () => {
    const { id: postId } = await createPost(publication, { coverage: 'LIVE' });
    const subjects = [await comment(reader, postId, 'Liked'), (await addEntry(editor, postId)).id];
    const [socket] = await open(undefined);
    for (const subjectId of subjects) {
      const stream = socket?.start<Reactions>(STREAMS.reactions, { subjectId });
      await stream?.until(1);
      await react(reader, 'add', subjectId, 'LIKE');
      expect((await stream?.until(2))?.[1]?.reactions).toEqual([
        { kind: 'LIKE', count: 1, viewerHasReacted: false },
      ]);
    }
  });
});

describe('readersChanged', () => {
  it('counts a connection once however many streams of the post it has, until its last one ends', async () => {
    const { id: postId } = await createPost(publication);
    const [watching, first, second] = await open(undefined, reader, undefined);
    const stream = watching?.start<{ count: number }>(STREAMS.readers, { postId });
    const counts = (expected: number) =>
      eventually(() => expect(stream?.events.at(-1)?.count).toBe(expected));
    await counts(1);
    const streams = [STREAMS.comments, STREAMS.post].map((query) => first?.start(query, { postId }));
    await counts(2);
    second?.start(STREAMS.coverage, { postId });
    await counts(3);
    streams[0]?.stop();
    await second?.close();
    await counts(2);
    streams[1]?.stop();
    await counts(1);
    first?.websocket.terminate();
    expect(stream?.events.every((event) => event.count >= 1 && event.count <= 3)).toBe(true);
  });
});
