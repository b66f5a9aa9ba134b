import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { connect } from '../kit/sockets.js';
import { openRaw, partsOf } from './rawHttp.js';
import { post } from './requests.js';

const POST = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createDemoDatabase();
  app = await startTestApp(
    { DATABASE_URL: database.url, TIDINGS_OPERATION_TIMEOUT_MS: '300' },
    {
      patience: {
        head: 500,
        request: 1_000,
        look: 50,
        idle: 300,
        silence: 500,
        requestsPerConnection: 3,
        connections: 40,
      },
    },
  );
});
afterAll(async () => {
  await app.stop();
  await database.drop();
});

/** Milliseconds until it is done. */
async function took(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

describe('a client that sends', () => {
  test('its head a header at a time is hung up on with 408', async () => {
    const raw = await openRaw(app);
    raw.socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\n');
    raw.trickle('x-more: y\r\n', 100);
    expect(await took(raw.closed())).toBeLessThan(5_000);
    const { head, body } = partsOf(raw.heard());
    expect(head).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
    expect(head).toMatch(/connection: close/);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test('its body a byte at a time is hung up on with 408', async () => {
    const raw = await openRaw(app);
    raw.socket.write(`${POST}content-length: 100000\r\n\r\n`);
    raw.trickle(' ', 100);
    expect(await took(raw.closed())).toBeLessThan(5_000);
    expect(raw.heard()).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
  });

  test('a body that has no end, in chunks, is hung up on', async () => {
    const raw = await openRaw(app);
    raw.socket.write(`${POST}transfer-encoding: chunked\r\n\r\n`);
    raw.trickle('1\r\n \r\n', 100);
    expect(await took(raw.closed())).toBeLessThan(5_000);
    expect(raw.heard()).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
  });

  test('nothing at all is hung up on', async () => {
    const raw = await openRaw(app);
    expect(await took(raw.closed())).toBeLessThan(5_000);
  });

  test('a head larger than 16 kB is told so with 431', async () => {
    const raw = await openRaw(app);
    raw.socket.write(`GET /graphql HTTP/1.1\r\nhost: x\r\nx-more: ${'y'.repeat(17_000)}\r\n\r\n`);
    const { head, body } = partsOf(await raw.closed());
    expect(head).toMatch(/^HTTP\/1\.1 431 /);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] });
  });

  test('nothing more after its answer is hung up on, while others are served', async () => {
    const raw = await openRaw(app);
    raw.socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    await vi.waitUntil(() => raw.heard().includes('"ok"'));
    expect((await post(app.endpoint, { query: '{ __typename }' })).status).toBe(200);
    expect(await took(raw.closed())).toBeLessThan(5_000);
  });
});

describe('a client that reads no answer', () => {
  let patient: TestApp;
  beforeAll(async () => {
    patient = await startTestApp(
      { DATABASE_URL: database.url, TIDINGS_OPERATION_TIMEOUT_MS: '2000' },
      { patience: { silence: 500 } },
    );
  });
  afterAll(() => patient.stop());

  test('is hung up on', async () => {
    const raw = await openRaw(patient);
    const query = JSON.stringify({ query: '{ posts(first: 15) { nodes { bodyHtml } } }' });
    raw.socket.pause();
    // More answers than the system keeps for it on the way.
    raw.socket.write(`${POST}content-length: ${query.length}\r\n\r\n${query}`.repeat(300));
    // Only who writes notices that nobody is there any more.
    raw.trickle('GET', 100);
    expect(await took(raw.closed())).toBeLessThan(10_000);
    expect(raw.heard()).toBe('');
  });
});

test('a connection carries so many requests, and the last answer says that it was the last', async () => {
  const raw = await openRaw(app);
  for (const count of [1, 2, 3]) {
    raw.socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    await vi.waitUntil(() => raw.heard().match(/"ok"/g)?.length === count);
  }
  const answers = (await raw.closed()).split('HTTP/1.1 200 OK').slice(1);
  expect(answers.map((answer) => /connection: close/i.test(answer))).toEqual([false, false, true]);
});

test('a connection that stays open is none of the slow ones', async () => {
  const socket = await connect(app);
  // Longer than every limit of the requests.
  const raw = await openRaw(app);
  raw.socket.write(`${POST}content-length: 100000\r\n\r\n`);
  raw.trickle(' ', 100);
  await raw.closed();
  expect(await socket.ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
  expect(socket.closing).toBeUndefined();
  await socket.close();
});

test('more connections than there may be are hung up on, and those that are open go on', async () => {
  const crowd = await Promise.all(Array.from({ length: 60 }, () => openRaw(app)));
  // Whoever is let in is silent, and so hung up on a bit later with an answer.
  const heard = await Promise.all(crowd.map(({ closed }) => closed()));
  const refused = heard.filter((answer) => answer === '').length;
  expect(refused).toBeGreaterThanOrEqual(20);
  expect(refused).toBeLessThan(60);
  expect((await post(app.endpoint, { query: '{ __typename }' })).status).toBe(200);
});
