import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { openStream, streamsOf } from '../kit/eventStreams.js';
import { createPerson } from '../kit/people.js';
import { startProxy } from '../kit/proxy.js';
import { usePublication } from '../kit/publication.js';
import { headOf } from './sseStage.js';
import { act, comment, STREAMS } from './stage.js';

const publication = usePublication();

/** A subscription to comments whose events have half a megabyte. */
const LARGE = `subscription ($postId: ID!, $after: String) {
  commentsChanged(postId: $postId, after: $after) {
    cursor commentId comment { ${Array.from({ length: 28 }, (_, place) => `body${place}: body`).join(' ')} } } }`;

/** Asks for a stream and reads nothing of it. */
async function openUnread(app: TestApp, operation: object): Promise<Socket> {
  const { hostname, port, pathname } = new URL(streamsOf(app));
  const body = JSON.stringify(operation);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    [
      `POST ${pathname} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      'accept: text/event-stream',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  return socket;
}

/** Reads on to the end. */
async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = once(socket, 'close');
  socket.resume();
  await closed;
  return Buffer.concat(chunks).toString();
}

const idsIn = (events: readonly { readonly data: unknown }[]): string[] =>
  events.map(
    ({ data }) =>
      (data as { data: { commentsChanged: { commentId: string } } }).data.commentsChanged.commentId,
  );

it(
  'a reader that does not read is cut off, holds nobody up, and goes on where it was',
  { timeout: 60_000 },
  async () => {
    const { app } = publication;
    const { id: postId } = await createPost(publication);
    const reader = await createPerson(publication);
    const variables = { postId, after: await headOf(publication, postId) };
    const slow = await openUnread(app, { query: LARGE, variables });
    const quick = await openStream(app, { query: STREAMS.comments, variables });
    const written: string[] = [];
    for (let count = 0; count < 60; count += 1) {
      written.push(await comment(reader, postId, 'x'.repeat(10_000)));
    }
    expect(idsIn(await quick.until(written.length))).toEqual(written);
    quick.close();

    const read = await readAll(slow);
    // Events that came whole: what is behind the last empty line is a part of one.
    const heard = [...read.matchAll(/^id: (\S+)$[^]*?"commentId":"([^"]+)"[^]*?\n\n/gm)];
    expect(heard.length).toBeLessThan(written.length);
    expect(read).not.toContain('event: complete');
    const lastEventId = heard.at(-1)?.[1];
    const again = await openStream(app, {
      query: STREAMS.comments,
      variables,
      headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    });
    const rest = await again.until(written.length - heard.length);
    again.close();
    expect([...heard.map(([, , id]) => id), ...idsIn(rest)]).toEqual(written);
  },
);

it('a reader that comes back to more than may wait for it gets all of it, at its own pace', async () => {
  const { app } = publication;
  const { id: postId } = await createPost(publication);
  const reader = await createPerson(publication);
  const variables = { postId, after: await headOf(publication, postId) };
  const written: string[] = [];
  for (let count = 0; count < 60; count += 1) {
    written.push(await comment(reader, postId, 'x'.repeat(10_000)));
  }
  const { hostname, port } = new URL(app.endpoint);
  const proxy = await startProxy({ host: hostname, port: Number(port) });
  try {
    // 64 KB at a time.
    proxy.delay(10);
    const stream = await openStream({ endpoint: proxy.through(app.endpoint) }, { query: LARGE, variables });
    expect(idsIn(await stream.until(written.length))).toEqual(written);
    stream.close();
  } finally {
    await proxy.close();
  }
});

it('an instance that goes away ends its streams without completing them, and goes', async () => {
  const app = await startTestApp({ DATABASE_URL: publication.url });
  const { id: postId } = await createPost(publication);
  const reader = await createPerson(publication);
  const variables = { postId, after: await headOf(publication, postId) };
  const request = { query: STREAMS.comments, variables };
  const token = await (await fetch(streamsOf(app), { method: 'PUT' })).text();
  const streams = await Promise.all([
    ...Array.from({ length: 10 }, () => openStream(app, request)),
    openStream(app, { method: 'GET', search: { token } }),
  ]);
  await fetch(streamsOf(app), { method: 'PUT' });
  const unread = await openUnread(app, { query: LARGE, variables });
  await act(reader, 'addComment', { postId, body: 'x'.repeat(10_000) });
  const alone = streams.slice(0, -1);
  const [heard] = await Promise.all(alone.map((stream) => stream.until(1)));
  await app.stop();
  for (const stream of streams) {
    expect(await stream.ended).toBe('END');
    expect(stream.text).not.toContain('complete');
  }
  unread.destroy();

  const again = await openStream(publication.app, {
    ...request,
    headers: { 'last-event-id': heard?.[0]?.id ?? '' },
  });
  const next = await comment(reader, postId, 'On another instance');
  expect(idsIn(await again.until(1))).toEqual([next]);
  again.close();
});
