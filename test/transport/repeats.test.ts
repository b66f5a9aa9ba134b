import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { until } from '../kit/until.js';
import { openRaw } from './rawHttp.js';

/** An answer lasts as long as may be: no machine is so slow that it is never asked twice meanwhile. */
const LONGEST_AGE = '1000';
const FRIEND = 'https://news.example';
const QUERY = JSON.stringify({ query: '{ posts(first: 5) { nodes { id title authors { name } } } }' });
/** What differs from answer to answer. */
const EACH_TIME = /^(?:date|keep-alive|x-request-id|ratelimit-remaining|ratelimit-reset|content-length)$/;

/** Fastify says so of each request that it leads to its handler. */
const HANDLED = 'tracing:fastify.request.handler:start';

describe('a request that was answered a moment ago', () => {
  const publication = usePublication({ TIDINGS_ANSWER_AGE_MS: LONGEST_AGE, ALLOWED_ORIGINS: FRIEND });
  let behindProxy: TestApp;
  beforeAll(async () => {
    behindProxy = await startTestApp({
      DATABASE_URL: publication.url,
      TIDINGS_ANSWER_AGE_MS: LONGEST_AGE,
      TRUSTED_PROXIES: '127.0.0.0/8,::1',
      TIDINGS_THROTTLE_ANONYMOUS: '5000/1',
    });
  });
  afterAll(() => behindProxy.stop());

  const send = async ({ endpoint }: TestApp, headers: Record<string, string> = {}, body: string = QUERY) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  };
  type Sent = Awaited<ReturnType<typeof send>>;

  /** How many requests were led to a handler meanwhile. */
  const handledWhile = async (work: () => Promise<unknown>): Promise<number> => {
    let handled = 0;
    const count = (): void => void (handled += 1);
    subscribe(HANDLED, count);
    try {
      await work();
    } finally {
      unsubscribe(HANDLED, count);
    }
    return handled;
  };
  const isRepeated = async (ask: () => Promise<unknown>): Promise<boolean> => (await handledWhile(ask)) === 0;
  /** Asks until it is repeated. */
  const repeated = async (ask: () => Promise<Sent>): Promise<Sent> => {
    let last: Sent | undefined;
    await until('it is repeated', () =>
      isRepeated(async () => {
        last = await ask();
      }),
    );
    if (last === undefined) throw new Error('Nothing was asked.');
    return last;
  };
  const lasting = (headers: Headers) => [...headers].filter(([name]) => !EACH_TIME.test(name));
  const dataOf = ({ text }: Sent): unknown => (JSON.parse(text) as { data: unknown }).data;

  it.each<[string, Record<string, string>]>([
    ['plainly', {}],
    ['by a page of another origin', { origin: FRIEND }],
    ['by a page of an origin that may not', { origin: 'https://elsewhere.example' }],
    ['in the media type of GraphQL', { accept: 'application/graphql-response+json' }],
    ['by who unpacks nothing', { 'accept-encoding': 'identity' }],
  ])('is answered in the same words and headers when it is asked %s', async (_, own) => {
    const headers = { 'accept-encoding': 'identity', ...own };
    const made = await send(publication.app, { ...headers, 'cache-control': 'no-cache' });
    const again = await repeated(() => send(publication.app, headers));
    expect(again.status).toBe(200);
    expect(lasting(again.headers)).toEqual(lasting(made.headers));
    expect(dataOf(again)).toEqual(dataOf(made));
    expect(again.headers.get('content-length')).toBe(String(Buffer.byteLength(again.text)));
  });

  it('has an id and a bucket of its own', async () => {
    const ask = () => send(publication.app, { 'accept-encoding': 'identity' });
    const [one, other] = [await repeated(ask), await repeated(ask)];
    expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'));
    const { extensions } = JSON.parse(other.text) as {
      extensions: { cost: { actual: number; throttle: { maximum: number; available: number } } };
    };
    expect(extensions.cost.actual).toBe(1);
    const { maximum, available } = extensions.cost.throttle;
    expect(other.headers.get('ratelimit-limit')).toBe(String(maximum));
    expect(other.headers.get('ratelimit-remaining')).toBe(String(available));
  });

  const LONG = JSON.stringify({ query: '{ posts(first: 20) { nodes { id title slug bodyHtml } } }' });

  it.each(['gzip', 'gzip, deflate, br, zstd', 'br;q=1.0, gzip;q=0.8'])(
    'is packed once for all who unpack it: %s',
    async (encodings) => {
      const plain = await send(publication.app, { 'accept-encoding': 'identity' }, LONG);
      const again = await repeated(() => send(publication.app, { 'accept-encoding': encodings }, LONG));
      expect(again.headers.get('content-encoding')).toBe('gzip');
      expect(again.headers.get('vary')).toContain('accept-encoding');
      expect(Number(again.headers.get('content-length'))).toBeLessThan(plain.text.length / 2);
      expect(dataOf(again)).toEqual(dataOf(plain));
    },
  );

  it.each([
    ['br', 'br'],
    ['br, gzip;q=0', 'br'],
    ['gzip;q=0.0', null],
    ['identity', null],
  ])('is packed by nothing that its client does not unpack: %s', async (encodings, encoding) => {
    for (let turn = 0; turn < 4; turn += 1) {
      const { headers, text } = await send(publication.app, { 'accept-encoding': encodings }, LONG);
      expect(headers.get('content-encoding')).toBe(encoding);
      expect(text).toContain('"data":');
    }
  });

  it('is packed for nobody who forbids it, whatever others were given', async () => {
    const packed = () => send(publication.app, { 'accept-encoding': 'gzip' }, LONG);
    const plain = () => send(publication.app, { 'accept-encoding': 'gzip', 'x-no-compression': '' }, LONG);
    await repeated(packed);
    for (let turn = 0; turn < 4; turn += 1) {
      expect((await plain()).headers.get('content-encoding')).toBeNull();
      expect((await packed()).headers.get('content-encoding')).toBe('gzip');
    }
  });

  it('lasts for different times, so that not all are made anew together', async () => {
    const queries = Array.from({ length: 30 }, (_, turn) =>
      JSON.stringify({ query: `{ posts(first: ${turn + 1}) { nodes { id } } }` }),
    );
    const askAll = () => Promise.all(queries.map((query) => send(publication.app, {}, query)));
    let made = 0;
    // A machine that stalls finds all of them too old: it looks again.
    await until('some are made anew, and some are not', async () => {
      await askAll();
      await pause(875);
      const statements = await publication.app.statementsOf(askAll);
      made = statements.filter(({ name }) => name === 'posts.list').length;
      return made > 0 && made < queries.length;
    });
    expect(made).toBeGreaterThan(0);
  });

  it('is counted against its client, until they have no points left', async () => {
    const from = { 'x-forwarded-for': '192.0.2.1', 'accept-encoding': 'identity' };
    await repeated(() => send(behindProxy, from));
    const ask = async () => (await send(behindProxy, from)).text;
    let text = '';
    for (let turn = 0; turn < 6_000 && !text.includes('"THROTTLED"'); turn += 1) text = await ask();
    expect(text).toContain('"THROTTLED"');
  });

  it('shows what was committed since', async () => {
    const editor = await createPerson(publication, 'EDITOR');
    const { id } = await createPost(publication);
    const body = JSON.stringify({ query: `{ node(id: "${id}") { ... on Post { title } } }` });
    const ask = () => send(publication.app, { 'accept-encoding': 'identity' }, body);
    for (const version of [1, 2, 3]) {
      await repeated(ask);
      const title = `Title ${version}`;
      await editor.query(
        'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
        { input: { id, expectedVersion: version, title } },
      );
      expect(dataOf(await ask())).toEqual({ node: { title } });
    }
  });

  it('goes the usual way for who is known, wants the newest or packed it', async () => {
    const reader = await createPerson(publication);
    await repeated(() => send(publication.app, { 'accept-encoding': 'identity' }));
    for (const headers of [
      { authorization: `Bearer ${reader.accessToken}` },
      { 'cache-control': 'no-cache' },
      { 'x-no-compression': '' },
    ] as Record<string, string>[]) {
      expect(await isRepeated(() => send(publication.app, headers))).toBe(false);
    }
    const packed = await send(publication.app, { 'content-encoding': 'gzip' });
    expect(packed.status).toBe(400);
  });

  it('is as wrong as it was the first time', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      const broken = await send(publication.app, {}, '{"query": "{ __typename }"');
      expect(broken.status).toBe(400);
      expect(broken.text).toContain('not valid JSON');
      const plain = await send(publication.app, { 'content-type': 'text/plain' });
      expect(plain.status).toBe(400);
      expect(plain.text).not.toContain('not valid JSON');
    }
  });

  it('is heard in pieces, and answered in turn when several are sent at once', async () => {
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: `;
    const request = `${head}${QUERY.length}\r\n\r\n${QUERY}`;
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n`;
    const talk = async (): Promise<void> => {
      const raw = await openRaw(publication.app);
      raw.socket.write(request.slice(0, -20));
      await new Promise((resolve) => setTimeout(resolve, 20));
      raw.socket.write(request.slice(-20));
      raw.socket.write(`${get('/health/live')}\r\n${request}`);
      raw.socket.write(`${get('/health/live')}connection: close\r\n\r\n`);
      const heard = await raw.closed();
      const found = [...heard.matchAll(/"posts":|"status":/g)].map(([what]) => what);
      expect(found).toEqual(['"posts":', '"status":', '"posts":', '"status":']);
    };
    // The two that are never kept have handlers.
    await until('both are repeated', async () => (await handledWhile(talk)) === 2);
  });

  it('is forgotten with a client that hangs up in the middle', async () => {
    const raw = await openRaw(publication.app);
    raw.socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${QUERY.length}\r\n\r\n{"qu`,
    );
    const handled = await handledWhile(async () => {
      raw.socket.destroy();
      await raw.closed();
      expect((await fetch(new URL('/health/live', publication.app.endpoint))).status).toBe(200);
    });
    expect(handled).toBe(1);
    expect(publication.app.logged).toEqual([]);
  });

  it('is told apart by the way its client came, and paid for by the client behind the proxy', async () => {
    const by = (headers: Record<string, string>) =>
      repeated(() => send(behindProxy, { 'accept-encoding': 'identity', ...headers }));
    const secure = await by({ 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7' });
    const open = await by({ 'x-forwarded-proto': 'http', 'x-forwarded-for': '198.51.100.8' });
    expect(secure.headers.get('strict-transport-security')).toContain('max-age=');
    expect(open.headers.get('strict-transport-security')).toBeNull();
    for (let turn = 0; turn < 50; turn += 1) await by({ 'x-forwarded-for': '203.0.113.9' });
    const left = async (address: string) =>
      Number((await by({ 'x-forwarded-for': address })).headers.get('ratelimit-remaining'));
    expect(await left('203.0.113.9')).toBeLessThan(await left('203.0.113.10'));
    const named = await by({ 'x-request-id': 'of-the-proxy' });
    expect(named.headers.get('x-request-id')).toBe('of-the-proxy');
  });
});
