import type { Attack } from './attack.js';

const VALIDATION = 'GRAPHQL_VALIDATION_FAILED';

const introspection: readonly Attack[] = [
  ['the schema', '{ __schema { types { name } } }'],
  ['a type', '{ __type(name: "User") { fields { name } } }'],
  ['the schema under an alias', '{ innocent: __schema { queryType { name } } }'],
  ['the schema in a fragment', '{ ...F } fragment F on Query { __schema { directives { name } } }'],
  ['the schema in an inline fragment', '{ ... on Query { ... { __schema { description } } } }'],
  ['the schema behind a directive', '{ __schema @include(if: true) { queryType { name } } }'],
  ['the schema over several lines', '{ __schema\n\t,\ufeff { types { name } } }'],
  ['the schema by a mutation', 'mutation { __schema { types { name } } }'],
  ['a type by a subscription', 'subscription { __type(name: "User") { name } }'],
].map(([name, query]) => ({
  name: `introspection of ${name}`,
  query,
  expected: VALIDATION,
  hidden: 'PostConnection',
}));

/** Where introspection is on. */
export const circles: readonly Attack[] = [
  {
    name: 'introspection in circles',
    query: `{ __schema { types { ${'fields { type { '.repeat(30)} name ${'} }'.repeat(30)} } } }`,
    expected: VALIDATION,
  },
  {
    name: 'introspection of what something is made of, in circles',
    query: `{ __type(name: "Query") { ${'fields { args { type { inputFields { type { '.repeat(6)} name ${'} } } } }'.repeat(6)} } }`,
    expected: VALIDATION,
  },
];

/** What scanners guess with: a name that is nearly right. */
const guesses: readonly Attack[] = [
  { name: 'a field', query: '{ postss { totalCount } }', expected: VALIDATION, hidden: 'posts' },
  { name: 'a field below', query: '{ posts { nodes { titl } } }', expected: VALIDATION, hidden: 'title' },
  {
    name: 'a field of a mutation',
    query: 'mutation { signInn { id } }',
    expected: VALIDATION,
    hidden: 'signIn',
  },
  {
    name: 'a field of a subscription',
    query: 'subscription { postPublish { id } }',
    expected: VALIDATION,
    hidden: 'postPublished',
  },
  {
    name: 'a field in a fragment',
    query: '{ ...F } fragment F on Query { viewr { id } }',
    expected: VALIDATION,
    hidden: 'viewer',
  },
  {
    name: 'a field of an interface',
    query: '{ node(id: "x") { slugg } }',
    expected: VALIDATION,
    hidden: 'slug',
  },
  {
    name: 'a field that only a type behind an interface has',
    query: '{ node(id: "x") { slug } }',
    expected: VALIDATION,
    hidden: 'Post',
  },
  { name: 'an argument', query: '{ posts(firs: 1) { totalCount } }', expected: VALIDATION, hidden: 'first' },
  { name: 'an argument of a directive', query: '{ __typename @skip(iff: true) }', expected: VALIDATION },
  { name: 'a directive', query: '{ __typename @includ(if: true) }', expected: VALIDATION, hidden: 'include' },
  {
    name: 'a type',
    query: '{ ...F } fragment F on Quer { __typename }',
    expected: VALIDATION,
    hidden: 'Query',
  },
  {
    name: 'a type of an inline fragment',
    query: '{ node(id: "x") { ... on Pos { id } } }',
    expected: VALIDATION,
    hidden: 'Post',
  },
  {
    name: 'the type of a variable',
    query: 'query ($a: PostB) { post(by: $a) { id } }',
    expected: VALIDATION,
    hidden: 'PostBy',
  },
  {
    name: 'a value of an enum',
    query: '{ posts(orderBy: PUBLISHED_AT_DES) { totalCount } }',
    expected: VALIDATION,
    hidden: 'PUBLISHED_AT_DESC',
  },
  {
    name: 'a value of an enum as text',
    query: '{ posts(orderBy: "PUBLISHED_AT_DESC_") { totalCount } }',
    expected: VALIDATION,
    hidden: 'PUBLISHED_AT_ASC',
  },
  {
    name: 'a field of an input',
    query: '{ post(by: { slugg: "x" }) { id } }',
    expected: VALIDATION,
    hidden: 'slug',
  },
  {
    name: 'a value of an enum in a variable',
    query: 'query ($o: PostOrder) { posts(orderBy: $o) { totalCount } }',
    variables: { o: 'PUBLISHED_AT_DES' },
    expected: 'BAD_USER_INPUT',
    hidden: 'PUBLISHED_AT_DESC',
  },
  {
    name: 'a value of an enum in a list in a variable',
    query: 'query ($k: [SearchKind!]) { search(query: "x", kinds: $k) { totalCount } }',
    variables: { k: ['POSTS', 'COMMEN'] },
    expected: 'BAD_USER_INPUT',
    hidden: 'COMMENT',
  },
  {
    name: 'a field of an input in a variable',
    query: 'query ($f: PostFilter) { posts(filter: $f) { totalCount } }',
    variables: { f: { languag: 'en', publishedAfterr: null } },
    expected: 'BAD_USER_INPUT',
    hidden: 'language',
  },
  {
    name: 'a field of an input in the default of a variable',
    query: 'query ($f: PostFilter = { languag: "en" }) { posts(filter: $f) { totalCount } }',
    expected: VALIDATION,
    hidden: 'language',
  },
  {
    name: 'a field of an input of a mutation in a variable',
    query: 'mutation ($i: SignInInput!) { signIn(input: $i) { viewer { id } } }',
    variables: { i: { email: 'a@b.example', password: 'x', passwordd: 'x' } },
    expected: 'BAD_USER_INPUT',
    hidden: 'SignUpInput',
  },
  {
    name: 'a field of the input of a subscription in a variable',
    query: 'subscription ($f: PostFilter) { postPublished(filter: $f) { cursor } }',
    variables: { f: { languag: 'en' } },
    expected: 'BAD_USER_INPUT',
    hidden: 'language',
  },
].map((guess) => ({ ...guess, name: `${guess.name} that is nearly right` }));

/** What only the schema knows, and a client in production is not told. */
export const schemaSecrets: readonly Attack[] = [...introspection, ...guesses];
