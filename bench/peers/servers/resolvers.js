/** Resolvers with a loader for each field that leads on, as the documentation of Apollo Server and DataLoader shows it. */
import DataLoader from 'dataloader';
import { GraphQLScalarType } from 'graphql';
import * as reading from './reading.js';
import { addComment, viewerOf } from './writing.js';

/** @typedef {import('./reading.js').PageArguments} PageArguments */

/**
 * Loads pages: those with the same arguments with one statement.
 *
 * @param {(parents: readonly string[], page: any) => Promise<any[]>} read
 * @returns {DataLoader<{ id: string, page: any }, any, string>}
 */
const pageLoader = (read) =>
  new DataLoader(
    async (keys) => {
      /** @type {Map<string, any[]>} */
      const byPage = new Map();
      for (const key of keys) {
        const page = JSON.stringify(key.page);
        byPage.set(page, [...(byPage.get(page) ?? []), key]);
      }
      const found = new Map();
      await Promise.all(
        [...byPage.values()].map(async (asked) => {
          const pages = await read(
            asked.map(({ id }) => id),
            asked[0].page,
          );
          for (const [place, key] of asked.entries()) found.set(key, pages[place]);
        }),
      );
      return keys.map((key) => found.get(key));
    },
    { cacheKeyFn: ({ id, page }) => `${id} ${JSON.stringify(page)}` },
  );

/** What every request gets of its own. @param {string | undefined} authorization */
export async function contextOf(authorization) {
  return {
    viewer: await viewerOf(authorization),
    posts: new DataLoader(reading.postsByIds),
    postsBySlug: new DataLoader(reading.postsBySlugs),
    users: new DataLoader(reading.usersByIds),
    authors: new DataLoader(reading.authorsOfPosts),
    comments: new DataLoader(reading.commentsByIds),
    commentPages: pageLoader(reading.commentsOfPosts),
    replyPages: pageLoader(reading.repliesOf),
    coverages: new DataLoader(reading.coveragesOfPosts),
    entryPages: pageLoader(reading.entriesOf),
  };
}

/** @typedef {Awaited<ReturnType<typeof contextOf>>} Context */

/** @type {Record<string, any>} */
export const scalars = {
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (/** @type {any} */ moment) => moment.toISOString(),
  }),
};

/** @param {any} comment @param {Context} context */
const authorOf = (comment, { users }) =>
  comment.state === 'DELETED' || comment.authorId === null ? null : users.load(comment.authorId);

/** @type {Record<string, any>} */
export const resolvers = {
  ...scalars,
  Query: {
    post: (/** @type {any} */ _, { by }, /** @type {Context} */ { posts, postsBySlug }) =>
      by.id ? posts.load(by.id) : postsBySlug.load(by.slug),
    posts: (/** @type {any} */ _, /** @type {PageArguments} */ page) => reading.listPosts(page),
    search: async (/** @type {any} */ _, { query, first }) => {
      const { nodes, pageInfo } = await reading.searchPosts(query, first);
      return { edges: nodes.map((node) => ({ node })), pageInfo };
    },
  },
  Mutation: {
    addComment: (/** @type {any} */ _, { input }, /** @type {Context} */ { viewer }) =>
      addComment(viewer, input),
  },
  SearchResult: { __resolveType: () => 'Post' },
  Post: {
    authors: ({ id }, /** @type {any} */ _, /** @type {Context} */ { authors }) => authors.load(id),
    coverage: ({ id }, /** @type {any} */ _, /** @type {Context} */ { coverages }) => coverages.load(id),
    comments: ({ id }, /** @type {any} */ page, /** @type {Context} */ { commentPages }) =>
      commentPages.load({ id, page }),
  },
  Comment: {
    author: (/** @type {any} */ comment, /** @type {any} */ _, /** @type {Context} */ context) =>
      authorOf(comment, context),
    parent: ({ parentId }, /** @type {any} */ _, /** @type {Context} */ { comments }) =>
      parentId === null ? null : comments.load(parentId),
    replies: ({ id }, /** @type {any} */ page, /** @type {Context} */ { replyPages }) =>
      replyPages.load({ id, page }),
  },
  Coverage: {
    entries: ({ id }, /** @type {any} */ page, /** @type {Context} */ { entryPages }) =>
      entryPages.load({ id, page }),
  },
};
