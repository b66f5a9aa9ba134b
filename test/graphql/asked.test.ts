import { getNamedType, type GraphQLObjectType, isLeafType, isObjectType, parse } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAskedFields } from '../../src/graphql/asked.js';
import { createSchema } from '../../src/schema.js';
import { createPerson } from '../kit/people.js';
import type { Client } from '../kit/app.js';
import { usePublication } from '../kit/publication.js';

const schema = createSchema();
const fieldsOf = createAskedFields(schema);
const asked = (document: string) =>
  Object.fromEntries([...fieldsOf(parse(document))].map(([type, names]) => [type, [...names].toSorted()]));

describe('the fields that a document asks for', () => {
  it('are told by their types, wherever they stand', () => {
    expect(
      asked(`
        query A { posts { nodes { title authors { ...Name } comments { nodes { text: body author { id } } } } } }
        query B { viewer { ... { email } } }
        fragment Name on User { name }`),
    ).toEqual({
      Query: ['posts', 'viewer'],
      PostConnection: ['nodes'],
      Post: ['authors', 'comments', 'title'],
      User: ['email', 'id', 'name'],
      CommentConnection: ['nodes'],
      Comment: ['author', 'body'],
    });
  });

  it('count for all types that an interface may stand for, and whatever a condition leaves out', () => {
    const types = asked('{ node(id: "x") { id ... on Comment @skip(if: true) { body } } }');
    expect(types).toMatchObject({ Comment: ['body', 'id'], User: ['id'], CoverageEntry: ['id'] });
  });
});

/** Ways to objects of each type that is read by columns; what stands for `@` is asked of them. */
const WAYS: readonly (readonly [type: string, document: string])[] = [
  ['Post', '{ posts(first: 5) { nodes { @ } } }'],
  ['Post', '{ posts(first: 5, filter: { hasCoverage: true }) { nodes { @ } } }'],
  ['Post', '{ posts(first: 5) { edges { cursor node { @ } } pageInfo { endCursor } } }'],
  ['User', '{ posts(first: 5) { nodes { authors { @ } } } }'],
  ['User', '{ posts(first: 5) { nodes { comments(first: 5) { nodes { author { @ } } } } } }'],
  ['Comment', '{ posts(first: 5) { nodes { comments(first: 5) { nodes { @ } } } } }'],
  ['Comment', '{ posts(first: 5) { nodes { comments(first: 5, topLevelOnly: false) { nodes { @ } } } } }'],
  [
    'Comment',
    '{ posts(first: 5) { nodes { comments(first: 5) { nodes { replies(first: 5) { nodes { @ } } } } } } }',
  ],
  [
    'Comment',
    '{ posts(first: 5) { nodes { comments(first: 5, topLevelOnly: false) { nodes { parent { @ } } } } } }',
  ],
  [
    'CoverageEntry',
    '{ posts(filter: { hasCoverage: true }) { nodes { coverage { entries(first: 5) { nodes { @ } } } } } }',
  ],
];

/** Each field of a type with the least that can be asked of it: of lists that are streamed, where they stand. */
const selectionsOf = (type: string): readonly string[] =>
  Object.values((schema.getType(type) as GraphQLObjectType).getFields()).map(({ name, type: answered }) => {
    const named = getNamedType(answered);
    if (isLeafType(named)) return name;
    const isStreamed = isObjectType(named) && 'streamCursor' in named.getFields();
    return `${name} { __typename ${isStreamed ? 'streamCursor' : ''} }`;
  });

const nameOf = (selection: string): string => selection.split(' ')[0] ?? '';

/** What is left of an answer when only one field of its objects is looked at. */
function only(name: string, answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map((member) => only(name, member));
  if (typeof answer !== 'object' || answer === null) return answer;
  // An object of the type: it has all of its fields.
  if ('__typename' in answer && 'id' in answer) return { [name]: (answer as Record<string, unknown>)[name] };
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, only(name, value)]));
}

describe('what is read of an object', () => {
  const publication = usePublication({ TIDINGS_MAX_COST: '10000' });
  let client: Client;

  beforeAll(async () => {
    const { sql } = publication;
    // What is null looks like what was not read.
    await sql`update comments set edited_at = now(), external_id = id`;
    await sql`update coverage_entries set external_id = id`;
    await sql`update coverage_entries set retracted_at = now(), retraction_reason = 'Wrong' where id = (select min(id::text)::uuid from coverage_entries)`;
    await sql`update posts set external_id = id`;
    await sql`update users set email = username || '@example.org'`;
    client = await createPerson(publication, 'ADMIN');
  });

  // Only what is asked for is read from the database: whatever that is, it must be all of it.
  it.each(WAYS)('is enough for each field of %s by itself: %s', async (type, way) => {
    const selections = selectionsOf(type);
    const ask = (selection: string) => client.query<object>(way.replace('@', selection));
    const whole = await ask(`__typename ${selections.join(' ')}`);
    expect(JSON.stringify(whole)).toContain(`"__typename":"${type}","`);
    const alone = await Promise.all(selections.map((selection) => ask(selection)));
    expect(alone).toEqual(selections.map((selection) => only(nameOf(selection), whole)));
  });

  it('is enough for every two fields of a comment', async () => {
    const way = WAYS.find(([type]) => type === 'Comment')?.[1] ?? '';
    const selections = selectionsOf('Comment');
    const ask = (selection: string) => client.query<object>(way.replace('@', selection));
    const whole = JSON.stringify(only('body', await ask(`__typename ${selections.join(' ')}`)));
    for (const other of selections.filter((selection) => selection !== 'body')) {
      const both = JSON.stringify(only('body', await ask(`__typename id body ${other}`)));
      expect(both).toBe(whole);
    }
  });
});
