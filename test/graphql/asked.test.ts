import { getNamedType, type GraphQLObjectType, isLeafType, parse } from 'graphql';
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

const leavesOf = (type: string): readonly string[] =>
  Object.values((schema.getType(type) as GraphQLObjectType).getFields())
    .filter((field) => isLeafType(getNamedType(field.type)))
    .map(({ name }) => name);

/** What is left of an answer when only one field of its objects is looked at. */
function only(name: string, answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map((member) => only(name, member));
  if (typeof answer !== 'object' || answer === null) return answer;
  // An object of the type: it has all of its fields.
  if ('__typename' in answer) return { [name]: (answer as Record<string, unknown>)[name] };
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, only(name, value)]));
}

describe('what is read of an object', () => {
  const publication = usePublication();
  let client: Client;

  beforeAll(async () => {
    const { sql } = publication;
    // What is null looks like what was not read.
    await sql`update comments set edited_at = now(), external_id = id`;
    await sql`update coverage_entries set external_id = id`;
    await sql`update posts set external_id = id`;
    await sql`update users set email = username || '@example.org'`;
    client = await createPerson(publication, 'ADMIN');
  });

  // Only what is asked for is read from the database: whatever that is, it must be all of it.
  it.each(WAYS)('is enough for each field of %s by itself: %s', async (type, way) => {
    const leaves = leavesOf(type);
    expect(leaves.length).toBeGreaterThan(4);
    const ask = (selection: string) => client.query<object>(way.replace('@', selection));
    const whole = await ask(`__typename ${leaves.join(' ')}`);
    const alone = await Promise.all(leaves.map((name) => ask(name)));
    expect(alone).toEqual(leaves.map((name) => only(name, whole)));
  });

  it('is enough for every two fields of a comment', async () => {
    const way = WAYS.find(([type]) => type === 'Comment')?.[1] ?? '';
    const leaves = leavesOf('Comment');
    const ask = (selection: string) => client.query<object>(way.replace('@', selection));
    const whole = JSON.stringify(only('body', await ask(`__typename ${leaves.join(' ')}`)));
    for (const other of leaves.filter((name) => name !== 'body')) {
      const both = JSON.stringify(only('body', await ask(`__typename body ${other}`)));
      expect(both).toBe(whole);
    }
  });
});
