import {
  executeSync,
  getIntrospectionQuery,
  getOperationAST,
  isListType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { getNamedType, getNullableType, type GraphQLField, isIntrospectionType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createCosts } from '../../src/limits/cost.js';
import { createTariff } from '../../src/limits/cost/tariff.js';
import { createSchema } from '../../src/schema.js';
import { GRAPHIQL_TABS } from '../../src/server/graphiqlTabs.js';
import { blocksIn, documentAt, sectionOf, tableIn } from '../docs/documents.js';
import { operations, signedInOperations } from '../kit/operations.js';
import { counted } from './counted.js';

/** What one operation may take. */
const MOST_POINTS = 1_000;

const schema = createSchema();
const costs = createCosts(schema);
const tariff = createTariff(schema);

/** Values for variables that have to be there. */
const GIVEN: Readonly<Record<string, unknown>> = {
  password: 'four wooden boats at dawn',
  userId: 'an id',
  postId: 'an id',
  commentId: 'an id',
  id: 'an id',
  after: null,
};

function estimate(query: string): number {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const declared = getOperationAST(document)?.variableDefinitions ?? [];
  const variables = Object.fromEntries(
    declared
      .map(({ variable }) => variable.name.value)
      .filter((name) => name in GIVEN)
      .map((name) => [name, GIVEN[name]]),
  );
  return costs.of({ document, operationName: undefined, variables }).estimate();
}

const documented = ['README.md', 'docs/LIVE.md'].flatMap((path) =>
  blocksIn(documentAt(path).text, 'graphql').map((query, place) => [`${path} ${place + 1}`, query] as const),
);

describe('an operation may be sent', () => {
  it.each([
    ...[...operations, ...signedInOperations].map(([name, query]) => [name, query] as const),
    ...GRAPHIQL_TABS.map((query, place) => [`tab ${place + 1} of GraphiQL`, query] as const),
    ...documented,
  ])('%s', (_, query) => {
    const points = estimate(query);
    expect(points).toBeGreaterThan(0);
    expect(points).toBeLessThan(MOST_POINTS);
  });

  it('that asks for the schema, as GraphiQL does', () => {
    for (const everything of [false, true]) {
      const points = estimate(
        getIntrospectionQuery({
          descriptions: true,
          specifiedByUrl: everything,
          directiveIsRepeatable: everything,
          schemaDescription: everything,
          inputValueDeprecation: everything,
          oneOf: everything,
        }),
      );
      expect(points).toBeGreaterThan(100);
      expect(points).toBeLessThan(MOST_POINTS);
    }
  });

  it('that asks for a feed page, with room for more of it', () => {
    expect(estimate(operations.get('feed-page') ?? '')).toBeLessThan(MOST_POINTS / 2);
  });
});

describe('what is asked about the schema', () => {
  it.each([
    ['as GraphiQL asks it', getIntrospectionQuery()],
    [
      'of one type',
      '{ __type(name: "Post") { name fields { name args { name } type { name ofType { name } } } } }',
    ],
    ['of a small type', '{ __type(name: "PageInfo") { fields { name } } }'],
    [
      'of the root',
      '{ __schema { queryType { fields { name args { name } } } directives { name locations args { name } } } }',
    ],
    ['of the fields of fields', '{ __schema { types { name fields { type { fields { name } } } } } }'],
    ['of unions', '{ __schema { types { possibleTypes { name fields { name } } interfaces { name } } } }'],
  ])('%s takes no more than was estimated', (_, query) => {
    const result = executeSync({ schema, document: parse(query) });
    expect(result.errors).toBeUndefined();
    expect(counted(schema, { query, variables: {} }, result.data)).toBeLessThanOrEqual(estimate(query));
  });
});

describe('ADR 014', () => {
  it('has a table of what typical operations take', () => {
    const rows = tableIn(sectionOf(documentAt('docs/adr/014-cost.md'), 'What operations take'));
    const all = new Map([...operations, ...signedInOperations]);
    const known = rows.flatMap(([name = '', points]) => {
      const query = all.get(name.replaceAll('`', ''));
      return query === undefined ? [] : [{ name, points, query }];
    });
    expect(known.length).toBeGreaterThan(5);
    expect(known.map(({ name, query }) => [name, String(estimate(query))])).toEqual(
      known.map(({ name, points }) => [name, points]),
    );
  });
});

describe('an operation may not be sent', () => {
  it.each([
    ['pages of pages', '{ posts(first: 100) { nodes { comments(first: 100) { nodes { id } } } } }'],
    ['pages of pages of pages', '{ posts { nodes { comments { nodes { replies { nodes { id } } } } } } }'],
    [
      'ever the same from object to object',
      '{ posts { nodes { authors { posts { nodes { authors { name } } } } } } }',
    ],
    ['a page of many', '{ posts(first: 5000) { nodes { id } } }'],
    [
      'many searches',
      `{ ${Array.from({ length: 30 }, (_, n) => `s${n}: search(query: "x", first: 100) { totalCount edges { highlight } }`).join(' ')} }`,
    ],
    [
      'the schema from type to type',
      '{ __schema { types { fields { type { fields { type { possibleTypes { fields { args { type { name } } } } } } } } } } }',
    ],
  ])('that asks for %s', (_, query) => {
    const document = parse(query);
    expect(costs.of({ document, operationName: undefined, variables: {} }).estimate()).toBeGreaterThan(
      MOST_POINTS,
    );
  });
});

type Field = GraphQLField<unknown, unknown>;

const fields = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type))
  .filter((type) => !isIntrospectionType(type))
  .flatMap((type) => Object.values(type.getFields()).map((field: Field) => ({ type, field })));

describe('the schema', () => {
  it('says how long every list is: at the list, or at every field that answers what has it', () => {
    const lists = fields.filter(({ field }) => isListType(getNullableType(field.type)));
    const unsized = lists.filter(({ type, field }) => {
      if (tariff.listSizeOf(field)) return false;
      const ways = fields.filter((way) => getNamedType(way.field.type) === type);
      return (
        ways.length === 0 ||
        !ways.every((way) => tariff.listSizeOf(way.field)?.sizedFields?.includes(field.name))
      );
    });
    expect(lists.length).toBeGreaterThan(50);
    expect(unsized.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([]);
  });

  it('names arguments and fields that there are', () => {
    const wrong = fields.filter(({ field }) => {
      const { slicingArguments, sizedFields } = tariff.listSizeOf(field) ?? {};
      const answered = getNamedType(field.type);
      const has = isObjectType(answered) ? Object.keys(answered.getFields()) : [];
      return !(
        (slicingArguments ?? []).every((name) => field.args.some((argument) => argument.name === name)) &&
        (sizedFields ?? []).every((name) => has.includes(name))
      );
    });
    expect(wrong.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([]);
  });

  it('has every page sized by what asks for it, and so long as it is by itself', () => {
    const pages = fields.filter(({ field }) => field.args.some(({ name }) => name === 'first'));
    expect(pages.length).toBeGreaterThan(10);
    for (const { type, field } of pages) {
      const size = tariff.listSizeOf(field);
      const first = field.args.find(({ name }) => name === 'first');
      const slicing = field.args
        .map(({ name }) => name)
        .filter((name) => name === 'first' || name === 'last');
      expect(size, `${type.name}.${field.name}`).toMatchObject({ slicingArguments: slicing });
      expect(size?.assumedSize ?? first?.defaultValue, `${type.name}.${field.name}`).toBe(
        first?.description?.endsWith('20.') ? 20 : 50,
      );
    }
  });

  it('weighs every mutation', () => {
    const light = fields
      .filter(({ type }) => type === schema.getMutationType())
      .filter(({ field }) => tariff.ofField(field, {}) < 10);
    expect(light.map(({ field }) => field.name)).toEqual([]);
  });
});
