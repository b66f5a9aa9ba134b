import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { execute, type ExecutionResult, GraphQLError, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANONYMOUS, type Viewer } from '../../src/auth/viewer.js';
import { createExecutor } from '../../src/graphql/executor.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { type Live, startLive } from '../kit/live.js';
import { anyQuery } from '../limits/anyOperation.js';
import { type Form, formsOf } from '../limits/costForms.js';

const ADMINISTRATOR: Viewer = {
  userId: randomUUID(),
  role: 'ADMIN',
  sessionId: randomUUID(),
  scopes: 'ALL',
};

/** What the compiler takes for code, where it stands in a text. */
const MAGIC = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';

const NAMES = [
  'query ($at: DateTime, $order: PostOrder = PUBLISHED_AT_ASC) { posts(first: 2, orderBy: $order, filter: { publishedBefore: $at }) { nodes { slug } } }',
  'query ($filter: PostFilter, $with: Boolean!) { posts(filter: $filter) { nodes { slug title @include(if: $with) author: authors { name @skip(if: $with) } } } }',
];

/** Operations that the generator does not make: how they are written, and with what variables. */
const SPECIAL: readonly Form[] = [
  ...[{}, { at: null }, { at: '2026-01-01T00:00:00+02:00' }, { at: 'never' }, { at: 5, order: 'NO' }].map(
    (variables) => ({ query: NAMES[0] ?? '', variables }),
  ),
  ...[
    'query ($no: Boolean = false) { posts(first: 2) @include(if: $no) { ... { nodes { slug comments(first: 1) { nodes { body } } } } } posts(first: 2) { __typename } }',
    'query ($no: Boolean = false) { a: posts(first: 1) { nodes { id ...Names @include(if: $no) } } b: posts(first: 2) { nodes { id ...Names } } } fragment Names on Post { slug }',
    'query ($no: Boolean = false, $yes: Boolean = true) { posts(first: 1) { nodes { ...Names @include(if: $no) ...Names @include(if: $yes) } } } fragment Names on Post { slug }',
  ].map((query) => ({ query, variables: {} })),
  ...[
    { with: true },
    { with: false, filter: { tag: 'lighthouse', hasCoverage: null } },
    { filter: {} },
    { with: true, filter: { nothing: 1 } },
  ].map((variables) => ({ query: NAMES[1] ?? '', variables })),
  ...[
    '{ posts(filter: { publishedBefore: "2026-01-01T00:00:00Z" }) { nodes { slug } } }',
    'query ($at: DateTime = "2026-01-01T00:00:00Z") { posts(filter: { publishedBefore: $at }) { nodes { slug } } }',
    '{ __proto__: posts(first: 1) { nodes { constructor: id toString: title hasOwnProperty: slug } } }',
    '{ posts(first: 1) { nodes { __proto__: id } } }',
    '{ posts(first: 0) { nodes { id } } other: posts(first: 1) { nodes { id comments(first: 1000) { nodes { id } } } } }',
    '{ posts(first: 1, after: "\\"} + x \\u2028 \\\\ ${1}") { nodes { id } } }',
    '{ nodes(ids: ["a", "b"]) { __typename id ... on Post { title } } }',
    '{ __schema { types { name fields { name args { name defaultValue type { name ofType { name } } } } enumValues { name } } } }',
    '{ __type(name: "Post") { name interfaces { name } } __typename }',
    '{ search(query: "the or a", first: 20) { edges { highlight node { __typename ... on Post { title } ... on Comment { body author { name } } ... on User { name } } } } }',
    'query One { posts(first: 1) { nodes { id } } }',
    'query ($tag: String) { posts(first: 1, filter: { tag: $tag }) { nodes { id } } }',
    'query ($status: PostStatus = DRAFT) { unpublishedPosts(statuses: [$status]) { nodes { id } } }',
    '{ authors_p: posts(first: 1) { nodes { id } } p: posts(first: 1) { nodes { authors { name } } } }',
    `{ nodes(ids: ["${MAGIC}globalThis.isBroken = true"]) { id } }`,
    `{ posts(first: 1, after: "${MAGIC}globalThis.isBroken = true") { nodes { id } } }`,
    `query ($tag: String = "${MAGIC}globalThis.isBroken = true") { posts(filter: { tag: $tag }) { nodes { id } } }`,
  ].map((query) => ({ query, variables: {} })),
];

describe('what is compiled', () => {
  let database: TestDatabase;
  let live: Live;
  beforeAll(async () => {
    database = await createDemoDatabase();
    live = await startLive(database.url);
  });
  afterAll(async () => {
    await live.stop();
    await database.drop();
  });

  /** As bytes: what graphql-js answers, and what the executor does once the document is compiled. */
  const answersTo = async ({ query, variables }: Form, viewer: Viewer) => {
    const document = parse(query);
    const executor = createExecutor(live.schema, 1);
    // As Apollo writes it: the errors come first.
    const bytes = ({ errors, data }: ExecutionResult): string => JSON.stringify({ errors, data });
    return {
      expected: bytes(
        await execute({
          schema: live.schema,
          document,
          variableValues: variables,
          contextValue: live.contextOf(viewer),
        }),
      ),
      answered: bytes(
        await executor({
          document,
          operationName: undefined,
          variableValues: variables,
          contextValue: live.contextOf(viewer),
        }),
      ),
    };
  };

  it.for([
    ['nobody known', ANONYMOUS],
    ['an administrator', ADMINISTRATOR],
  ] as const)(
    'is answered to %s byte by byte as graphql-js answers it, however it is written',
    { timeout: 120_000 },
    async ([, viewer]) => {
      await fc.assert(
        fc.asyncProperty(anyQuery(live.schema), async (query) => {
          for (const form of Object.values(formsOf(live.schema, query))) {
            const { expected, answered } = await answersTo(form, viewer);
            expect(answered, form.query).toBe(expected);
          }
        }),
        { numRuns: 100 },
      );
    },
  );

  it.for(SPECIAL)('$query is answered as graphql-js answers it', async (form) => {
    expect(validate(live.schema, parse(form.query))).toEqual([]);
    const { expected, answered } = await answersTo(form, ANONYMOUS);
    expect(answered).toBe(expected);
    expect('isBroken' in globalThis, 'no text of a client is run').toBe(false);
  });

  it.for([
    ['{ posts(first: 2) { nodes { id authors { name } comments(first: 1) { nodes { body } } } } }', true],
    ['query ($slug: String!) { post(by: { slug: $slug }) { id } }', true],
    ['{ post(by: { slug: "lighthouse-lens" }) { id } }', false],
    ['{ posts(first: 2) { nodes { id @include(if: true) } } }', false],
    [`{ ${'a'.repeat(65)}: posts(first: 2) { nodes { id } } }`, false],
    ['{ authors_p: posts(first: 1) { nodes { id } } }', false],
    ['{ search(query: $query) { edges { node { __typename } } } }', false],
  ] as const)('of %s: %s', async ([query, isCompiled]) => {
    const executor = createExecutor(live.schema, 1);
    const { data } = await executor({
      document: parse(query.replace('{ search', 'query ($query: String!) { search')),
      operationName: undefined,
      variableValues: { slug: 'lighthouse-lens', query: 'lens' },
      contextValue: live.contextOf(ANONYMOUS),
    });
    // graphql-js makes objects that inherit from nothing, compiled documents plain ones.
    expect(Object.getPrototypeOf(data) === Object.prototype).toBe(isCompiled);
  });

  it('says what a resolver throws as graphql-js says it', async () => {
    const document = parse('{ posts(first: 0) { nodes { id } } }');
    const executor = createExecutor(live.schema, 1);
    const { errors } = await executor({
      document,
      operationName: undefined,
      variableValues: {},
      contextValue: live.contextOf(ANONYMOUS),
    });
    expect(errors?.[0]).toBeInstanceOf(GraphQLError);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(errors?.[0]?.extensions).toEqual({});
  });
});
