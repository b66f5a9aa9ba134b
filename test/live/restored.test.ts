import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topicOf } from '../../src/events/topics.js';
import { createPost } from '../coverage/newsroom.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, cursorOf, eventually, type TestSocket } from '../kit/sockets.js';
import { act, comment, listen } from './stage.js';

const ACCESS = topicOf.access();

describe('when the database is restored from a backup', () => {
  const publication = usePublication();
  const sockets: TestSocket[] = [];
  let admin: Person;
  beforeAll(async () => {
    admin = await createPerson(publication, 'ADMIN');
  });
  afterEach(async () => {
    await Promise.all(sockets.splice(0).map((socket) => socket.close()));
  });

  async function open(person?: Person): Promise<TestSocket> {
    const socket = await connect(publication.app, person && { accessToken: person.accessToken });
    sockets.push(socket);
    return socket;
  }
  const suspend = async (person: Person): Promise<unknown> =>
    act(admin, 'suspendUser', { userId: person.id, reason: 'Spam' });
  /** Takes the last events of topics back. */
  const restore = (topics: readonly string[], count: number) =>
    publication.sql.begin(async (sql) => {
      await sql`update topics set head = head - ${count} where name = any(${topics as string[]})`;
      await sql`delete from events using topics
        where name = topic and name = any(${topics as string[]}) and seq > head`;
    });

  it('a stream ends as its cursor does, whoever is signed in comes again, and lost rights are heard as before', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const [person, other] = [await createPerson(publication), await createPerson(publication)];
    const [anyone, signedIn] = [await open(), await open(person)];
    const streams = await Promise.all(
      [anyone, signedIn].map((socket) => listen(publication, socket, 'comments', postId)),
    );
    for (let count = 0; count < 2; count += 1) await suspend(await createPerson(publication));
    for (const body of ['1', '2', '3']) await comment(admin, postId, body);
    await Promise.all(streams.map((stream) => stream.until(3)));

    await restore([topicOf.comments(uuid), ACCESS], 2);
    expect(await streams[0]?.ended()).toBe('CURSOR_EXPIRED');
    expect((await signedIn.closed()).code).toBe(4403);
    expect(anyone.closing).toBeUndefined();

    // Whoever came while nobody listened had to come again.
    const again = await eventually(async () => {
      const socket = await open(other);
      const stream = await listen(publication, socket, 'comments', postId);
      expect(await socket.ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
      return { socket, stream };
    });
    await comment(admin, postId, 'After');
    expect((await again.stream.until(1)).map((event) => event.comment?.body)).toEqual(['After']);
    await suspend(other);
    expect((await again.socket.closed()).code).toBe(4403);
  });

  it('a stream that waits for rights which are not lost any more ends as well', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const topic = topicOf.comments(uuid);
    const stream = await listen(publication, await open(), 'comments', postId);
    await comment(admin, postId, '1');
    await stream.until(1);
    // Committed after rights were lost of which the backup knows nothing, and this instance never heard.
    await publication.sql`update topics set head = 2 where name = ${topic}`;
    await publication.sql`
      insert into events (topic, seq, type, payload, access_seq, created_at)
      select topic, 2, type, payload, 1000000, created_at from events where topic = ${topic}`;
    const after = await cursorOf(publication, topic);
    const behind = await listen(publication, await open(), 'comments', postId, after);
    await comment(admin, postId, '3');
    await behind.until(1);
    expect([stream.events.length, stream.end]).toEqual([1, undefined]);
    await restore([topic], 2);
    expect(await stream.ended()).toBe('CURSOR_EXPIRED');
  });

  it('an operation is answered, though the log lacks what was said to be in it', async () => {
    const [anyone, signedIn] = [await open(), await open(admin)];
    await publication.sql`
      insert into topics (name, head) values (${ACCESS}, 5) on conflict (name) do update set head = topics.head + 5`;
    const { errors = [] } = await anyone.ask('{ __typename }');
    // Unless it was noticed before it was asked.
    expect([[], ['UNAVAILABLE']]).toContainEqual(errors.map(({ extensions }) => extensions.code));
    expect((await signedIn.closed()).code).toBe(4403);
    await eventually(async () =>
      expect(await anyone.ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } }),
    );
  });
});
