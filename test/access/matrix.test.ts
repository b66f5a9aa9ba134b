import { getNamedType, type GraphQLObjectType, isLeafType, isNonNullType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Action, ruleOf } from '../../src/auth/actions.js';
import type { Role } from '../../src/auth/roles.js';
import { actionOf } from '../../src/graphql/guard.js';
import { createSchema } from '../../src/schema.js';
import { usePublication } from '../kit/publication.js';
import { type Route, ROUTES } from './routes.js';
import { createWorld, type Subject, type ViewerName, VIEWERS, type World } from './world.js';

const ROLE: Readonly<Record<ViewerName, Role | null>> = {
  anonymous: null,
  reader: 'READER',
  commenter: 'READER',
  author: 'AUTHOR',
  writer: 'AUTHOR',
  moderator: 'MODERATOR',
  editor: 'EDITOR',
  admin: 'ADMIN',
};

const schema = createSchema();

const objectType = (name: string): GraphQLObjectType => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type.`);
  return type;
};

/** All fields of a type; of what is no leaf, only that it is there. */
const selectionOf = (type: GraphQLObjectType): string =>
  Object.values(type.getFields())
    .map((field) => {
      const named = getNamedType(field.type);
      if (isLeafType(named)) return field.name;
      return `${field.name} ${named.name.endsWith('Connection') ? '{ totalCount }' : '{ __typename }'}`;
    })
    .join(' ');

/** The object of this id in an answer, wherever it stands; undefined when it isn't there. */
function find(answer: unknown, id: string): Record<string, unknown> | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const object: Record<string, unknown> = { ...answer };
  if (object['id'] === id) return object;
  for (const part of Object.values(object)) {
    const found = find(part, id);
    if (found) return found;
  }
  return undefined;
}

/** Whether a viewer may read a guarded field of a subject. */
function mayRead(action: Action, viewer: ViewerName, subject: Subject): boolean {
  const role = ROLE[viewer];
  const extent = role === null ? 'none' : (ruleOf(action).roles[role] ?? 'none');
  return extent === 'any' || (extent === 'own' && subject.ownedBy === viewer);
}

/** A way that changes what it leads to is only gone where it changes nothing; one from nowhere is none. */
const goes = (route: Route, subject: Subject): boolean =>
  route.leadsTo(subject) ||
  (!route.document('').startsWith('mutation') &&
    Object.values(route.variables(subject)).every((value) => value !== undefined));

describe('access', () => {
  const publication = usePublication({ TIDINGS_MAX_COST: '100000' });
  let world: World;
  beforeAll(async () => {
    world = await createWorld(publication);
  });

  /** What is wrong with one viewer's look at one subject by one route; and how many fields were looked at. */
  async function look(
    route: Route,
    subject: Subject,
    viewer: ViewerName,
  ): Promise<{ faults: string[]; fields: number }> {
    const type = objectType(route.type);
    const selection = `... on ${type.name} { ${selectionOf(type)} }`;
    const { data, errors = [] } = await world.viewers[viewer].send<Record<string, unknown>>(
      route.document(selection),
      route.variables(subject),
    );
    const where = `${viewer}, ${route.name}, ${route.type} ${subject.name}`;
    const isOpen = route.open === undefined || route.open.includes(viewer);
    const codes = errors.map((error) => error.extensions.code);
    const expected = isOpen && route.leadsTo(subject) && subject.seenBy.includes(viewer);
    const faults = codes
      .filter((code) => isOpen || (code !== 'FORBIDDEN' && code !== 'UNAUTHENTICATED'))
      .filter((code) => expected || code !== 'NOT_FOUND')
      .map((code) => `${where}: ${code}`);
    const found = find(data, subject.id);
    if ((found !== undefined) !== expected) faults.push(`${where}: ${expected ? 'missing' : 'seen'}`);
    let fields = 0;
    for (const field of found ? Object.values(type.getFields()) : []) {
      fields += 1;
      const action = actionOf(schema, type, field);
      const value = found?.[field.name];
      if (action !== undefined && !mayRead(action, viewer, subject) && value !== null) {
        faults.push(`${where}: ${field.name} is seen`);
      }
      if (isNonNullType(field.type) && value === null) faults.push(`${where}: ${field.name} is null`);
    }
    return { faults, fields };
  }

  it.each(VIEWERS)(
    'of %s to every field of every object by every route is as the rules say',
    async (viewer) => {
      const faults: string[] = [];
      let [looks, fields] = [0, 0];
      for (const route of ROUTES) {
        for (const subject of world.subjects.filter((one) => one.type === route.type && goes(route, one))) {
          const outcome = await look(route, subject, viewer);
          faults.push(...outcome.faults);
          looks += 1;
          fields += outcome.fields;
        }
      }
      expect(faults).toEqual([]);
      expect(looks).toBeGreaterThan(100);
      expect(fields).toBeGreaterThan(500);
    },
  );

  it('to guarded fields is given to those who may: each is read by somebody', async () => {
    const email = objectType('User').getFields()['email'];
    expect(email && actionOf(schema, objectType('User'), email)).toBe('USER_READ_EMAIL');
    for (const [viewer, name, field] of [
      ['commenter', 'a commenter', 'email'],
      ['admin', 'a commenter', 'email'],
      ['commenter', 'a commenter', 'feed'],
      ['commenter', 'a commenter', 'bookmarks'],
      ['commenter', 'a commenter', 'followedTags'],
      ['commenter', 'a commenter', 'followedUsers'],
      ['commenter', 'a commenter', 'apiTokens'],
      ['writer', 'draft', 'revisions'],
      ['editor', 'published', 'revisions'],
      ['moderator', 'pending', 'reportCount'],
      ['moderator', 'pending', 'reports'],
      ['editor', 'retracted', 'retractionReason'],
    ] as const) {
      const subject = world.subjects.find((one) => one.name === name);
      const type = objectType(subject?.type ?? '');
      const { node } = await world.viewers[viewer].query<{ node: Record<string, unknown> }>(
        `query ($id: ID!) { node(id: $id) { ... on ${type.name} { ${selectionOf(type)} } } }`,
        { id: subject?.id },
      );
      expect(node[field], `${viewer}: ${type.name}.${field}`).not.toBeNull();
    }
  });

  it('does not depend on the state of what is refused: what may not be seen and what does not exist answer alike', async () => {
    const ask = async (viewer: ViewerName, name: string, input: string, id: string) => {
      const { data, errors } = await world.viewers[viewer].send<unknown>(
        `mutation ($id: ID!) { ${name}(input: ${input}) { userErrors { code message field } } }`,
        { id },
      );
      return { data, errors };
    };
    const idOf = (name: string): string => world.subjects.find((one) => one.name === name)?.id ?? '';
    const cases: [ViewerName, string, string, string, string][] = [
      ['author', 'updatePost', '{ id: $id, expectedVersion: 1, title: "x" }', idOf('draft'), 'Post'],
      ['author', 'publishPost', '{ id: $id }', idOf('scheduled'), 'Post'],
      ['author', 'deletePost', '{ id: $id }', idOf('archived'), 'Post'],
      ['reader', 'editComment', '{ id: $id, expectedVersion: 1, body: "x" }', idOf('hidden'), 'Comment'],
      ['reader', 'reportComment', '{ id: $id, reason: "x" }', idOf('pending'), 'Comment'],
      ['commenter', 'deleteComment', '{ id: $id }', idOf('hidden'), 'Comment'],
      [
        'author',
        'updateCoverageEntry',
        '{ id: $id, expectedVersion: 1, body: "x" }',
        idOf('retracted'),
        'CoverageEntry',
      ],
      ['reader', 'addReaction', '{ subjectId: $id, kind: LIKE }', idOf('retracted'), 'CoverageEntry'],
      ['reader', 'addReaction', '{ subjectId: $id, kind: LIKE }', idOf('hidden'), 'Comment'],
      ['reader', 'addBookmark', '{ postId: $id }', idOf('draft'), 'Post'],
    ];
    for (const [viewer, name, input, id] of cases) {
      // The same id with another key: of the same type, and of nothing.
      const bytes = Buffer.from(id, 'base64url');
      bytes.writeUInt32BE(0xdeadbeef, 1);
      const nothing = bytes.toString('base64url');
      expect(await ask(viewer, name, input, id), `${viewer}: ${name}`).toEqual(
        await ask(viewer, name, input, nothing),
      );
    }
  });
});
