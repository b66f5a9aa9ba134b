import { setTimeout as pause } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { openStream, streamsOf } from '../kit/eventStreams.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { eventually } from '../kit/sockets.js';
import { failureOf, post } from '../transport/requests.js';
import { headOf, useStreams } from './sseStage.js';
import { comment } from './stage.js';

const publication = usePublication({
  TRUSTED_PROXIES: '127.0.0.1,::1',
  TIDINGS_THROTTLE_ANONYMOUS: '1000/10',
});
const open = useStreams(() => publication.app);

/** It takes more points than come back in a second. */
const DEAR = `subscription ($postId: ID!, $after: String) { commentsChanged(postId: $postId, after: $after) {
  comment { body post { comments(first: 100) { nodes { id author { name } } } } } } }`;

/** Twice they take nearly all points of an address. */
const SEARCHES = Array.from(
  { length: 16 },
  (_, place) => `s${place}: search(query: "x", first: 1) { totalCount }`,
);

let operation: { readonly query: string; readonly variables: object };
beforeAll(async () => {
  const { id: postId } = await createPost(publication);
  operation = { query: DEAR, variables: { postId, after: await headOf(publication, postId) } };
  await comment(await createPerson(publication), postId, 'First');
  // A document that nobody sent before takes points for being looked at.
  const known = await openStream(publication.app, operation);
  await known.until(1);
  known.close();
});

let addresses = 0;

/** The headers of somebody who has no points left. */
async function exhausted(): Promise<Record<string, string>> {
  const headers = { 'x-forwarded-for': `192.0.2.${(addresses += 1)}` };
  const query = `{ ${SEARCHES.join(' ')} }`;
  const spent = [1, 2].map(() => post(publication.app.endpoint, { query }, headers));
  expect((await Promise.all(spent)).map(({ status }) => status)).toEqual([200, 200]);
  return headers;
}

/** Sends an operation again and again, as it is told to, until it is no longer too early. */
async function insist(send: () => Promise<Response>): Promise<Response> {
  const refused = await send();
  const { status, code, headers, text } = await failureOf(refused);
  const seconds = Number(headers.get('retry-after'));
  expect([status, code, seconds > 0]).toEqual([429, 'THROTTLED', true]);
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { retryAfter: seconds } }] });
  await pause(seconds * 1_000);
  return send();
}

describe('a stream for which no points are left', () => {
  it('is asked for again by an EventSource, and opens when they are back', async () => {
    const headers = await exhausted();
    const url = new URL(streamsOf(publication.app));
    url.searchParams.set('query', operation.query);
    url.searchParams.set('variables', JSON.stringify(operation.variables));
    let requests = 0;
    const source = new EventSource(url, {
      fetch: (input, init) => {
        requests += 1;
        return fetch(input, { ...init, headers: { ...init.headers, ...headers } });
      },
    });
    const messages: unknown[] = [];
    source.addEventListener('next', ({ data }) => messages.push(JSON.parse(String(data))));
    await eventually(() =>
      expect(messages).toMatchObject([{ data: { commentsChanged: expect.anything() as unknown } }]),
    );
    expect([source.readyState, requests]).toEqual([source.OPEN, 2]);
    source.close();
  });

  it('is 429 by POST, with the seconds to wait', async () => {
    const headers = { ...(await exhausted()), accept: 'text/event-stream' };
    const answer = await insist(() => post(streamsOf(publication.app), operation, headers));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await answer.body?.cancel();
  });

  it('is 429 for one operation of many, too', async () => {
    const address = await exhausted();
    const reserved = await fetch(streamsOf(publication.app), { method: 'PUT', headers: address });
    const token = await reserved.text();
    const stream = await open({ method: 'GET', search: { token } });
    const headers = { ...address, 'x-graphql-event-stream-token': token };
    const body = { ...operation, extensions: { operationId: 'one' } };
    const answer = await insist(() => post(streamsOf(publication.app), body, headers));
    expect(answer.status).toBe(202);
    expect(await stream.until(1)).toMatchObject([{ event: 'next', data: { id: 'one' } }]);
  });
});
