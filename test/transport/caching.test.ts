import { createHash } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isKnown } from '../../src/server/caching.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

const TITLES = '{ posts(first: 15) { nodes { title bodyHtml } } }';

interface Answered {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** Sends it as it is, and unpacks nothing: what a cache sees. */
const send = (url: string | URL, headers: Record<string, string> = {}, body?: string): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const sending = request(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) }),
        );
      },
    );
    sending.on('error', reject);
    sending.end(body);
  });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('what is answered to a GET', () => {
  const publication = usePublication();

  const get = (parameters: Record<string, unknown>, headers: Record<string, string> = {}) => {
    const url = new URL(publication.app.endpoint);
    for (const [name, value] of Object.entries(parameters)) {
      url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
    return send(url, headers);
  };

  test('may be kept by every cache when it is whole and for anybody, and is known again', async () => {
    const first = await get({ query: TITLES });
    expect(first.status).toBe(200);
    expect(first.headers['cache-control']).toBe('public, max-age=5, stale-while-revalidate=5');
    const etag = first.headers.etag ?? '';
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);

    const again = await get({ query: TITLES }, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(again.bytes).toHaveLength(0);
    for (const name of ['etag', 'cache-control', 'vary']) {
      expect(again.headers[name], name).toBe(first.headers[name]);
    }
    expect(again.headers['content-type']).toBeUndefined();
  });

  test('is another one when it changed, and when another media type was asked for', async () => {
    const query = '{ tag(slug: "weather") { name } }';
    const { headers } = await get({ query });
    const typed = await get({ query }, { accept: 'application/graphql-response+json' });
    expect(typed.headers.etag).not.toBe(headers.etag);

    await publication.sql`update tags set name = name || ' and tides' where slug = 'weather'`;
    const changed = await get({ query }, { 'if-none-match': headers.etag ?? '' });
    expect(changed.status).toBe(200);
    expect(changed.headers.etag).not.toBe(headers.etag);
    expect(changed.bytes.toString()).toContain('and tides');
  });

  test('is known by the same tag however it is compressed', async () => {
    const plain = await get({ query: TITLES });
    const packed = await get({ query: TITLES }, { 'accept-encoding': 'br' });
    expect(packed.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(packed.bytes)).toEqual(plain.bytes);
    expect(packed.headers.etag).toBe(plain.headers.etag);
    const again = await get(
      { query: TITLES },
      { 'accept-encoding': 'br', 'if-none-match': packed.headers.etag ?? '' },
    );
    expect([again.status, again.bytes.length, again.headers['content-encoding']]).toEqual([
      304,
      0,
      undefined,
    ]);
  });

  test('is kept apart for whoever shows credentials, and by type and encoding', async () => {
    for (const encoding of ['br', 'identity']) {
      const { headers } = await get({ query: TITLES }, { 'accept-encoding': encoding });
      expect(headers.vary?.split(', ').toSorted()).toEqual(['accept', 'accept-encoding', 'authorization']);
    }
  });

  test('is for a CDN in front of persisted documents: an address that is short, and the same for all', async () => {
    const query = 'query Weather { tag(slug: "weather") { slug } }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(query) } };
    const unknown = await get({ extensions });
    expect(unknown.bytes.toString()).toContain('PERSISTED_QUERY_NOT_FOUND');
    expect(unknown.headers['cache-control']).toBe('no-store');
    expect(unknown.headers.etag).toBeUndefined();

    await send(publication.app.endpoint, {}, JSON.stringify({ query, extensions }));
    const known = await get({ extensions });
    expect(JSON.parse(known.bytes.toString())).toMatchObject({ data: { tag: { slug: 'weather' } } });
    expect(known.headers['cache-control']).toMatch(/^public/);
    const again = await get({ extensions }, { 'if-none-match': known.headers.etag ?? '' });
    expect(again.status).toBe(304);
  });

  test('says nothing about who asked: it is the same for a sender who has sent more', async () => {
    const [first, second] = [await get({ query: TITLES }), await get({ query: TITLES })];
    expect(second.bytes.toString()).toBe(first.bytes.toString());
  });

  test.for([
    [
      'a part that failed',
      { query: '{ __typename node(id: "nonsense") { id } posts(first: 999) { totalCount } }' },
    ],
    ['a document that is none', { query: '{ posts(' }],
    ['a document that does not fit', { query: '{ nothing }' }],
    ['variables that do not fit', { query: 'query ($by: PostBy!) { post(by: $by) { id } }', variables: {} }],
    [
      'a mutation',
      {
        query:
          'mutation { signUp(input: { email: "a", username: "a", password: "a" }) { userErrors { code } } }',
      },
    ],
    ['no document', {}],
  ] as const)('is never kept when it is %s', async ([, parameters]) => {
    const { headers } = await get(parameters, { 'if-none-match': '*' });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers.etag).toBeUndefined();
  });

  test('is never kept when it came with credentials, good ones or bad ones', async () => {
    const { accessToken } = await createPerson(publication);
    for (const authorization of [`Bearer ${accessToken}`, 'Bearer nonsense', '']) {
      const { headers } = await get(
        { query: '{ viewer { username } }' },
        { authorization, 'if-none-match': '*' },
      );
      expect(headers['cache-control'], authorization).toBe('no-store');
      expect(headers.etag).toBeUndefined();
    }
  });

  test('is never kept when it was a POST', async () => {
    const { status, headers } = await send(
      publication.app.endpoint,
      { 'if-none-match': '*' },
      JSON.stringify({ query: TITLES }),
    );
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers.etag).toBeUndefined();
  });

  describe('with TIDINGS_CACHE_SECONDS=0', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp({ DATABASE_URL: publication.url, TIDINGS_CACHE_SECONDS: '0' });
    });
    afterAll(() => app.stop());

    test('may be kept, and is asked for each time', async () => {
      const { headers } = await send(`${app.endpoint}?query={__typename}`);
      expect(headers['cache-control']).toBe('public, no-cache');
      const again = await send(`${app.endpoint}?query={__typename}`, { 'if-none-match': headers.etag ?? '' });
      expect(again.status).toBe(304);
    });
  });
});

describe('If-None-Match', () => {
  test.for([
    ['W/"a"', true],
    ['"a"', true],
    ['"b", W/"a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['', false],
    [undefined, false],
  ] as const)('%s', ([header, known]) => {
    expect(isKnown(header, 'W/"a"')).toBe(known);
  });
});
