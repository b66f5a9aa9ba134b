import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, eventually } from '../kit/sockets.js';
import { openRaw } from '../transport/rawHttp.js';
import { headOf, useStreams } from './sseStage.js';
import { comment, LONG, STREAMS } from './stage.js';

/** Each is told in 180 kB: more than all buffers on the way hold. */
const MANY = 120;

interface Told {
  readonly data: {
    readonly commentsChanged: { readonly cursor: string; readonly c0: { readonly body: string } };
  };
}

const publication = usePublication();
let app: TestApp;
const open = useStreams(() => app);
beforeAll(async () => {
  app = await startTestApp(
    { DATABASE_URL: publication.url, TIDINGS_OPERATION_TIMEOUT_MS: '2000' },
    { patience: { silence: 500 } },
  );
});
afterAll(() => app.stop());

/** The events that came whole. */
const toldIn = (text: string): Told['data']['commentsChanged'][] =>
  [...text.matchAll(/^data: (\{.*\})\n\n/gm)].map(
    ([, data = '']) => (JSON.parse(data) as Told).data.commentsChanged,
  );

it('a reader of server-sent events that catches up and stops reading is hung up on, and goes on where it was', async () => {
  const { id: postId } = await createPost(publication);
  const after = await headOf(publication, postId);
  const writer = await createPerson(publication);
  for (let place = 0; place < MANY; place += 1) {
    await comment(writer, postId, `${place} ${'x'.repeat(19_000)}`);
  }
  const watching = await connect(app);
  const readers = watching.start<{ count: number }>(STREAMS.readers, { postId });
  await readers.until(1);
  const raw = await openRaw(app);
  const body = JSON.stringify({ query: LONG, variables: { postId, after } });
  raw.socket.write(
    `POST /graphql/stream HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await eventually(() => expect(raw.heard()).toContain('event: next'));
  raw.socket.pause();
  await eventually(() => expect(readers.events.at(-1)?.count).toBe(2));
  // Nobody tells the one who does not read.
  await eventually(() => expect(readers.events.at(-1)?.count).toBe(1));
  raw.socket.resume();
  const had = toldIn(await raw.closed());
  expect(had.length).toBeLessThan(MANY);
  const rest = await open({ query: LONG, variables: { postId, after: had.at(-1)?.cursor ?? after } });
  await rest.until(1);
  const places = [...had, ...toldIn(rest.text)].map(({ c0 }) => Number(c0.body.split(' ')[0]));
  expect(places.length).toBeGreaterThan(had.length);
  expect(places).toEqual(places.map((_, place) => place));
  await watching.close();
});
