import { buildSchema, GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createCosts } from '../../src/limits/cost.js';

const DIRECTIVES = `
  directive @cost(weight: String!) on
    ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int
    slicingArguments: [String!]
    sizedFields: [String!]
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION
`;

const schema = buildSchema(`${DIRECTIVES}
  scalar Picture @cost(weight: "0.5")
  enum Colour @cost(weight: "0.25") { RED }
  input Filter { word: String @cost(weight: "4") and: [Filter!] year: Int }
  interface Named { name: String }
  type Boat implements Named {
    name: String
    length: Int
    picture: Picture
    colours: [Colour!] @listSize(assumedSize: 4)
    crew: [Sailor!] @listSize(assumedSize: 3)
    races(first: Int, last: Int): Races
      @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["nodes"], requireOneSlicingArgument: false)
  }
  type Sailor implements Named @cost(weight: "0.1") { name: String age: Int boat: Boat }
  type Races { nodes: [Race!] total: Int @cost(weight: "5") }
  type Race { name: String boats(first: Int! = 7): [Boat!] @listSize(slicingArguments: ["first"]) }
  union Found = Boat | Sailor | Race
  type Query {
    boat: Boat
    boats(ids: [ID!]!): [Boat] @listSize(slicingArguments: ["ids"])
    named: Named
    found: [Found!] @listSize(assumedSize: 10)
    search(filter: Filter, fuzzy: Boolean @cost(weight: "2")): Boat @cost(weight: "10")
    either(first: Int, last: Int): [Boat] @listSize(slicingArguments: ["first", "last"])
  }
  type Mutation { sink: Boat @cost(weight: "10") }
  type Subscription { passed: Boat }
`);

const costs = createCosts(schema);
const operation = (query: string, variables: Record<string, unknown> = {}, operationName?: string) => ({
  document: parse(query),
  operationName,
  variables,
});
const estimate = (...asked: Parameters<typeof operation>): number => costs.of(operation(...asked)).estimate();

describe('an operation is estimated', () => {
  it.each([
    ['one point, and nothing for scalars', '{ __typename }', 1],
    ['one point more for an object', '{ boat { name length } }', 2],
    ['the weight of a scalar', '{ boat { picture } }', 2.5],
    ['a list of scalars by its size', '{ boat { colours } }', 3],
    ['a list by its assumed size, the type by its weight', '{ boat { crew { name } } }', 2.3],
    ['sized fields by the arguments above', '{ boat { races(first: 5) { nodes { name } } } }', 8],
    ['from the end as from the start', '{ boat { races(last: 5) { nodes { name } } } }', 8],
    ['by the assumed size without arguments', '{ boat { races { nodes { name } } } }', 23],
    ['by the assumed size for null', '{ boat { races(first: null) { nodes { name } } } }', 23],
    ['by the larger one of two arguments', '{ boat { races(first: 2, last: 5) { nodes { name } } } }', 8],
    ['the weight of a field once', '{ boat { races(first: 5) { total } } }', 8],
    ['by the default of an argument', '{ boat { races(first: 2) { nodes { boats { name } } } } }', 19],
    ['lists within lists', '{ boat { races(first: 2) { nodes { boats(first: 3) { name } } } } }', 11],
    ['a list of ids by its length', '{ boats(ids: ["1", "2", "3"]) { name } }', 4],
    ['the dearest type of an interface', '{ named { name } }', 2],
    ['the dearest type of a union', '{ found { ... on Boat { crew { name } } ... on Sailor { age } } }', 14],
    [
      'the weights of arguments and of inputs',
      '{ search(fuzzy: true, filter: { word: "a" and: [{ word: "b" }, { year: 1 }] }) { name } }',
      22,
    ],
    ['nothing for an argument that is null', '{ search(fuzzy: null, filter: null) { name } }', 12],
    ['nothing for a negative size', '{ boat { races(first: -5) { nodes { name } } } }', 3],
    ['a mutation', 'mutation { sink { name } }', 12],
    ['one event of a subscription', 'subscription { passed { name } }', 2],
  ])('with %s', (_, query, points) => {
    expect(estimate(query)).toBe(Math.ceil(points));
  });

  it('by variables, their defaults, and the default of the argument where they are absent', () => {
    const query = 'query ($n: Int) { boat { races(first: $n) { nodes { name } } } }';
    expect(estimate(query, { n: 5 })).toBe(8);
    expect(estimate(query, { n: null })).toBe(23);
    expect(estimate(query)).toBe(23);
    expect(estimate(query.replace('Int', 'Int = 6'))).toBe(9);
    expect(estimate(query.replace('Int', 'Int = 6'), { n: null })).toBe(23);
    expect(estimate('query ($ids: [ID!]!) { boats(ids: $ids) { name } }', { ids: ['1', '2'] })).toBe(3);
    expect(estimate('query ($ids: [ID!]!) { boats(ids: $ids) { name } }', { ids: '1' })).toBe(2);
    expect(estimate('query ($f: Filter) { search(filter: $f) { name } }', { f: { word: 'a' } })).toBe(16);
  });

  it('by what @skip and @include leave', () => {
    const query = `query ($with: Boolean!) {
      boat { name crew @include(if: $with) { name } ...More @skip(if: $with) }
    }
    fragment More on Boat { races(first: 5) { nodes { name } } }`;
    const document = parse(query);
    const points = (values: Record<string, unknown>): number =>
      costs.of({ document, operationName: null, variables: values }).estimate();
    expect([points({ with: true }), points({ with: false }), points({ with: true })]).toEqual([3, 8, 3]);
  });

  it('by the operation that is named', () => {
    const document = 'query A { boat { name } } query B { boat { races(first: 5) { nodes { name } } } }';
    expect([estimate(document, {}, 'A'), estimate(document, {}, 'B')]).toEqual([2, 8]);
    expect(() => estimate(document)).toThrow('operationName');
  });

  it('the same for each value, whatever was asked before', () => {
    const document = parse(
      'query ($n: Int, $x: String) { boat { races(first: $n) { nodes { name } } } search(filter: { word: $x }) { name } }',
    );
    const points = (variables: Record<string, unknown>): number =>
      costs.of({ document, operationName: undefined, variables }).estimate();
    const sizes = Array.from({ length: 200 }, (_, n) => n + 1);
    const expected = sizes.map((n) => n + 3 + 11);
    expect(sizes.map((n) => points({ n }))).toEqual(expected);
    expect(sizes.map((n) => points({ n }))).toEqual(expected);
    expect([points({ n: 1, x: 'a' }), points({ n: 1 }), points({ n: 1, x: null })]).toEqual([19, 15, 15]);
  });
});

describe('an operation is not estimated', () => {
  it.each([
    [
      'for a variable of another type',
      'query ($n: Int) { boat { races(first: $n) { nodes { name } } } }',
      { n: 'x' },
      'Variable "$n" got invalid value "x"',
    ],
    [
      'without a variable that it needs',
      'query ($ids: [ID!]!) { boats(ids: $ids) { name } }',
      {},
      'Variable "$ids" of required type "[ID!]!" was not provided.',
    ],
    [
      'for null where the argument must not be',
      'query ($n: Int = 2) { boat { races { nodes { boats(first: $n) { name } } } } }',
      { n: null },
      'Argument "first" of non-null type "Int!" must not be null.',
    ],
    [
      'without the one slicing argument',
      '{ either { name } }',
      {},
      'either takes exactly one of the arguments first, last.',
    ],
    [
      'with both slicing arguments',
      '{ either(first: 1, last: 1) { name } }',
      {},
      'either takes exactly one of the arguments first, last.',
    ],
  ])('%s', (_, query, variables, message) => {
    const asked = operation(query, variables);
    expect(() => costs.of(asked).estimate()).toThrow(message);
    // Nor is it remembered that it was asked before.
    expect(() => costs.of(asked).estimate()).toThrow(message);
    expect(() => costs.of(asked).estimate()).toThrow(GraphQLError);
  });
});

describe('what an operation took', () => {
  const QUERY = '{ boat { name crew { name } races { nodes { name } total } } }';

  it.each([
    ['nothing that is not there', { boat: null }, 1],
    [
      'objects that are there, and fields that were asked for',
      { boat: { name: 'a', crew: [], races: null } },
      2,
    ],
    [
      'each member of a list',
      { boat: { name: 'a', crew: [{}, {}], races: { nodes: [{}, {}, {}], total: 3 } } },
      12,
    ],
    ['all that was estimated, without data', null, 29],
  ])('counts %s', (_, data, points) => {
    expect(costs.of(operation(QUERY)).actual(data)).toBe(points);
  });

  it('is never more than the estimate', () => {
    const asked = operation('{ boat { crew { name } } }');
    expect(
      costs.of(asked).actual({ boat: { crew: Array.from({ length: 500 }, () => ({ name: 'a' })) } }),
    ).toBe(3);
  });

  it('counts an object of a union by what was asked of its type', () => {
    const asked = operation('{ found { ... on Boat { name crew { name } } ... on Sailor { age } } }');
    const boat = { name: 'a', crew: [{ name: 'b' }] };
    expect(costs.of(asked).actual({ found: [boat, boat, { age: 5 }] })).toBe(Math.ceil(1 + 2 * 1.1 + 0.1));
  });

  it('counts arguments by their values', () => {
    const document = parse('query ($f: Filter) { search(filter: $f) { name } }');
    const took = (f: unknown): number =>
      costs.of({ document, operationName: undefined, variables: { f } }).actual({ search: null });
    expect([took({ word: 'a' }), took(null), took({ word: 'a' })]).toEqual([15, 11, 15]);
  });

  it('counts scalars that have a weight', () => {
    expect(
      costs.of(operation('{ boat { picture colours } }')).actual({
        boat: { picture: 'x', colours: ['RED', 'RED'] },
      }),
    ).toBe(3);
  });
});

describe('a schema', () => {
  it('has to have the directives', () => {
    expect(() => createCosts(buildSchema('type Query { a: Int }'))).toThrow('@cost');
  });

  it('has to weigh with numbers', () => {
    const odd = buildSchema(`${DIRECTIVES} type Query { a: Int @cost(weight: "much") }`);
    expect(() => createCosts(odd).of(operation('{ a }')).estimate()).toThrow('"much"');
  });
});
