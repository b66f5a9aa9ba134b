import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { openStream, streamsOf } from '../kit/eventStreams.js';
import { extensionsFor, hashOf } from '../kit/persisted.js';
import { connect } from '../kit/sockets.js';
import { failureOf, post } from '../transport/requests.js';

let made = 0;
/** A query unlike all others. */
const freshQuery = (): string => `query Fresh${++made} { __typename }`;

const DATA = { __typename: 'Query' };

describe('a persisted document', () => {
  let database: TestDatabase;
  let app: TestApp;
  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startTestApp({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  const send = (body: object): Promise<Response> => post(app.endpoint, body);
  const get = (parameters: Record<string, string>): Promise<Response> =>
    fetch(`${app.endpoint}?${String(new URLSearchParams(parameters))}`, {
      headers: { accept: 'application/graphql-response+json', 'apollo-require-preflight': '1' },
    });

  /** Sends a text once, with its hash. */
  const register = async (query: string): Promise<void> => {
    const response = await send({ query, extensions: extensionsFor(query) });
    expect(await response.json()).toMatchObject({ data: {} });
  };

  it('is asked for when it is not known, and then found by its hash', async () => {
    const query = freshQuery();
    const unknown = await failureOf(await send({ extensions: extensionsFor(query) }));
    expect(unknown).toMatchObject({ status: 400, code: 'PERSISTED_QUERY_NOT_FOUND' });
    expect(unknown.headers.get('cache-control')).toMatch(/no-store|no-cache/);
    await register(query);
    expect(await (await send({ extensions: extensionsFor(query) })).json()).toMatchObject({ data: DATA });
  });

  it('is found by GET', async () => {
    const query = freshQuery();
    await register(query);
    const response = await get({ extensions: JSON.stringify(extensionsFor(query)) });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ data: DATA });
  });

  it('is found by the documentId of GraphQL over HTTP', async () => {
    const query = freshQuery();
    await register(query);
    const documentId = `sha256:${hashOf(query)}`;
    expect(await (await send({ documentId })).json()).toMatchObject({ data: DATA });
    expect(await (await get({ documentId })).json()).toMatchObject({ data: DATA });
    const { events, ended } = await openStream(app, { method: 'GET', search: { documentId } });
    await ended;
    expect(events[0]).toMatchObject({ event: 'next', data: { data: DATA } });
    expect(await failureOf(await send({ documentId: 'sha256:short' }))).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
    });
  });

  it('is found over a WebSocket, where its text is empty', async () => {
    const query = freshQuery();
    const socket = await connect(app);
    const more = { extensions: extensionsFor(query) };
    expect(await socket.ask('', {}, more)).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(await socket.ask(query, {}, more)).toMatchObject({ data: DATA });
    expect(await socket.ask('', {}, more)).toMatchObject({ data: DATA });
    await socket.close();
  });

  it('is found over server-sent events', async () => {
    const query = freshQuery();
    await register(query);
    const extensions = JSON.stringify(extensionsFor(query));
    const byGet = await openStream(app, { method: 'GET', search: { extensions } });
    await byGet.ended;
    expect(byGet.events[0]).toMatchObject({ event: 'next', data: { data: DATA } });
    const byPost = await fetch(streamsOf(app), {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ extensions: extensionsFor(query) }),
    });
    expect(await byPost.text()).toContain('"__typename":"Query"');
  });

  it('may be a subscription', async () => {
    const query = `subscription Fresh${++made} { postPublished { cursor } }`;
    const socket = await connect(app);
    const more = { extensions: extensionsFor(query) };
    const first = socket.start(query, {}, more);
    // Answered behind the subscription: it has begun.
    await socket.ask('{ __typename }');
    first.stop();
    const again = socket.start('', {}, more);
    await socket.ask('{ __typename }');
    expect(again.end).toBeUndefined();
    await socket.close();
  });

  it('is refused when the hash is of another text', async () => {
    const body = { query: freshQuery(), extensions: extensionsFor(freshQuery()) };
    expect(await failureOf(await send(body))).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  it.for([
    ['is not valid', '{ nothingLikeThis }'],
    ['is too large', `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: __typename`).join(' ')} }`],
    ['is not GraphQL', '{ __typename'],
  ])('is not kept when it %s', async ([, query]) => {
    const text = `# ${++made}\n${query}`;
    expect((await failureOf(await send({ query: text, extensions: extensionsFor(text) }))).status).toBe(400);
    expect(await failureOf(await send({ extensions: extensionsFor(text) }))).toMatchObject({
      code: 'PERSISTED_QUERY_NOT_FOUND',
    });
  });

  it.for([
    { sha256Hash: 7 },
    { sha256Hash: null },
    { sha256Hash: {} },
    { sha256Hash: [] },
    { sha256Hash: 'short' },
    { sha256Hash: 'A'.repeat(64) },
    { sha256Hash: '__proto__' },
    {},
  ])('has no other name than a hash: %j', async (named) => {
    const failure = await failureOf(await send({ extensions: { persistedQuery: { version: 1, ...named } } }));
    expect(failure.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});
