import { createHash } from 'node:crypto';
import type { Attack } from './attack.js';

const VALIDATION = 'GRAPHQL_VALIDATION_FAILED';
const BAD = 'BAD_USER_INPUT';
const PARSE = 'GRAPHQL_PARSE_FAILED';

const bySlug = (slug: string): string => `{ post(by: { slug: ${slug} }) { id } }`;
const BY_SLUG = 'query ($slug: String!) { post(by: { slug: $slug }) { id } }';
const BY_ID = 'query ($id: ID!) { node(id: $id) { id } }';
const PAGE = 'query ($n: Int, $after: String) { posts(first: $n, after: $after) { nodes { id } } }';

const texts: readonly Attack[] = [
  { name: 'a NUL, escaped', query: bySlug(String.raw`"a\u0000b"`), expected: BAD },
  { name: 'a NUL as it is', query: bySlug('"a\0b"'), expected: BAD },
  { name: 'a NUL in a block string', query: bySlug('"""a\0b"""'), expected: BAD },
  { name: 'a NUL in a variable', query: BY_SLUG, variables: { slug: 'a\0b' }, expected: BAD },
  {
    name: 'a NUL in the name of a variable',
    query: '{ __typename }',
    variables: { 'a\0b': 1 },
    expected: 'ANSWERED',
  },
  { name: 'half of a surrogate pair, escaped', query: bySlug(String.raw`"\uD800"`), expected: BAD },
  { name: 'the other half of one', query: bySlug(String.raw`"\u{DC00}"`), expected: BAD },
  {
    name: 'half of a surrogate pair in a variable',
    query: BY_SLUG,
    variables: { slug: '\ud83d' },
    expected: BAD,
  },
  { name: 'a character beyond Unicode', query: bySlug(String.raw`"\u{110000}"`), expected: PARSE },
  {
    name: 'an escape that never ends',
    query: bySlug(String.raw`"\u{${'0'.repeat(5_000)}41`),
    expected: PARSE,
  },
  {
    name: 'a character of two escapes',
    query: bySlug(String.raw`"\uD83D\uDE00"`),
    expected: 'ANSWERED',
    data: { post: null },
  },
  { name: 'a string that never ends', query: `{ search(query: "${'x'.repeat(50_000)}`, expected: PARSE },
  {
    name: 'a block string that never ends',
    query: `{ search(query: """${'\n '.repeat(20_000)}`,
    expected: PARSE,
  },
  {
    name: 'a block string of many lines',
    query: `{ search(query: """${`\n${' '.repeat(20)}x`.repeat(2_500)}""") { totalCount } }`,
    expected: BAD,
  },
  {
    name: 'a search for 50,000 characters',
    query: `{ search(query: "${'x '.repeat(25_000)}") { totalCount } }`,
    expected: BAD,
  },
  {
    name: 'a comment of 50,000 characters',
    query: `{ __typename } # ${'x'.repeat(50_000)}`,
    expected: 'ANSWERED',
  },
  { name: '15,000 comments', query: `${'#\n'.repeat(15_000)}{ __typename }`, expected: 'ANSWERED' },
  {
    name: '50,000 characters of nothing',
    query: `{${' , '.repeat(17_000)}__typename }`,
    expected: 'ANSWERED',
  },
  { name: 'a name of 50,000 characters', query: `{ ${'x'.repeat(50_000)} }`, expected: VALIDATION },
  {
    name: 'a number of 50,000 digits',
    query: `{ posts(first: ${'9'.repeat(50_000)}) { totalCount } }`,
    expected: VALIDATION,
  },
  {
    name: 'an exponent of 50,000 digits',
    query: `{ posts(first: 1e${'9'.repeat(50_000)}) { totalCount } }`,
    expected: VALIDATION,
  },
];

const numbers: readonly Attack[] = [
  ...['2147483648', '-2147483649', '1e309', '1.5', '"1"', 'true', 'NaN'].map((literal): Attack => ({
    name: `\`first: ${literal}\``,
    query: `{ posts(first: ${literal}) { totalCount } }`,
    expected: VALIDATION,
  })),
  ...[2_147_483_648, -1e308, 1.5, '1', true, [1, 2], { n: 1 }].map((n): Attack => ({
    name: `\`first\` as ${JSON.stringify(n)} in a variable`,
    query: PAGE,
    variables: { n },
    expected: BAD,
  })),
  { name: '`first: 007`', query: '{ posts(first: 007) { totalCount } }', expected: PARSE },
  {
    name: '`length` of less than nothing',
    query: '{ posts(first: 1) { nodes { excerpt(length: -2147483648) } } }',
    expected: BAD,
    reads: true,
  },
  {
    name: '`length` of everything',
    query: '{ posts(first: 1) { nodes { excerpt(length: 2147483647) } } }',
    expected: BAD,
    reads: true,
  },
];

const SQL = [
  `' or 1=1; --`,
  `'; drop table users; --`,
  String.raw`\'; select pg_sleep(10); --`,
  `" union select password from users --`,
  `$1`,
  `%' or '%'='`,
  `*/ drop table posts /*`,
  `to_tsquery('a & b')`,
  `a & | ! ( <-> ) :*`,
];

const injections: readonly Attack[] = SQL.flatMap((sql): Attack[] => [
  {
    name: `${sql} as a slug`,
    query: BY_SLUG,
    variables: { slug: sql },
    expected: 'ANSWERED',
    data: { post: null },
  },
  {
    name: `${sql} in a filter`,
    query:
      'query ($sql: String) { posts(filter: { tag: $sql, author: $sql, language: $sql }) { totalCount nodes { id } } }',
    variables: { sql },
    expected: 'ANSWERED',
    data: { posts: { totalCount: 0, nodes: [] } },
  },
  {
    name: `${sql} as a search`,
    query: 'query ($sql: String!) { search(query: $sql) { totalCount edges { highlight } } }',
    variables: { sql },
    expected: 'ANSWERED',
  },
  { name: `${sql} as a cursor`, query: PAGE, variables: { n: 1, after: sql }, expected: 'CURSOR_INVALID' },
  {
    name: `${sql} as the cursor of a stream`,
    query: 'subscription ($after: String) { postPublished(after: $after) { cursor } }',
    variables: { after: sql },
    expected: 'CURSOR_INVALID',
    http: BAD,
  },
  {
    name: `${sql} as an id`,
    query: BY_ID,
    variables: { id: sql },
    expected: 'ANSWERED',
    data: { node: null },
  },
]);

const base64 = (text: string): string => Buffer.from(text).toString('base64url');

const forgeries: readonly Attack[] = [
  ...[
    'Post:1',
    'User:00000000-0000-0000-0000-000000000000',
    'users:1',
    '__proto__:1',
    'Post:',
    ':',
    'ApiToken:x',
  ].map((id): Attack => ({
    name: `an id made of ${id}`,
    query: BY_ID,
    variables: { id: base64(id) },
    expected: 'ANSWERED',
    data: { node: null },
  })),
  ...[
    base64('{"id":"x"}'),
    base64('1'),
    'A'.repeat(5_000),
    `${base64('["posts",1]')}.${'A'.repeat(43)}`,
    '../../etc/passwd',
    '',
  ].map((after): Attack => ({
    name: `a cursor made up: ${after.slice(0, 30)}`,
    query: PAGE,
    variables: { n: 1, after },
    expected: 'CURSOR_INVALID',
  })),
];

const HASH = createHash('sha256').update('{ __typename }').digest('hex');
const persisted = (extensions: unknown, expected: string, name: string): Attack => ({
  name: `a persisted document with ${name}`,
  query: '{ viewer { id } }',
  extensions,
  expected,
});

const requests: readonly Attack[] = [
  persisted({ persistedQuery: { version: 1, sha256Hash: HASH } }, BAD, 'the hash of another'),
  persisted({ persistedQuery: { version: 1, sha256Hash: HASH.toUpperCase() } }, BAD, 'a hash in capitals'),
  persisted({ persistedQuery: { version: 2, sha256Hash: HASH } }, BAD, 'an unknown version'),
  persisted({ persistedQuery: { version: 1, sha256Hash: [HASH] } }, BAD, 'a hash in a list'),
  persisted({ persistedQuery: [] }, BAD, 'a list'),
  persisted({ persistedQuery: 'x' }, BAD, 'a text'),
  persisted({ persistedQuery: null }, 'ANSWERED', 'nothing'),
  {
    name: 'an extension that nobody knows',
    query: '{ __typename }',
    extensions: { x: [[[{}]]] },
    expected: 'ANSWERED',
  },
  ...[[], 'x', 1, true].flatMap((odd): Attack[] => [
    {
      name: `extensions that are ${JSON.stringify(odd)}`,
      query: '{ __typename }',
      extensions: odd,
      expected: BAD,
      socket: 'CLOSED 4400',
    },
    {
      name: `variables that are ${JSON.stringify(odd)}`,
      query: '{ __typename }',
      variables: odd,
      expected: BAD,
      socket: 'CLOSED 4400',
    },
  ]),
  ...[[], {}, 1, true].map((query): Attack => ({
    name: `a document that is ${JSON.stringify(query)}`,
    query,
    expected: BAD,
    socket: 'CLOSED 4400',
  })),
  {
    name: 'an operation that is not in the document',
    query: 'query A { __typename }',
    operationName: 'B',
    expected: BAD,
  },
  { name: 'no operation of several', query: 'query A { __typename } query B { __typename }', expected: BAD },
  {
    name: 'a name of an operation that is a list',
    query: 'query A { __typename }',
    operationName: ['A'],
    expected: BAD,
    socket: 'CLOSED 4400',
  },
  {
    name: 'a document without an operation',
    query: 'fragment F on Query { __typename }',
    expected: VALIDATION,
  },
  {
    name: 'a schema',
    query: 'type Query { a: Int } extend type User { password: String }',
    expected: VALIDATION,
  },
  ...['{', '}', '{}', '☃', '{ a(b: ) }', '<query/>', '{ __typename @ }', '...', '&|!'].map(
    (query): Attack => ({ name: `the document ${query}`, query, expected: PARSE }),
  ),
  {
    name: '1,000 lists in a variable',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: lists(1_000) },
    expected: BAD,
  },
  {
    name: '5,000 variables that nobody asked for',
    query: '{ __typename }',
    variables: Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`v${n}`, n])),
    expected: 'ANSWERED',
  },
  {
    name: 'a variable of another type',
    query: 'query ($n: String) { posts(first: $n) { totalCount } }',
    variables: { n: '1' },
    expected: VALIDATION,
  },
  {
    name: 'two subscriptions in one',
    query: 'subscription { a: postPublished { cursor } b: postPublished { cursor } }',
    expected: VALIDATION,
  },
  { name: 'a subscription to nothing', query: 'subscription { __typename }', expected: VALIDATION },
  {
    name: 'a directive that streams',
    query: '{ posts(first: 1) { nodes @stream { id } } ... @defer { __typename } }',
    expected: VALIDATION,
  },
];

function lists(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** Text, numbers, ids, cursors and requests that are not what they should be. */
export const values: readonly Attack[] = [...texts, ...numbers, ...injections, ...forgeries, ...requests];
