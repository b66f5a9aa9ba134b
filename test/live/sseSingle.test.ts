import { createClient } from 'graphql-sse';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { type OpenedStream, streamsOf } from '../kit/eventStreams.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { eventually } from '../kit/sockets.js';
import { headersOf, headOf, useStreams } from './sseStage.js';
import { act, comment, STREAMS } from './stage.js';

const TOKEN = 'x-graphql-event-stream-token';

const publication = usePublication();
const open = useStreams(() => publication.app);
let reader: Person;

beforeAll(async () => {
  reader = await createPerson(publication);
});

async function reserve(person?: Person): Promise<string> {
  const response = await fetch(streamsOf(publication.app), { method: 'PUT', headers: headersOf(person) });
  expect([response.status, response.headers.get('content-type')]).toEqual([201, 'text/plain; charset=utf-8']);
  return response.text();
}

/** Opens a reserved stream as a browser's EventSource would: with nothing but the token. */
const openReserved = (token: string, person?: Person): Promise<OpenedStream> =>
  open({ method: 'GET', search: { token }, headers: headersOf(person) });

interface Begun {
  readonly query?: string;
  readonly variables?: object;
  readonly id?: string | undefined;
}

/** Begins an operation, and gives the status. */
async function begin(
  token: string,
  { query = '{ __typename }', variables, id = 'one' }: Begun,
  person?: Person,
): Promise<number> {
  const response = await fetch(streamsOf(publication.app), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [TOKEN]: token, ...headersOf(person) },
    body: JSON.stringify({ query, variables, extensions: { operationId: id } }),
  });
  return response.status;
}

async function stop(token: string, operationId: string, person?: Person): Promise<number> {
  const response = await fetch(`${streamsOf(publication.app)}?operationId=${operationId}`, {
    method: 'DELETE',
    headers: { [TOKEN]: token, ...headersOf(person) },
  });
  return response.status;
}

/** Who heard what: the ids of operations, each with its message. */
const heardIn = (stream: OpenedStream) =>
  stream.events.map(({ event, data }) => [event, (data as { id: string }).id]);

const codeIn = ({ data }: { readonly data: unknown }): string | undefined =>
  (data as { payload: { errors?: { extensions: { code: string } }[] } }).payload.errors?.[0]?.extensions.code;

const bodiesFor = (stream: OpenedStream, id: string): (string | undefined)[] =>
  stream.events
    .map(
      ({ data }) =>
        data as { id: string; payload?: { data: { commentsChanged: { comment: { body: string } } } } },
    )
    .filter((message) => message.id === id && message.payload !== undefined)
    .map(({ payload }) => payload?.data.commentsChanged.comment.body);

describe('a stream for many operations', () => {
  it('carries the messages of each by its id, until it is stopped', async () => {
    const { id: postId } = await createPost(publication);
    const variables = { postId, after: await headOf(publication, postId) };
    const token = await reserve(reader);
    const stream = await openReserved(token);
    expect(stream.status).toBe(200);
    const ids = ['one', 'a "quoted" id'];
    for (const id of ids)
      expect(await begin(token, { query: STREAMS.comments, variables, id }, reader)).toBe(202);
    expect(await begin(token, { query: '{ __typename }', id: 'query' }, reader)).toBe(202);
    const write = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';
    const input = { postId, body: 'First' };
    expect(await begin(token, { query: write, variables: { input }, id: 'write' }, reader)).toBe(202);
    await stream.until(4);
    expect(stream.events.map(({ id }) => id)).toEqual(Array(6).fill(undefined));
    expect(heardIn(stream).filter(([, id]) => id === 'query' || id === 'write')).toEqual([
      ['next', 'query'],
      ['complete', 'query'],
      ['next', 'write'],
      ['complete', 'write'],
    ]);
    expect(await stop(token, 'one', reader)).toBe(200);
    await comment(reader, postId, 'Second');
    await stream.until(5);
    expect(bodiesFor(stream, 'one')).toEqual(['First']);
    expect(bodiesFor(stream, 'a "quoted" id')).toEqual(['First', 'Second']);
    // An id is free again when its operation is over.
    expect(await begin(token, { id: 'one' }, reader)).toBe(202);
  });

  it('is what graphql-sse understands', async () => {
    const { id: postId } = await createPost(publication);
    const variables = { postId, after: await headOf(publication, postId) };
    const client = createClient({
      url: streamsOf(publication.app),
      singleConnection: true,
      retryAttempts: 0,
      headers: () => headersOf(reader),
    });
    try {
      const results = [1, 2].map(() => client.iterate({ query: STREAMS.comments, variables }));
      const first = results.map((result) => result.next());
      const answer = await client.iterate({ query: '{ viewer { username } }' }).next();
      expect(answer.value).toMatchObject({ data: { viewer: { username: reader.username } } });
      await comment(reader, postId, 'Heard');
      for (const result of await Promise.all(first)) {
        expect(result.value).toMatchObject({ data: { commentsChanged: { comment: { body: 'Heard' } } } });
      }
      for (const result of results) await result.return?.();
    } finally {
      client.dispose();
    }
  });

  it('keeps what is said before its reader comes', async () => {
    const token = await reserve();
    expect(await begin(token, { id: 'early' })).toBe(202);
    const stream = await openReserved(token);
    await stream.until(1);
    expect(heardIn(stream)[0]).toEqual(['next', 'early']);
  });

  it('answers a document that is refused at once, as HTTP does', async () => {
    const token = await reserve();
    const stream = await openReserved(token);
    expect(await begin(token, { query: '{ nothing }' })).toBe(400);
    expect(await begin(token, { query: STREAMS.comments, variables: { postId: 'nothing' } })).toBe(404);
    const { id: postId } = await createPost(publication);
    const { id: otherId } = await createPost(publication);
    const variables = { postId, after: await headOf(publication, otherId) };
    expect(await begin(token, { query: STREAMS.comments, variables })).toBe(400);
    expect(await begin(token, { id: 'good' })).toBe(202);
    await stream.until(1);
    expect(heardIn(stream)).toContainEqual(['next', 'good']);
    expect(stream.events).toHaveLength(2);
  });

  it('says of each operation that its right is lost, and is no more', async () => {
    const person = await createPerson(publication);
    const { id: postId } = await createPost(publication);
    const token = await reserve(person);
    const stream = await openReserved(token);
    for (const id of ['one', 'two']) {
      expect(await begin(token, { query: STREAMS.comments, variables: { postId }, id }, person)).toBe(202);
    }
    const administrator = await createPerson(publication, 'ADMIN');
    await act(administrator, 'suspendUser', { userId: person.id, reason: 'Spam' });
    expect(await stream.ended).toBe('END');
    expect(heardIn(stream)).toEqual([
      ['next', 'one'],
      ['complete', 'one'],
      ['next', 'two'],
      ['complete', 'two'],
    ]);
    expect(stream.events.filter(({ event }) => event === 'next').map(codeIn)).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    await eventually(async () => expect((await openReserved(token)).status).toBe(404));
  });
});

describe('the token of a reserved stream', () => {
  it('opens one stream', async () => {
    const token = await reserve();
    const stream = await openReserved(token);
    expect((await openReserved(token)).status).toBe(409);
    expect(await begin(token, {})).toBe(202);
    await stream.until(1);
  });

  it('is not to be guessed, and each time another one', async () => {
    const tokens = await Promise.all([reserve(), reserve()]);
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{32}$/);
  });

  it('is over with its stream', async () => {
    const token = await reserve();
    (await openReserved(token)).close();
    await eventually(async () => expect(await begin(token, {})).toBe(404));
    expect(await stop(token, 'one')).toBe(404);
    expect((await openReserved(token)).status).toBe(404);
  });

  it('is good for whoever reserved the stream, and for nobody else', async () => {
    const stranger = await createPerson(publication);
    const token = await reserve(reader);
    expect((await openReserved(token, stranger)).status).toBe(404);
    const stream = await openReserved(token, reader);
    expect(stream.status).toBe(200);
    for (const somebody of [stranger, undefined]) {
      expect(await begin(token, {}, somebody)).toBe(404);
      expect(await stop(token, 'one', somebody)).toBe(404);
    }
    expect(await begin(token, { query: '{ viewer { username } }' }, reader)).toBe(202);
    const [message] = await stream.until(1);
    expect(message?.data).toMatchObject({ payload: { data: { viewer: { username: reader.username } } } });
  });

  it('is none for a token that is not good', async () => {
    const response = await fetch(streamsOf(publication.app), {
      method: 'PUT',
      headers: { authorization: 'Bearer no' },
    });
    expect(response.status).toBe(401);
  });

  it.each([
    ['an unknown token', 404, 'nothing', {}],
    ['an operation without an id', 400, undefined, { id: '' }],
    ['an operation whose id is no end', 400, undefined, { id: 'x'.repeat(129) }],
  ] as const)('is refused: %s', async (_, status, token, begun) => {
    expect(await begin(token ?? (await reserve()), begun)).toBe(status);
  });

  it('is refused to stop an operation that it does not name', async () => {
    expect(await stop(await reserve(), '')).toBe(400);
    expect(await stop('nothing', 'one')).toBe(404);
  });

  it('is refused a second operation of the same id', async () => {
    const { id: postId } = await createPost(publication);
    const token = await reserve();
    await openReserved(token);
    const begun = { query: STREAMS.comments, variables: { postId } };
    expect(await begin(token, begun)).toBe(202);
    expect(await begin(token, begun)).toBe(409);
  });
});
