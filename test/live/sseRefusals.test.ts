import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { EventSource } from 'eventsource';
import { createClient } from 'graphql-sse';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { type StreamRequest, streamsOf } from '../kit/eventStreams.js';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { eventually } from '../kit/sockets.js';
import { bodiesIn, codeIn, COMMENTS, headersOf, headOf, useStreams } from './sseStage.js';
import { act, comment, STREAMS } from './stage.js';

const publication = usePublication();
const open = useStreams(() => publication.app);
let reader: Person;

beforeAll(async () => {
  reader = await createPerson(publication);
});

describe('what is refused', () => {
  it.each([
    ['a document that cannot be parsed', { query: 'subscription {' }, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a document that is too long', { query: `{ ${'__typename '.repeat(1_001)} }` }, 'LIMIT_EXCEEDED'],
    ['no document', {}, 'BAD_USER_INPUT'],
    ['a post that is not there', { query: COMMENTS, variables: { postId: 'nothing' } }, 'NOT_FOUND'],
    [
      'a token that is none',
      { query: '{ __typename }', headers: { authorization: 'Bearer no' } },
      'UNAUTHENTICATED',
    ],
  ])('is told in the stream, which is over then: %s', async (_, request: StreamRequest, code) => {
    const stream = await open(request);
    expect(stream.status).toBe(200);
    expect(await stream.ended).toBe('END');
    expect(stream.events.map(({ event, id }) => [event, id])).toEqual([
      ['next', undefined],
      ['complete', 'complete'],
    ]);
    expect(codeIn(stream.events)).toBe(code);
  });

  it('is told of a cursor of another stream, in the document or as Last-Event-ID', async () => {
    const { id: postId } = await createPost(publication);
    const { id: otherId } = await createPost(publication);
    const after = await headOf(publication, otherId);
    const byVariable = await open({ query: STREAMS.comments, variables: { postId, after } });
    const byHeader = await open({
      query: COMMENTS,
      variables: { postId },
      headers: { 'last-event-id': after },
    });
    for (const stream of [byVariable, byHeader]) {
      await stream.ended;
      expect(codeIn(stream.events)).toBe('CURSOR_INVALID');
    }
  });

  it('does not bring an EventSource back for ever', async () => {
    const url = new URL(streamsOf(publication.app));
    url.searchParams.set('query', '{ nothing }');
    let requests = 0;
    const source = new EventSource(url, {
      fetch: (input, init) => {
        requests += 1;
        return fetch(input, init);
      },
    });
    const messages: unknown[] = [];
    source.addEventListener('next', ({ data }) => messages.push(JSON.parse(String(data))));
    await eventually(() => expect(source.readyState).toBe(source.CLOSED));
    expect(messages).toHaveLength(1);
    expect(requests).toBe(2);
  });

  it('reaches graphql-sse as an error of GraphQL', async () => {
    const client = createClient({ url: streamsOf(publication.app), retryAttempts: 0 });
    const answer = await client.iterate({ query: '{ nothing }' }).next();
    expect(answer.value).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    client.dispose();
  });

  const QUERY = { query: '{ __typename }' };
  it.each([
    ['what does not ask for events', 406, { ...QUERY, headers: { accept: '*/*' } }],
    ['a GET that does not', 406, { ...QUERY, method: 'GET', headers: { accept: 'application/json' } }],
    ['a form of another page', 415, { ...QUERY, headers: { 'content-type': 'text/plain' } }],
    ['a page of another origin', 403, { ...QUERY, headers: { origin: 'https://elsewhere.example' } }],
    ['variables that are no JSON', 400, { ...QUERY, method: 'GET', search: { variables: '{' } }],
    ['variables that are a list', 400, { ...QUERY, variables: [] }],
    ['a query that is no text', 400, { query: 1 as never }],
  ] as const)(
    'has a status of its own before there is a stream: %s',
    async (_, status, request: StreamRequest) => {
      const stream = await open(request);
      await stream.ended;
      expect(stream.status).toBe(status);
      expect(stream.text).toContain('"errors"');
    },
  );

  it('does not open for what a page of another origin embeds', async () => {
    // fetch says itself which mode it has.
    const request = get(`${streamsOf(publication.app)}?query={__typename}`, {
      headers: { accept: 'text/event-stream', 'sec-fetch-mode': 'no-cors' },
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  it.each(['HEAD', 'PATCH'])('is %s, which is not answered', async (method) => {
    const response = await fetch(streamsOf(publication.app), { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST, PUT, DELETE');
  });
});

describe('whoever loses the right', () => {
  it('to listen hears so, and does not come again', async () => {
    const { id: postId } = await createPost(publication);
    const stream = await open({
      query: STREAMS.comments,
      variables: { postId, after: await headOf(publication, postId) },
    });
    await act(await createPerson(publication, 'EDITOR'), 'archivePost', { id: postId });
    await stream.ended;
    expect(codeIn(stream.events)).toBe('FORBIDDEN');
    expect(stream.events.at(-1)?.id).toBe('complete');
  });

  it('to be connected hears so, and may come again with another token where it was', async () => {
    const person = await createPerson(publication);
    const { id: postId } = await createPost(publication);
    const variables = { postId, after: await headOf(publication, postId) };
    const stream = await open({ query: STREAMS.comments, variables, headers: headersOf(person) });
    await comment(person, postId, 'Before');
    const [last] = await stream.until(1);
    const administrator = await createPerson(publication, 'ADMIN');
    await act(administrator, 'suspendUser', { userId: person.id, reason: 'Spam' });
    expect(await stream.ended).toBe('END');
    await comment(reader, postId, 'After');
    expect(codeIn(stream.events.slice(1))).toBe('FORBIDDEN');
    expect(stream.events.slice(2)).toEqual([{ event: 'complete', id: undefined, data: '' }]);
    const again = await open({
      query: STREAMS.comments,
      variables,
      headers: { ...headersOf(reader), 'last-event-id': last?.id ?? '' },
    });
    expect(bodiesIn(await again.until(1))).toEqual(['After']);
  });

  it('to be connected because a token is over hears so in time', async () => {
    const person = await createPerson(publication, 'AUTHOR');
    const { token, apiToken } = await act<{ token: string; apiToken: { id: string } }>(
      person,
      'createApiToken',
      { name: 'Short', scopes: [] },
      'token apiToken { id }',
    );
    const { id: postId } = await createPost(publication);
    await publication.sql`update api_tokens set expires_at = now() + interval '3 seconds' where id = ${uuidOf(apiToken.id)}`;
    const stream = await open({
      query: COMMENTS,
      variables: { postId },
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await stream.ended).toBe('END');
    expect(stream.events.map(({ event, id }) => [event, id])).toEqual([
      ['next', undefined],
      ['complete', undefined],
    ]);
    expect(codeIn(stream.events)).toBe('FORBIDDEN');
  });
});
