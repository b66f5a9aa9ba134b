/** Mercurius on fastify, with its just-in-time compiler and its loaders. */
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { report } from '../../kit/reporting.js';
import { sql } from './database.js';
import * as reading from './reading.js';
import { scalars } from './resolvers.js';
import { typeDefs } from './schema.js';
import { addComment, viewerOf } from './writing.js';

/** @typedef {{ obj: any, params: any }[]} Queries */

/** Asks once for all that a loader was asked. @param {(queries: Queries) => string[]} keysOf @param {(keys: readonly string[]) => Promise<any[]>} read */
const all = (keysOf, read) => (/** @type {Queries} */ queries) => read(keysOf(queries));

const idsOf = (/** @type {Queries} */ queries) => queries.map(({ obj }) => obj.id);

/**
 * Pages of lists: those with the same arguments with one statement.
 *
 * @param {(parents: readonly string[], page: any) => Promise<any[]>} read
 */
const pages = (read) => async (/** @type {Queries} */ queries) => {
  /** @type {Map<string, Queries>} */
  const byPage = new Map();
  for (const query of queries) {
    const page = JSON.stringify(query.params);
    byPage.set(page, [...(byPage.get(page) ?? []), query]);
  }
  const found = new Map();
  await Promise.all(
    [...byPage.values()].map(async (asked) => {
      const rows = await read(idsOf(asked), asked[0]?.params);
      for (const [place, query] of asked.entries()) found.set(query, rows[place]);
    }),
  );
  return queries.map((query) => found.get(query));
};

/** Rows that some of the objects name, each once. @param {(obj: any) => string | null} keyOf @param {(keys: readonly string[]) => Promise<any[]>} read */
const named = (keyOf, read) => async (/** @type {Queries} */ queries) => {
  const keys = [...new Set(queries.map(({ obj }) => keyOf(obj)).filter((key) => key !== null))];
  const rows = new Map(keys.length === 0 ? [] : (await read(keys)).map((row, place) => [keys[place], row]));
  return queries.map(({ obj }) => rows.get(keyOf(obj)) ?? null);
};

const fastify = Fastify();
await fastify.register(mercurius, {
  schema: typeDefs,
  jit: 1,
  context: async (request) => ({ viewer: await viewerOf(request.headers.authorization) }),
  resolvers: {
    ...scalars,
    Query: {
      post: async (_, { by }) =>
        (by.id ? await reading.postsByIds([by.id]) : await reading.postsBySlugs([by.slug]))[0],
      posts: (_, page) => reading.listPosts(page),
      search: async (_, { query, first }) => {
        const { nodes, pageInfo } = await reading.searchPosts(query, first);
        return { edges: nodes.map((node) => ({ node })), pageInfo };
      },
    },
    Mutation: { addComment: (_, { input }, { viewer }) => addComment(viewer, input) },
    SearchResult: { resolveType: () => 'Post' },
  },
  loaders: {
    Post: {
      authors: all(idsOf, reading.authorsOfPosts),
      coverage: all(idsOf, reading.coveragesOfPosts),
      comments: pages(reading.commentsOfPosts),
    },
    Comment: {
      author: named(({ state, authorId }) => (state === 'DELETED' ? null : authorId), reading.usersByIds),
      parent: named(({ parentId }) => parentId, reading.commentsByIds),
      replies: pages(reading.repliesOf),
    },
    Coverage: { entries: pages(reading.entriesOf) },
  },
});
const address = await fastify.listen({ host: '127.0.0.1', port: 0 });
report(`${address}/graphql`, async () => {
  await fastify.close();
  await sql.end();
});
