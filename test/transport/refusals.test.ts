import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { failureOf, post } from './requests.js';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createDemoDatabase();
  app = await startTestApp({ DATABASE_URL: database.url, TIDINGS_MAX_BODY_BYTES: '100000' });
});
afterAll(async () => {
  await app.stop();
  await database.drop();
});

describe('a request that cannot be read', () => {
  test.for([
    ['a body that is no JSON', { body: '{"query":' }, 400],
    ['a body cut in a string', { body: '{"query":"{ viewer { id' }, 400],
    ['an empty body', { body: '' }, 400],
    ['a list of operations', { body: '[{"query":"{ __typename }"}]' }, 400],
    ['null', { body: 'null' }, 400],
    ['a body that would change the prototype', { body: '{"__proto__":{"query":"{ __typename }"}}' }, 400],
    ['plain text', { body: '{ __typename }', headers: { 'content-type': 'text/plain' } }, 400],
    ['a form', { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['an unknown media type', { body: '<a/>', headers: { 'content-type': 'application/xml' } }, 415],
    ['an operation that is no text', { body: '{"query":1}' }, 400],
    ['no operation at all', { body: '{"variables":{}}' }, 400],
    ['variables that are a list', { body: '{"query":"{ __typename }","variables":[1]}' }, 400],
    ['variables that are a text', { body: '{"query":"{ __typename }","variables":"{}"}' }, 400],
    ['an operation name that is no text', { body: '{"query":"{ __typename }","operationName":1}' }, 400],
  ] as const)('%s is answered with JSON that says so', async ([, { body, ...rest }, status]) => {
    const headers = 'headers' in rest ? rest.headers : {};
    expect(await failureOf(await post(app.endpoint, body, headers))).toMatchObject({
      status,
      code: 'BAD_USER_INPUT',
    });
  });

  test('a body above the limit is LIMIT_EXCEEDED with 413', async () => {
    const body = { query: `{ __typename } # ${'x'.repeat(100_000)}` };
    expect(await failureOf(await post(app.endpoint, body))).toMatchObject({
      status: 413,
      code: 'LIMIT_EXCEEDED',
    });
  });

  test('a compressed body that is above the limit when it is unpacked is LIMIT_EXCEEDED with 413', async () => {
    const response = await fetch(app.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(`{"query":"${' '.repeat(10_000_000)}{ __typename }"}`),
    });
    expect(await failureOf(response)).toMatchObject({ status: 413, code: 'LIMIT_EXCEEDED' });
  });

  test.for(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    '%s /graphql is 405 and says what is allowed',
    async (method) => {
      const failure = await failureOf(await fetch(app.endpoint, { method }));
      expect(failure).toMatchObject({ status: 405, code: 'BAD_USER_INPUT' });
      expect(failure.headers.get('allow')).toBe('GET, POST');
    },
  );

  test.for(['/', '/graphq', '/graphql/x', '/health', '/%F0'])(
    '%s is NOT_FOUND or unreadable, in JSON',
    async (path) => {
      const failure = await failureOf(await fetch(new URL(path, app.endpoint)));
      expect([failure.status, failure.code]).toEqual(
        path === '/%F0' ? [400, 'BAD_USER_INPUT'] : [404, 'NOT_FOUND'],
      );
      expect(failure.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    },
  );

  test('what is no HTTP is answered with JSON all the same', async () => {
    const { port } = new URL(app.endpoint);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), 'localhost', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toMatch(/x-request-id: [\da-f-]{36}/);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test.for(['Bearer nonsense', 'Basic YTpi', 'x', ''])(
    'the Authorization header "%s" is refused, never taken for an anonymous viewer',
    async (authorization) => {
      const failure = await failureOf(
        await post(app.endpoint, { query: '{ viewer { id } }' }, { authorization }),
      );
      expect(failure).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      expect(failure.headers.get('www-authenticate')).toBe('Bearer');
    },
  );
});

describe('an operation that is refused', () => {
  const refusal = async (body: unknown) => failureOf(await post(app.endpoint, body));

  test.for([
    ['GRAPHQL_PARSE_FAILED', '{ posts('],
    ['GRAPHQL_VALIDATION_FAILED', '{ postz { totalCount } }'],
    ['GRAPHQL_VALIDATION_FAILED', '{ posts(first: "1") { totalCount } }'],
    ['GRAPHQL_VALIDATION_FAILED', '{ posts(first: 99999999999) { totalCount } }'],
    ['GRAPHQL_VALIDATION_FAILED', '{ post(by: { slug: "a", id: "b" }) { id } }'],
    ['GRAPHQL_VALIDATION_FAILED', '{ post(by: {}) { id } }'],
    ['BAD_USER_INPUT', '{ posts(filter: { publishedAfter: "2026-02-30T00:00:00Z" }) { totalCount } }'],
    ['BAD_USER_INPUT', String.raw`{ post(by: { slug: "a\u0000" }) { id } }`],
    ['BAD_USER_INPUT', String.raw`{ post(by: { slug: "\ud800" }) { id } }`],
  ])('is %s: %s', async ([code, query]) => {
    expect(await refusal({ query })).toMatchObject({ status: 400, code });
  });

  test.for([String.raw`\ud800`, String.raw`\u{DFFF}`, '\udc00'])(
    'is BAD_USER_INPUT for half of a surrogate pair in the document: %j',
    async (half) => {
      const query = `{ post(by: { slug: "${half}" }) { id } }`;
      expect(await refusal({ query })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    },
  );

  test('is BAD_USER_INPUT for a subscription, and says where it can be sent', async () => {
    const { code, message } = await refusal({ query: 'subscription { postPublished { cursor } }' });
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain('/graphql/stream');
  });

  test('says where the text is that is no text', async () => {
    const query = 'query Q($by: PostBy!) { post(by: $by) { id } }';
    for (const slug of ['a\0', '\ud800', 'x\udc00y']) {
      const { status, code, message } = await refusal({ query, variables: { by: { slug } } });
      expect({ status, code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
      expect(message).toContain('`$by.slug` holds a NUL or half of a surrogate pair');
    }
    const literal = await refusal({ query: String.raw`{ post(by: { slug: "a\u0000" }) { id } }` });
    expect(literal.text).toContain('"locations":[{"line":1,"column":20}]');
  });

  test('survives variables nested deeper than any stack', async () => {
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    const body = `{"query":"query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":${deep}}}`;
    expect(await refusal(body)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  test('says that there is bad text in variables nested deeper than any stack', async () => {
    const deep = `${'['.repeat(40_000)}"\\ud800"${']'.repeat(40_000)}`;
    const body = `{"query":"query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":${deep}}}`;
    const { status, code, message } = await refusal(body);
    expect({ status, code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
    expect(message).toContain('holds a NUL or half of a surrogate pair');
  });

  test.for([
    ['two members of a @oneOf input', { slug: 'a', id: 'b' }],
    ['no member of a @oneOf input', {}],
    ['a null member of a @oneOf input', { slug: null }],
    ['an unknown member', { slugg: 'a' }],
  ])('is BAD_USER_INPUT for %s in a variable', async ([, by]) => {
    const query = 'query Q($by: PostBy!) { post(by: $by) { id } }';
    const failure = await refusal({ query, variables: { by } });
    expect(failure).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(failure.text).not.toContain('Did you mean');
  });

  test.for([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    '9999-12-31T23:59:59-01:00',
    'infinity',
    'now',
    1_767_225_600,
    true,
  ])('is BAD_USER_INPUT for the DateTime %s', async (at) => {
    const query = 'query Q($at: DateTime) { posts(filter: { publishedAfter: $at }) { totalCount } }';
    expect(await refusal({ query, variables: { at } })).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
    });
  });

  test.for(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2024-02-29t12:00:00+05:30', null])(
    'is not what happens to the DateTime %s',
    async (at) => {
      const query = 'query Q($at: DateTime) { posts(filter: { publishedAfter: $at }) { totalCount } }';
      expect(await app.query(query, { at })).toMatchObject({ posts: {} });
    },
  );

  test('is BAD_USER_INPUT for an operation name that is not in the document, or missing among several', async () => {
    const query = 'query A { __typename } query B { __typename }';
    expect(await refusal({ query, operationName: 'C' })).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
    });
    expect(await refusal({ query })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  test('is BAD_USER_INPUT for a null variable where the schema has a default that must not be null', async () => {
    const query =
      'query Q($flat: Boolean) { posts(first: 1) { nodes { comments(topLevelOnly: $flat) { totalCount } } } }';
    const answer = await app.send(query, { flat: null });
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('of a persisted query says whether it is unknown, or another one', async () => {
    const sha256Hash = createHash('sha256').update('{ __typename }').digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    expect(await refusal({ extensions })).toMatchObject({ status: 400, code: 'PERSISTED_QUERY_NOT_FOUND' });
    expect(await refusal({ query: '{ viewer { id } }', extensions })).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
    });
    const version = { persistedQuery: { version: 2, sha256Hash } };
    expect(await refusal({ extensions: version })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  test('never guesses what was meant, in the document or in variables', async () => {
    const guesses = [
      { query: '{ post(by: { slugg: "a" }) { id } }' },
      { query: '{ postss { totalCount } }' },
      { query: '{ posts { totalCoun } }' },
      { query: '{ posts(firs: 1) { totalCount } }' },
      { query: '{ node(id: "a") { ... on Pos { id } } }' },
      { query: '{ posts(orderBy: PUBLISHED_AT_DES) { totalCount } }' },
      {
        query: 'query Q($o: PostOrder) { posts(orderBy: $o) { totalCount } }',
        variables: { o: 'PUBLISHED_AT_DES' },
      },
      {
        query: 'query Q($f: PostFilter) { posts(filter: $f) { totalCount } }',
        variables: { f: { tagg: 'a', languag: 'en' } },
      },
    ];
    for (const guess of guesses) {
      const { status, text } = await refusal(guess);
      expect(status).toBe(400);
      expect(text).not.toMatch(/did you mean/i);
      expect(text).not.toMatch(/"(slug|posts|totalCount|first|Post|PUBLISHED_AT_DESC|tag|language)"/);
    }
  });
});

describe('a list', () => {
  const codeOf = async (query: string): Promise<string | undefined> =>
    (await app.send(query)).errors?.[0]?.extensions.code;

  test.for(['first: 0', 'first: 101', 'first: -1', 'last: 0', 'last: 101', 'last: -1', 'first: 1, last: 1'])(
    'with (%s) is BAD_USER_INPUT',
    async (page) => {
      expect(await codeOf(`{ posts(${page}) { nodes { id } } }`)).toBe('BAD_USER_INPUT');
    },
  );

  test('takes 1 and 100', async () => {
    expect(await codeOf('{ a: posts(first: 1) { nodes { id } } b: posts(last: 100) { nodes { id } } }')).toBe(
      undefined,
    );
  });

  test('refuses an altered cursor, one of another list, and what is no cursor, with CURSOR_INVALID', async () => {
    const { posts } = await app.query<{ posts: { pageInfo: { endCursor: string } } }>(
      '{ posts(first: 1) { pageInfo { endCursor } } }',
    );
    const cursor = posts.pageInfo.endCursor;
    const middle = Math.floor(cursor.length / 2);
    const altered = cursor.slice(0, middle) + (cursor[middle] === 'A' ? 'B' : 'A') + cursor.slice(middle + 1);
    for (const bad of [altered, `${cursor}A`, cursor.slice(0, -1), `${cursor}=`, '', 'MQ==', '☃']) {
      expect(await codeOf(`{ posts(first: 1, after: ${JSON.stringify(bad)}) { nodes { id } } }`)).toBe(
        'CURSOR_INVALID',
      );
    }
    for (const elsewhere of [
      `tags(first: 1, after: "${cursor}")`,
      `posts(first: 1, orderBy: PUBLISHED_AT_ASC, after: "${cursor}")`,
      `posts(first: 1, filter: { language: "en" }, before: "${cursor}")`,
    ]) {
      expect(await codeOf(`{ ${elsewhere} { nodes { id } } }`)).toBe('CURSOR_INVALID');
    }
    expect(await codeOf(`{ posts(first: 1, after: "${cursor}") { nodes { id } } }`)).toBe(undefined);
  });
});
