import type { Attack } from './attack.js';

const many = (count: number, part: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => part(place)).join(' ');

const VALIDATION = 'GRAPHQL_VALIDATION_FAILED';
const LIMIT = 'LIMIT_EXCEEDED';
const TOKENS = /more tha[nt] 1000 tokens/;

/** Fragments that each spread the next one twice. */
const doubling = (count: number, type: string, end: string): string =>
  `${many(count, (n) => `fragment f${n} on ${type} { ...f${n + 1} ...f${n + 1} }`)} fragment f${count} on ${type} { ${end} }`;

const nested = (depth: number): string =>
  depth === 0 ? 'id' : `comments(first: 1) { nodes { post { ${nested(depth - 1)} } } }`;
const deep = (depth: number): string => `{ post(by: { slug: "x" }) { ${nested(depth)} } }`;

const signIn = (alias: string): string =>
  `${alias}: signIn(input: { email: "somebody@example.org", password: "a guess" }) { viewer { id } }`;

const tooLarge: readonly Attack[] = [
  {
    name: '31 aliases',
    query: `{ ${many(31, (n) => `a${n}: __typename`)} }`,
    expected: LIMIT,
    says: /at most 30 aliases; this one has 31\./,
  },
  {
    name: 'a dear field under 90 aliases',
    query: `{ ${many(90, (n) => `a${n}: search(query: "x") { totalCount }`)} }`,
    expected: LIMIT,
    says: /at most 30 aliases; this one has 90\./,
  },
  {
    name: '1,000 aliases',
    query: `{ ${many(1_000, (n) => `a${n}: __typename`)} }`,
    expected: LIMIT,
    says: TOKENS,
  },
  {
    name: 'aliases in a fragment that is spread twice',
    query: `{ tags { nodes { ...F } edges { node { ...F } } } } fragment F on Tag { ${many(16, (n) => `a${n}: id`)} }`,
    expected: LIMIT,
    says: /at most 30 aliases; this one has 32\./,
  },
  {
    name: 'a field 1,000 times',
    query: `{ ${many(1_000, () => '__typename')} }`,
    expected: LIMIT,
    says: TOKENS,
  },
  {
    name: 'a field 900 times at the root',
    query: `{ ${many(900, () => '__typename')} }`,
    expected: LIMIT,
    says: /at most 20 fields at its root; this one has 900\./,
  },
  {
    name: 'a field 900 times below',
    query: `{ tags { nodes { ${many(900, () => 'id')} } } }`,
    expected: LIMIT,
    says: /at most 30 fields of the same name in one selection; this one has 900\./,
  },
  {
    name: 'a field with selections 240 times',
    query: `{ user(by: { username: "x" }) { ${many(240, () => 'posts { totalCount }')} } }`,
    expected: LIMIT,
    says: /at most 30 fields of the same name in one selection; this one has 240\./,
  },
  {
    name: 'an unknown directive 400 times',
    query: `{ __typename ${many(400, () => '@aa')} }`,
    expected: LIMIT,
    says: /at most 50 directives; this one has 400\./,
  },
  {
    name: 'a known directive 51 times',
    query: `{ __typename ${many(51, () => '@skip(if: false)')} }`,
    expected: LIMIT,
    says: /at most 50 directives; this one has 51\./,
  },
  {
    name: 'directives on variables and the operation',
    query: `query ($a: Int ${many(60, () => '@a')}) ${many(60, () => '@b')} { __typename }`,
    expected: LIMIT,
    says: /at most 50 directives; this one has 120\./,
  },
  {
    name: 'fragments that double 70 times',
    query: `{ tags { nodes { ...f0 } } } ${doubling(70, 'Tag', 'id')}`,
    expected: LIMIT,
    says: /at most 2000 selections, .*; this one has 3\.5\d*e\+21\./,
  },
  {
    name: 'fragments that double eight times, as often as they may',
    query: `{ tags(first: 1) { nodes { ...f0 } } } ${doubling(8, 'Tag', 'id name slug')}`,
    expected: 'ANSWERED',
    mostCpu: 150,
  },
  {
    name: 'fragments that each select the same, 60 of them',
    query: `{ tags(first: 1) { nodes { ${many(60, (n) => `...f${n}`)} } } } ${many(60, (n) => `fragment f${n} on Tag { posts { nodes { id } } }`)}`,
    expected: 'ANSWERED',
    mostCpu: 150,
  },
  {
    name: 'an operation 12 levels deep',
    query: deep(4),
    expected: LIMIT,
    says: /at most 10 levels deep; this one is 1\d\./,
  },
  {
    name: 'an operation 150 levels deep',
    query: deep(50),
    expected: LIMIT,
    says: /at most 10 levels deep; this one is 1\d\d\./,
  },
  {
    name: 'depth by way of fragments',
    query: `{ post(by: { slug: "x" }) { ...a } } ${many(6, (n) => `fragment ${'abcdef'[n]} on Post { comments { nodes { post { ${n < 5 ? `...${'abcdef'[n + 1]}` : 'id'} } } } }`)}`,
    expected: LIMIT,
    says: /at most 10 levels deep/,
  },
  { name: 'braces that never close', query: '{ a '.repeat(400), expected: 'GRAPHQL_PARSE_FAILED' },
  {
    name: 'a list in a list, 450 times',
    query: `{ nodes(ids: ${'['.repeat(450)}${']'.repeat(450)}) { id } }`,
    expected: VALIDATION,
  },
  {
    name: 'an object in an object, 200 times',
    query: `{ post(by: ${'{ id: '.repeat(200)}"x"${' }'.repeat(200)}) { id } }`,
    expected: VALIDATION,
  },
  {
    name: 'a type of lists of lists',
    query: `query ($a: ${'['.repeat(450)}Int${']'.repeat(450)}) { __typename }`,
    expected: VALIDATION,
  },
  {
    name: '190 operations',
    query: many(190, (n) => `query q${n} { a }`),
    operationName: 'q0',
    expected: VALIDATION,
  },
  {
    name: '190 variables that nobody uses',
    query: `query (${many(190, (n) => `$v${n}: Int`)}) { __typename }`,
    expected: VALIDATION,
  },
];

const circular: readonly Attack[] = [
  ['itself', '{ ...F } fragment F on Query { ...F }'],
  [
    'itself, below a field',
    '{ tags { nodes { ...F } } } fragment F on Tag { posts { nodes { tags { ...F } } } }',
  ],
  ['itself, in an inline fragment', '{ ...F } fragment F on Query { ... { ... on Query { ...F } } }'],
  [
    'itself by way of two others',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }',
  ],
  ['itself, and is used by none', '{ __typename } fragment F on Query { ...F }'],
].map(([name, query]) => ({ name: `a fragment that spreads ${name}`, query, expected: VALIDATION }));

const guessing: readonly Attack[] = [
  ['under two aliases', `mutation { ${signIn('a')} ${signIn('b')} }`],
  ['under 20 aliases', `mutation { ${many(20, (n) => signIn(`a${n}`))} }`],
  [
    'in fragments',
    `mutation { ...A ...B } fragment A on Mutation { ${signIn('a')} } fragment B on Mutation { ${signIn('b')} }`,
  ],
  ['in inline fragments', `mutation { ... { ${signIn('a')} } ... on Mutation { ${signIn('b')} } }`],
  [
    'beside another field for guesses',
    `mutation { ${signIn('a')} refreshSession(input: { refreshToken: "x" }) { viewer { id } } }`,
  ],
].map(([name, query]) => ({
  name: `signing in ${name}`,
  query,
  expected: LIMIT,
  says: /may have one of the fields that are marked `@once`/,
}));

const COST = /may cost at most 1000 points; this one may cost \d{4,}\./;
const dear: readonly Attack[] = [
  {
    name: 'a page of a million',
    query: '{ posts(first: 1000000) { nodes { id } } }',
    expected: LIMIT,
    says: COST,
  },
  {
    name: 'a page of a million, by a variable',
    query: 'query ($n: Int) { posts(first: $n) { nodes { id } } }',
    variables: { n: 1_000_000 },
    expected: LIMIT,
    says: COST,
  },
  {
    name: 'a page of a million, by the default of a variable',
    query: 'query ($n: Int = 1000000) { posts(last: $n) { nodes { id } } }',
    expected: LIMIT,
    says: COST,
  },
  {
    name: 'a page of a million behind a directive',
    query: 'query ($y: Boolean!) { ... @include(if: $y) { posts(first: 1000000) { nodes { id } } } }',
    variables: { y: true },
    expected: LIMIT,
    says: COST,
  },
  {
    name: 'a page of less than nothing',
    query: '{ posts(first: -1) { nodes { id } } }',
    expected: 'BAD_USER_INPUT',
  },
  {
    name: 'less than nothing, to pay for something else',
    query:
      '{ a: posts(first: -1000000) { nodes { id } } b: posts(first: 100) { nodes { comments(first: 100) { nodes { id } } } } }',
    expected: LIMIT,
    says: COST,
  },
  {
    name: 'lists in lists',
    query:
      '{ posts(first: 100) { nodes { comments(first: 100) { nodes { replies(first: 100) { totalCount } } } } } }',
    expected: LIMIT,
    says: COST,
  },
  {
    name: 'ten thousand ids',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Post { body } } }',
    variables: { ids: Array.from({ length: 10_000 }, () => 'x') },
    expected: LIMIT,
    says: COST,
  },
  {
    name: '15 searches',
    query: `{ ${many(15, (n) => `s${n}: search(query: "x", first: 100) { totalCount edges { highlight } }`)} }`,
    expected: LIMIT,
    says: COST,
  },
];

/** Too large, too deep, too dear. */
export const overload: readonly Attack[] = [...tooLarge, ...circular, ...guessing, ...dear];
