import type { Attack } from './attack.js';

const VALIDATION = 'GRAPHQL_VALIDATION_FAILED';

/** Names that every object of JavaScript has. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
const FIVE_LEVELS =
  'comments { nodes { post { comments { nodes { post { comments { nodes { post { comments { nodes { id } } } } } } } } } } }';

const inherited: readonly Attack[] = INHERITED.flatMap((name): Attack[] => [
  { name: `${name} as a field`, query: `{ ${name} }`, expected: VALIDATION },
  { name: `${name} as an argument`, query: `{ posts(${name}: 1) { totalCount } }`, expected: VALIDATION },
  {
    name: `${name} as a field of an input`,
    query: `{ post(by: { ${name}: "x" }) { id } }`,
    expected: VALIDATION,
  },
  {
    name: `${name} as a value of an enum`,
    query: `{ posts(orderBy: ${name}) { totalCount } }`,
    expected: VALIDATION,
  },
  { name: `${name} as a type`, query: `{ ... on ${name} { id } }`, expected: VALIDATION },
  { name: `${name} as a directive`, query: `{ __typename @${name} }`, expected: VALIDATION },
  {
    name: `${name} as an alias`,
    query: `{ ${name}: posts(first: 1) { ${name}: totalCount } }`,
    expected: 'ANSWERED',
  },
  {
    name: `${name} as a variable`,
    query: `query ($${name}: Int) { posts(first: $${name}) { totalCount } }`,
    expected: 'ANSWERED',
  },
  { name: `${name} as a fragment that is not there`, query: `{ ...${name} }`, expected: VALIDATION },
  {
    name: `${name} as a fragment`,
    query: `{ ...${name} } fragment ${name} on Query { __typename }`,
    expected: 'ANSWERED',
  },
  {
    name: `${name} as a fragment that is too deep`,
    query: `{ post(by: { slug: "x" }) { ...${name} } } fragment ${name} on Post { ${FIVE_LEVELS} }`,
    expected: 'LIMIT_EXCEEDED',
    says: /at most 10 levels deep/,
  },
  {
    name: `${name} as an operation that is not there`,
    query: '{ __typename }',
    operationName: name,
    expected: 'BAD_USER_INPUT',
  },
  {
    name: `${name} as a hash`,
    extensions: { persistedQuery: { version: 1, sha256Hash: name } },
    expected: 'PERSISTED_QUERY_NOT_FOUND',
  },
]);

const operations: readonly Attack[] = INHERITED.flatMap((name): Attack[] => [
  {
    name: `${name} as an operation`,
    query: `query ${name} { __typename }`,
    operationName: name,
    expected: 'ANSWERED',
  },
  {
    name: `${name} as an operation that is too deep`,
    query: `query ${name} { post(by: { slug: "x" }) { ${FIVE_LEVELS} } }`,
    operationName: name,
    expected: 'LIMIT_EXCEEDED',
    says: /at most 10 levels deep/,
  },
]);

/** Names that mean something to JavaScript, wherever a name may stand. */
export const inheritedNames: readonly Attack[] = [...inherited, ...operations];
