import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { openStream } from '../kit/eventStreams.js';
import { extensionsFor, hashOf } from '../kit/persisted.js';
import { connect } from '../kit/sockets.js';
import { failureOf, post } from '../transport/requests.js';

const LISTED = 'query Listed { __typename }';
const UNLISTED = 'query Unlisted { __typename }';
const ANSWERED = { data: { __typename: 'Query' } };
const REFUSED = {
  message: 'Only documents that the operator listed run here.',
  extensions: { code: 'FORBIDDEN' },
};

describe('with trusted documents', () => {
  let folder: string;
  let database: TestDatabase;
  let app: TestApp;

  const manifestOf = async (...texts: readonly string[]): Promise<string> => {
    const file = join(folder, `${texts.length}.json`);
    await writeFile(file, JSON.stringify(Object.fromEntries(texts.map((text) => [hashOf(text), text]))));
    return file;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidings-trusted-'));
    database = await createTestDatabase();
    app = await startTestApp({
      DATABASE_URL: database.url,
      TIDINGS_TRUSTED_DOCUMENTS: await manifestOf(LISTED),
    });
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  it.for([
    ['its text', { query: LISTED }],
    ['its hash', { extensions: extensionsFor(LISTED) }],
    ['its text and its hash', { query: LISTED, extensions: extensionsFor(LISTED) }],
    ['its documentId', { documentId: `sha256:${hashOf(LISTED)}` }],
  ] as const)('a listed document runs by %s', async ([, body]) => {
    expect(await (await post(app.endpoint, body)).json()).toMatchObject(ANSWERED);
  });

  it.for([
    ['its text', { query: UNLISTED }],
    ['its hash', { extensions: extensionsFor(UNLISTED) }],
    ['its text and its hash', { query: UNLISTED, extensions: extensionsFor(UNLISTED) }],
    ['its documentId', { documentId: `sha256:${hashOf(UNLISTED)}` }],
    ['a space more', { query: `${LISTED} ` }],
    ['an invalid text', { query: '{ nothingLikeThis }' }],
    ['introspection', { query: getIntrospectionQuery() }],
  ] as const)('everything else is refused: %s', async ([, body]) => {
    const { status, code, message } = await failureOf(await post(app.endpoint, body));
    expect({ status, code, message }).toEqual({ status: 403, code: 'FORBIDDEN', message: REFUSED.message });
  });

  it('nothing is taken in that clients send', async () => {
    await post(app.endpoint, { query: UNLISTED, extensions: extensionsFor(UNLISTED) });
    const { code } = await failureOf(await post(app.endpoint, { extensions: extensionsFor(UNLISTED) }));
    expect(code).toBe('FORBIDDEN');
  });

  it('the same is so over a WebSocket', async () => {
    const socket = await connect(app);
    expect(await socket.ask(LISTED)).toMatchObject(ANSWERED);
    expect(await socket.ask('', {}, { extensions: extensionsFor(LISTED) })).toMatchObject(ANSWERED);
    expect(await socket.ask(UNLISTED)).toMatchObject({ errors: [REFUSED] });
    expect(await socket.ask('', {}, { extensions: extensionsFor(UNLISTED) })).toMatchObject({
      errors: [REFUSED],
    });
    await socket.close();
  });

  it('the same is so over server-sent events', async () => {
    const answerTo = async (text: string): Promise<unknown> => {
      const extensions = JSON.stringify(extensionsFor(text));
      const stream = await openStream(app, { method: 'GET', search: { extensions } });
      await stream.ended;
      return stream.events[0]?.data;
    };
    expect(await answerTo(LISTED)).toMatchObject(ANSWERED);
    expect(await answerTo(UNLISTED)).toMatchObject({ errors: [REFUSED] });
  });

  it('an instance does not start when one of them cannot run, and leaves no data folder', async () => {
    const file = await manifestOf(LISTED, 'query Outdated { gone }');
    const place = join(folder, 'temporary');
    await mkdir(place);
    vi.stubEnv('TMPDIR', place);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(
      startTestApp({ DATABASE_URL: database.url, TIDINGS_TRUSTED_DOCUMENTS: file }),
    ).rejects.toThrow(
      `TIDINGS_TRUSTED_DOCUMENTS: ${file} lists 1 of 2 documents that cannot run: Outdated (Cannot query field "gone" on type "Query".)`,
    );
    expect(await readdir(place)).toEqual([]);
  });
});
