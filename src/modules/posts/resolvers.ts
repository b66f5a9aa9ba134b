import type { Context } from '../../context.js';
import type { PostConnectionResolvers, Resolvers } from '../../generated/resolvers.js';
import {
  connect,
  type ConnectionArguments,
  connectionFields,
  edgeFields,
  streamField,
} from '../../graphql/connections.js';
import { encodeId, idOf } from '../../graphql/globalIds.js';
import { oneOf } from '../../graphql/oneOf.js';
import { badUserInput } from '../../lib/errors.js';
import { canonicalLanguage, foldCase } from '../../lib/names.js';
import type { PageLoader } from '../../lib/loading.js';
import { directionOf } from '../../render/direction.js';
import { excerpt } from '../../lib/text.js';
import type { PostListFilter, PostRow } from './repo.js';

const byListing = (post: PostRow) => [post.listedAt?.getTime() ?? 0, post.id] as const;

const folded = (name: string | null | undefined): string | null => (name == null ? null : foldCase(name));

/** Names as they are stored, null for what is left out, keys in one order: equal filters, equal cursors. */
const canonical = (filter: PostListFilter): PostListFilter => ({
  tag: folded(filter.tag),
  author: folded(filter.author),
  language: filter.language == null ? null : canonicalLanguage(filter.language),
  hasCoverage: filter.hasCoverage ?? null,
  publishedAfter: filter.publishedAfter ?? null,
  publishedBefore: filter.publishedBefore ?? null,
});

/** The published posts of an author or a tag. */
const listOf = (
  { cursors }: Context,
  name: string,
  parent: string,
  args: ConnectionArguments,
  posts: PageLoader<PostRow>,
  count: (parent: string) => Promise<number>,
) =>
  connect(cursors, `${name}:${parent}`, args, {
    page: (request) => posts.load(parent, request),
    totalCount: () => count(parent),
    position: byListing,
    topic: 'posts',
  });

export const postResolvers: Resolvers = {
  Query: {
    post: (_, { by }, { loaders }) =>
      oneOf(by, {
        id: (id) => idOf('Post', id, (uuid) => loaders.posts.byId.load(uuid)),
        slug: (slug) => loaders.posts.bySlug.load(slug),
        externalId: (externalId) => loaders.posts.byExternalId.load(externalId),
      }),
    posts: (_, { filter, orderBy, ...args }, { cursors, loaders }) => {
      const wanted = canonical(filter ?? {});
      const descending = orderBy !== 'PUBLISHED_AT_ASC';
      return connect(cursors, `posts:${descending ? 'desc' : 'asc'}:${JSON.stringify(wanted)}`, args, {
        page: (request) => loaders.posts.list(wanted, descending, request),
        totalCount: () => loaders.posts.count(wanted),
        position: byListing,
        topic: 'posts',
      });
    },
  },
  Post: {
    id: (post) => encodeId('Post', post.id),
    direction: (post) => directionOf(post.title),
    body: async (post, _, { loaders }) => (await loaders.posts.body.load(post.id))?.body ?? '',
    bodyFormat: async (post, _, { loaders }) =>
      (await loaders.posts.body.load(post.id))?.bodyFormat ?? 'MARKDOWN',
    bodyHtml: async (post, _, { loaders }) => (await loaders.posts.body.load(post.id))?.bodyHtml ?? '',
    excerpt: async (post, args, { loaders }) => {
      const length = args.length ?? 200;
      if (length < 1 || length > 1000)
        throw badUserInput(`\`length\` is ${length}: ask for 1 to 1000 characters.`);
      const opening = await loaders.posts.opening.load(post.id);
      return opening === null ? '' : excerpt(opening.text, length, opening.goesOn);
    },
    translations: async (post, _, { loaders }) => {
      if (post.translationGroupId === null) return [];
      const group = await loaders.posts.byTranslationGroup.load(post.translationGroupId);
      return group.filter((other) => other.id !== post.id);
    },
  },
  User: {
    posts: (user, args, context) =>
      listOf(
        context,
        'user.posts',
        user.id,
        args,
        context.loaders.posts.byAuthor,
        context.loaders.posts.countByAuthor,
      ),
  },
  Tag: {
    posts: (tag, args, context) =>
      listOf(
        context,
        'tag.posts',
        tag.id,
        args,
        context.loaders.posts.byTag,
        context.loaders.posts.countByTag,
      ),
  },
  PostConnection: { ...connectionFields, ...streamField } satisfies PostConnectionResolvers,
  PostEdge: edgeFields,
};
