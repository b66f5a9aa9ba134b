import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EventSource } from 'eventsource';
import { parse, validate } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createRefreshToken } from '../../src/auth/opaqueTokens.js';
import { topicOf } from '../../src/events/topics.js';
import { createSchema } from '../../src/schema.js';
import { createPost } from '../coverage/newsroom.js';
import { ROOT } from '../kit/checkout.js';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { type Proxy, startProxy } from '../kit/proxy.js';
import { usePublication } from '../kit/publication.js';
import { cursorOf, eventually, type StreamEvent } from '../kit/sockets.js';
import { act, comment, type CommentEvent } from '../live/stage.js';
import { blocksIn, documentAt, sectionOf } from './documents.js';

const document = documentAt('docs/LIVE.md');

/** The files of the document: each begins with its name. */
const files = new Map(
  blocksIn(document.text, 'js').map((block) => [/^\/\/ (\w+\.js)$/m.exec(block)?.[1] ?? '', block]),
);

/** The files that show the comments of a post, each in its way. */
const examples = [...files.keys()].filter((name) =>
  files.get(name)?.includes('export async function watch('),
);

interface Watching {
  readonly url: string;
  readonly getToken: () => Promise<string | null>;
  readonly postId: string;
  readonly show: (comments: readonly { readonly body: string }[]) => void;
  readonly failed: (reason: unknown) => void;
}

interface Example {
  readonly watch: (watching: Watching) => Promise<() => unknown>;
}

/** A browser's WebSocket, of which we know what it hears. */
class BrowserSocket extends WebSocket {
  static opened = 0;
  /** Cursors of events, as they came. */
  static cursors: string[] = [];
  static pongs: unknown[] = [];

  constructor(address: string, protocols: string) {
    super(address, protocols);
    BrowserSocket.opened += 1;
    // A browser's throws nothing when it is closed before it is open.
    this.on('error', () => undefined);
    this.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(String(data)) as { type: string; payload?: { data?: object } };
      if (type === 'pong') BrowserSocket.pongs.push(payload);
      const [event] = Object.values(payload?.data ?? {}) as StreamEvent[];
      if (type === 'next' && event) BrowserSocket.cursors.push(event.cursor);
    });
  }
}

const publication = usePublication();
const folders: string[] = [];
let reader: Person;
let proxy: Proxy;
let stop: () => unknown = () => undefined;

/** Writes the files of the document, and gives their folder. */
async function install(change = (text: string): string => text): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-live-'));
  folders.push(folder);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await Promise.all([...files].map(([name, text]) => writeFile(join(folder, name), change(text))));
  return folder;
}

const moduleAt = (...path: string[]): Promise<unknown> => import(pathToFileURL(join(...path)).href);

beforeAll(async () => {
  await install();
  reader = await createPerson(publication);
  const { hostname, port } = new URL(publication.app.endpoint);
  proxy = await startProxy({ host: hostname, port: Number(port) });
  vi.stubGlobal('WebSocket', BrowserSocket);
  vi.stubGlobal('EventSource', EventSource);
});
afterEach(async () => {
  proxy.blackHole(false);
  await stop();
  stop = () => undefined;
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await proxy.close();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

/** Runs an example on a post that has one comment, over a line that can be spoiled. */
async function start(name: string, folder = folders[0] ?? '') {
  BrowserSocket.cursors = [];
  const { id: postId } = await createPost(publication);
  await comment(reader, postId, '0');
  const shown: string[] = [];
  const failures: unknown[] = [];
  const { watch } = (await moduleAt(folder, name)) as Example;
  stop = await watch({
    url: proxy.through(publication.app.endpoint),
    getToken: async () => reader.accessToken,
    postId,
    show: (comments) => void shown.push(comments.map(({ body }) => body).join(' ')),
    failed: (reason) => void failures.push(reason),
  });
  return {
    postId,
    shown,
    failures,
    write: (body: string) => comment(reader, postId, body),
    untilShown: (bodies: string) => eventually(() => expect(shown.at(-1)).toBe(bodies)),
  };
}

/** Breaks the line, and holds up whoever comes back; resolves when somebody has tried. */
async function loseNetwork(): Promise<void> {
  const { opened } = BrowserSocket;
  proxy.blackHole(true);
  proxy.cut();
  await eventually(() => expect(BrowserSocket.opened).toBe(opened + 1));
}

describe('the examples of LIVE.md', () => {
  it.each(examples)('go on after a drop without a gap and without a repetition: %s', async (name) => {
    const { shown, failures, write, untilShown } = await start(name);
    const first = await write('1');
    const second = await write('2');
    await untilShown('0 1 2');
    proxy.cut();
    await write('3');
    await act(reader, 'editComment', { id: first, expectedVersion: 1, body: 'one' });
    await act(reader, 'deleteComment', { id: second });
    await untilShown('0 one 3');
    await write('4');
    await untilShown('0 one 3 4');
    const states = ['0', '0 1', '0 1 2', '0 1 2 3', '0 one 2 3', '0 one 3', '0 one 3 4'];
    // A cache may show two changes at once.
    expect(shown).toEqual(states.filter((state) => shown.includes(state)));
    expect(new Set(BrowserSocket.cursors).size).toBe(BrowserSocket.cursors.length);
    expect(failures).toEqual([]);
  });

  it('come back from a network that is away for long', async () => {
    const { shown, failures, write, untilShown } = await start('withGraphqlWs.js');
    await write('1');
    await untilShown('0 1');
    await loseNetwork();
    await write('2');
    // This attempt fails: no close, but an error.
    await loseNetwork();
    await write('3');
    proxy.blackHole(false);
    await untilShown('0 1 2 3');
    expect([shown, failures]).toEqual([['0', '0 1', '0 1 2', '0 1 2 3'], []]);
  });

  it('find out that a line is dead, though nobody says so', async () => {
    // As the document has it, with less patience.
    const folder = await install((text) => text.replaceAll(/10_000|5_000/g, '200'));
    const { shown, write, untilShown } = await start('withGraphqlWs.js', folder);
    await write('1');
    await untilShown('0 1');
    const { opened } = BrowserSocket;
    proxy.blackHole(true);
    await write('2');
    // Neither the open connection nor the next one says a word.
    await eventually(() => expect(BrowserSocket.opened).toBeGreaterThan(opened + 1));
    proxy.blackHole(false);
    await untilShown('0 1 2');
    expect(shown).toEqual(['0', '0 1', '0 1 2']);
  });

  it('begin anew when they were away for longer than events are kept', async () => {
    const { postId, shown, failures, write, untilShown } = await start('withGraphqlWs.js');
    await write('1');
    await untilShown('0 1');
    await loseNetwork();
    await write('2');
    await publication.sql`delete from events where topic = ${topicOf.comments(uuidOf(postId))}`;
    proxy.blackHole(false);
    await untilShown('0 1 2');
    await write('3');
    await untilShown('0 1 2 3');
    expect([shown, failures]).toEqual([['0', '0 1', '0 1 2', '0 1 2 3'], []]);
  });
});

interface OnePost {
  readonly snapshotOf: (options: {
    readonly url: string;
    readonly getToken: () => Promise<string | null>;
    readonly id: string;
  }) => Promise<{ readonly post: { readonly title: string }; readonly after: string }>;
}

describe('one post of LIVE.md', () => {
  it('goes on from where it was read', async () => {
    const editor = await createPerson(publication, 'EDITOR');
    const { id } = await createPost(publication);
    const update = (title: string, expectedVersion: number) =>
      act(editor, 'updatePost', { id, expectedVersion, title });
    await update('One', 1);
    const { snapshotOf } = (await moduleAt(folders[0] ?? '', 'onePost.js')) as OnePost;
    const url = publication.app.endpoint;
    const { post, after } = await snapshotOf({ url, getToken: async () => reader.accessToken, id });
    expect(post.title).toBe('One');
    await update('Two', 2);
    const { postEvents } = await reader.query<{ postEvents: object }>(
      'query ($id: ID!, $after: String) { postEvents(id: $id, after: $after) { nodes { post { title } } } }',
      { id, after },
    );
    expect(postEvents).toEqual({ nodes: [{ post: { title: 'Two' } }] });
  });
});

interface SignedIn {
  readonly connectAs: (options: { readonly url: string; readonly session: object }) => {
    readonly client: Pick<Client, 'subscribe'> & { readonly renew: () => Promise<void> };
    readonly getToken: () => Promise<string | null>;
    readonly stop: () => void;
  };
}

describe('a session of LIVE.md', () => {
  it('is renewed in time, once, and shows its token on the open socket while streams go on', async () => {
    const sessionId = randomUUID();
    const { token: refreshToken, digest } = createRefreshToken(sessionId);
    await publication.sql`insert into sessions (id, user_id, refresh_digest, expires_at)
      values (${sessionId}, ${reader.uuid}, ${digest}, now() + interval '1 day')`;
    const { id: postId, uuid } = await createPost(publication);
    const after = await cursorOf(publication, topicOf.comments(uuid));
    const { connectAs } = (await moduleAt(folders[0] ?? '', 'signedIn.js')) as SignedIn;
    const { CHANGES } = (await moduleAt(folders[0] ?? '', 'operations.js')) as { readonly CHANGES: string };
    const { opened } = BrowserSocket;
    const { client, getToken, ...connection } = connectAs({
      url: publication.app.endpoint,
      // Over in five minutes.
      session: { accessToken: 'old', refreshToken, expiresAt: new Date(Date.now() + 300_000).toISOString() },
    });
    stop = connection.stop;
    const bodies: unknown[] = [];
    client.subscribe<{ commentsChanged: CommentEvent }>(
      { query: CHANGES, variables: { postId, after } },
      {
        next: ({ data }) => bodies.push(data?.commentsChanged.comment?.body),
        error: bodies.push,
        complete() {},
      },
    );
    const tokens = await Promise.all([getToken(), getToken()]);
    expect(new Set(tokens).size).toBe(1);
    await comment(reader, postId, '1');
    await eventually(() => expect(bodies).toEqual(['1']));
    BrowserSocket.pongs = [];
    await client.renew();
    await eventually(() =>
      expect(BrowserSocket.pongs).toEqual([{ expiresAt: expect.stringMatching(/Z$/) as string }]),
    );
    await comment(reader, postId, '2');
    await eventually(() => expect(bodies).toEqual(['1', '2']));
    expect(BrowserSocket.opened).toBe(opened + 1);
  });
});

describe("README's look at what is live", () => {
  it('prints what is published', async () => {
    const [script = ''] = blocksIn(sectionOf(documentAt('README.md'), 'Live'), 'js');
    const path = join(folders[0] ?? '', 'watch.mjs');
    const here = new URL(publication.app.endpoint).host;
    await writeFile(path, script.replace('localhost:4000', here));
    const watching = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
    stop = async () => {
      watching.kill();
      await once(watching, 'exit');
    };
    let printed = '';
    watching.stdout.on('data', (text: Buffer) => (printed += String(text)));
    const editor = await createPerson(publication, 'EDITOR');
    // Nobody sees when it has begun: publish until it tells of it.
    await eventually(async () => {
      const input = { title: 'Fog at six', body: 'Twice.' };
      const { post } = await act<{ post: { id: string } }>(editor, 'createPost', input, 'post { id }');
      await act(editor, 'publishPost', { id: post.id });
      await vi.waitFor(() => expect(printed).toContain("post: { title: 'Fog at six' }"));
    });
  });
});

describe("LIVE.md's operations", () => {
  it.each(blocksIn(document.text, 'graphql'))('fit the schema: %s', (block) => {
    expect(validate(createSchema(), parse(block))).toEqual([]);
  });
});
