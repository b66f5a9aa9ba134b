import { execute, type GraphQLError, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiTokenScope, Role } from '../../src/auth/roles.js';
import { ANONYMOUS, classOf, representativeOf, type Viewer } from '../../src/auth/viewer.js';
import { type ContextFactory, createContextFactory, type Shared } from '../../src/context.js';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { encodeId, type NodeType } from '../../src/graphql/globalIds.js';
import { createViewerDependence } from '../../src/graphql/viewerDependence.js';
import { createCursorCodec } from '../../src/lib/cursor.js';
import { DomainError } from '../../src/lib/errors.js';
import { TEST_SECRET } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import {
  DEPENDENT,
  differences,
  objectType,
  READABLE,
  schema,
  selectionOf,
  sharedFieldsOf,
  typesIn,
} from './comparing.js';
import { ROUTES } from './routes.js';
import { createWorld, MARK, type Subject, type World } from './world.js';

type Answer = Readonly<Record<string, unknown>>;

const TABLES: Readonly<Record<NodeType, string>> = {
  User: 'users',
  Tag: 'tags',
  Post: 'posts',
  Comment: 'comments',
  Coverage: 'coverages',
  CoverageEntry: 'coverage_entries',
};

const CLASSES = [
  'readers',
  'readers with a token',
  'authors',
  'authors with a token',
  'moderators',
  'moderators with a token',
  'editors',
  'administrators',
] as const;
type Class = (typeof CLASSES)[number];

const MOST_NODES = 100;

/** An object, and what those who see it are answered about it. */
interface Looked {
  readonly type: string;
  readonly seen: readonly Answer[];
}

const seenBy = (answers: readonly (Answer | null | undefined)[]): Answer[] =>
  answers.filter((answer) => answer != null);

/** That something is not for this viewer, or not there: it is null, and the error says why. */
const isRefusal = (error: GraphQLError): boolean =>
  error.originalError instanceof DomainError &&
  ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'].includes(error.originalError.code);

/** The arguments of root fields that require some. */
const argumentsFor = ({ id, slug, around }: Subject) => ({
  id: JSON.stringify(id),
  ids: JSON.stringify([id]),
  postId: JSON.stringify(around['post'] ?? id),
  by: `{ id: ${JSON.stringify(id)} }`,
  slug: JSON.stringify(slug),
  query: JSON.stringify(MARK),
});

describe('two viewers of a class', () => {
  const publication = usePublication({ TIDINGS_MAX_COST: '100000' });
  let database: DatabaseClient;
  let contextOf: ContextFactory;
  let world: World;
  let viewers: Readonly<Record<Class, readonly Viewer[]>>;

  beforeAll(async () => {
    world = await createWorld(publication);
    database = openDatabase({ url: publication.url, poolSize: 4, statementTimeout: 0 });
    // Queries need no more of what is shared: nothing is written here.
    contextOf = createContextFactory(database.db, { cursors: createCursorCodec(TEST_SECRET) } as Shared);
    const { reader, commenter, author, writer, moderator, editor, admin } = world.viewers;
    const [otherModerator, otherEditor, otherAdmin] = await Promise.all(
      (['MODERATOR', 'EDITOR', 'ADMIN'] as const).map((role) => createPerson(publication, role)),
    );
    const are =
      (role: Role, scopes: readonly ApiTokenScope[] | 'ALL' = 'ALL') =>
      (...people: readonly ({ readonly uuid: string } | undefined)[]): readonly Viewer[] => {
        const both = people.map((one): Viewer => ({
          userId: one?.uuid ?? '',
          role,
          scopes,
          sessionId: null,
        }));
        return [...both, representativeOf(both[0] ?? ANONYMOUS)];
      };
    viewers = {
      readers: are('READER')(reader, commenter),
      'readers with a token': are('READER', ['PARTICIPATE'])(reader, commenter),
      authors: are('AUTHOR')(author, writer),
      'authors with a token': are('AUTHOR', [])(author, writer),
      moderators: are('MODERATOR')(moderator, otherModerator),
      // Without the scope MODERATE they see what readers see: their own comments that wait, and no others.
      'moderators with a token': are('MODERATOR', ['PARTICIPATE'])(moderator, commenter),
      editors: are('EDITOR')(editor, otherEditor),
      administrators: are('ADMIN')(admin, otherAdmin),
    };
  });
  afterAll(() => database.close());

  /** What each of the viewers of a class is answered; the representative last. */
  const ask = (ofClass: Class, document: string, variableValues: Record<string, unknown> = {}) =>
    Promise.all(
      viewers[ofClass].map(async (viewer) => {
        const { data, errors = [] } = await execute({
          schema,
          document: parse(document),
          variableValues,
          contextValue: contextOf(
            { address: '127.0.0.1', requestId: 'of a test', idempotencyKey: undefined },
            viewer,
          ),
        });
        const fault = errors.find((error) => !isRefusal(error));
        if (fault || data == null) throw fault ?? new Error(`Nothing was answered to ${document}`);
        return data;
      }),
    );

  /** What each of the viewers of a class is answered about each object: one of each type, of the whole publication. */
  const objects = async (ofClass: Class, type: NodeType): Promise<Looked[]> => {
    const rows = await publication.sql<{ id: string }[]>`
      select id from ${publication.sql(TABLES[type])} order by id`;
    const looked: Looked[] = [];
    for (let start = 0; start < rows.length; start += MOST_NODES) {
      const answers = await ask(
        ofClass,
        `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${type} { ${selectionOf(objectType(type))} } } }`,
        { ids: rows.slice(start, start + MOST_NODES).map(({ id }) => encodeId(type, id)) },
      );
      const lists = answers.map((answer) => answer['nodes'] as readonly (Answer | null)[]);
      const places = lists[0]?.keys() ?? [];
      looked.push(
        ...Array.from(places, (place) => ({ type, seen: seenBy(lists.map((list) => list[place])) })),
      );
    }
    return looked;
  };

  /** The same of the root fields; those that require arguments are asked for each subject. */
  const roots = (ofClass: Class): Promise<Looked[]> =>
    Promise.all(
      world.subjects.map(async (subject) => ({
        type: 'Query',
        seen: await ask(ofClass, `{ ${selectionOf(objectType('Query'), argumentsFor(subject))} }`),
      })),
    );

  const everything = async (ofClass: Class): Promise<Looked[]> => {
    const ofTypes: Looked[][] = [];
    for (const type of Object.keys(TABLES) as NodeType[]) ofTypes.push(await objects(ofClass, type));
    return [...ofTypes.flat(), ...(await roots(ofClass))];
  };

  /** The fields that any two viewers of a class are answered differently. */
  const differencesIn = async (ofClass: Class): Promise<ReadonlySet<string>> =>
    new Set(
      (await everything(ofClass)).flatMap(({ type, seen }) =>
        seen.flatMap((one, place) =>
          seen.slice(place + 1).flatMap((other) => differences(objectType(type), one, other)),
        ),
      ),
    );

  it.each(CLASSES)(
    '(%s) are answered alike, as their representative is, but for the fields that depend on the viewer',
    async (ofClass) => {
      expect(new Set(viewers[ofClass].map(classOf)).size).toBe(1);
      const found = await differencesIn(ofClass);
      expect([...found].filter((field) => !DEPENDENT.has(field))).toEqual([]);
    },
  );

  it('are answered differently for each field that depends on the viewer: none is marked in vain', async () => {
    const found = [await differencesIn('readers'), await differencesIn('authors')];
    const readable = [...DEPENDENT].filter((field) => READABLE.has(field.split('.')[0] ?? ''));
    expect(readable.filter((field) => !found.some((ofClass) => ofClass.has(field)))).toEqual([]);
    expect(readable.length).toBeGreaterThan(15);
  });

  it('are looked at with an object of every type that can be read', async () => {
    const found = (await Promise.all([everything('authors'), everything('administrators')]))
      .flat()
      .flatMap(({ type, seen }) => seen.flatMap((answer) => typesIn(objectType(type), answer)));
    expect([...new Set(found)].toSorted()).toEqual([...READABLE].toSorted());
  });

  it.each(CLASSES)(
    '(%s) are answered alike, as their representative is, on every route that does not depend on the viewer',
    async (ofClass) => {
      const dependsOnViewer = createViewerDependence(schema);
      const routes = ROUTES.map((route) => ({
        ...route,
        text: route.document(`... on ${route.type} { ${sharedFieldsOf(objectType(route.type))} }`),
      })).filter(({ text }) => !dependsOnViewer(parse(text)));
      let looks = 0;
      for (const { name, type, text, variables } of routes) {
        for (const subject of world.subjects.filter((one) => one.type === type)) {
          const [first, ...others] = await ask(ofClass, text, variables(subject));
          for (const other of others) expect(other, `${name}, ${subject.name}`).toEqual(first);
          looks += 1;
        }
      }
      expect(looks).toBeGreaterThan(25);
    },
  );
});
