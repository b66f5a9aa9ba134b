import type { Caller } from '../../changes/caller.js';
import type { Context } from '../../context.js';
import type {
  PostConnectionResolvers,
  Resolvers,
  SubscriptionPostChangedArgs,
  SubscriptionPostPublishedArgs,
} from '../../generated/resolvers.js';
import {
  connect,
  type ConnectionArguments,
  connectionFields,
  edgeFields,
  streamField,
} from '../../graphql/connections.js';
import { encodeId, idOf } from '../../graphql/globalIds.js';
import { mutation } from '../../graphql/mutations.js';
import { oneOf } from '../../graphql/oneOf.js';
import type { PageLoader } from '../../events/pages.js';
import { topicOf } from '../../events/topics.js';
import { badUserInput } from '../../lib/errors.js';
import { canonicalLanguage, foldCase } from '../../lib/names.js';
import { directionOf } from '../../render/direction.js';
import { excerpt } from '../../lib/text.js';
import * as inputs from './inputs.js';
import { keyOf } from './loaders.js';
import { catchUp, eventConnectionFields, eventEdgeFields } from '../../live/catchUp.js';
import { asFound, subscription } from '../../live/source.js';
import { ownOnly } from './policy.js';
import type { PostListFilter } from './repo/listing.js';
import type { PostRow } from './repo/reading.js';
import type { PostRevisionRow } from './repo/revisions.js';
import { onePost, postIdOf, publishedPosts } from './streams.js';

const byListing = (post: PostRow) => [post.listedAt?.getTime() ?? 0, post.id] as const;

const byChange = (post: PostRow) => [post.updatedAt.getTime(), post.id] as const;

const byVersion = (revision: PostRevisionRow) => [revision.version, revision.postId] as const;

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
    page: (request, topic) => posts.load(parent, request, topic),
    totalCount: () => count(parent),
    position: byListing,
    topic: topicOf.posts(),
  });

/** What a mutation answers. A repeat answers the post as it is by now, if the viewer still may read it. */
const payload = async (changed: Promise<PostRow>, caller: Caller, { loaders }: Context) => {
  const post = await changed;
  return { post: caller.once?.isRepeat === true ? await loaders.posts.byId.load(post.id) : post };
};

export const postResolvers: Resolvers = {
  Query: {
    post: (_, { by }, { loaders }) =>
      oneOf(by, {
        id: (id) => idOf('Post', id, (uuid) => loaders.posts.byId.load(uuid)),
        slug: (slug) => loaders.posts.bySlug.load(slug.normalize('NFC')),
        externalId: (externalId) => loaders.posts.byExternalId.load(externalId),
      }),
    posts: (_, { filter, orderBy, ...args }, { cursors, loaders }) => {
      const wanted = canonical(filter ?? {});
      const descending = orderBy !== 'PUBLISHED_AT_ASC';
      return connect(cursors, `posts:${descending ? 'desc' : 'asc'}:${JSON.stringify(wanted)}`, args, {
        page: (request, topic) => loaders.posts.list(wanted, descending, request, topic),
        totalCount: () => loaders.posts.count(wanted),
        position: byListing,
        topic: topicOf.posts(),
      });
    },
    unpublishedPosts: (_, { statuses, ...args }, { cursors, loaders, viewer }) => {
      const wanted = {
        userId: ownOnly(viewer),
        statuses: statuses == null ? null : [...new Set(statuses)].toSorted(),
      };
      return connect(cursors, `unpublishedPosts:${JSON.stringify(wanted)}`, args, {
        page: (request, topic) => loaders.posts.unpublished(wanted, request, topic),
        totalCount: () => loaders.posts.countUnpublished(wanted),
        position: byChange,
        topic: topicOf.posts(),
      });
    },
    postPublishedEvents: (_, { filter, ...args }, context) =>
      catchUp(publishedPosts(canonical(filter ?? {})), args, context),
    postEvents: (_, { id, ...args }, context) => catchUp(onePost(postIdOf(id), context), args, context),
  },
  Subscription: {
    postPublished: subscription(({ filter }: SubscriptionPostPublishedArgs) =>
      publishedPosts(canonical(filter ?? {})),
    ),
    postChanged: subscription(({ id }: SubscriptionPostChangedArgs, context: Context) =>
      onePost(postIdOf(id), context),
    ),
  },
  PostEvent: {
    type: async ({ type, facts }, _, { loaders }) =>
      asFound(type, await loaders.posts.byId.load(facts.postId)),
    postId: ({ facts }) => encodeId('Post', facts.postId),
    post: ({ type, facts }, _, { loaders }) =>
      type === 'REMOVED' ? null : loaders.posts.byId.load(facts.postId),
  },
  Mutation: {
    createPost: mutation(inputs.createPost, (command, caller, context: Context) =>
      payload(context.services.posts.create(caller, command), caller, context),
    ),
    updatePost: mutation(inputs.updatePost, (command, caller, context: Context) =>
      payload(context.services.posts.update(caller, command), caller, context),
    ),
    restorePostRevision: mutation(inputs.restorePostRevision, (command, caller, context: Context) =>
      payload(context.services.posts.restore(caller, command), caller, context),
    ),
    publishPost: mutation(inputs.publishPost, (command, caller, context: Context) =>
      payload(context.services.posts.publish(caller, command), caller, context),
    ),
    unpublishPost: mutation(inputs.whichPost, (command, caller, context: Context) =>
      payload(context.services.posts.unpublish(caller, command), caller, context),
    ),
    archivePost: mutation(inputs.whichPost, (command, caller, context: Context) =>
      payload(context.services.posts.archive(caller, command), caller, context),
    ),
    deletePost: mutation(inputs.whichPost, async (command, caller, { services }: Context) => ({
      deletedId: encodeId('Post', await services.posts.delete(caller, command)),
    })),
    setCommentPolicy: mutation(inputs.setCommentPolicy, (command, caller, context: Context) =>
      payload(context.services.posts.setCommentPolicy(caller, command), caller, context),
    ),
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
    revisions: (post, args, { cursors, loaders }) =>
      connect(cursors, `post.revisions:${post.id}`, args, {
        page: (request) => loaders.posts.revisions.load(post.id, request),
        totalCount: () => loaders.posts.countRevisions(post.id),
        position: byVersion,
      }),
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
  PostRevision: {
    body: async ({ postId, version }, _, { loaders }) =>
      (await loaders.posts.revisionBody.load(keyOf(postId, version)))?.body ?? '',
    editor: (revision, _, { loaders }) =>
      revision.editorId === null ? null : loaders.accounts.byId.load(revision.editorId),
  },
  PostRevisionConnection: connectionFields,
  PostRevisionEdge: edgeFields,
  PostConnection: { ...connectionFields, ...streamField } satisfies PostConnectionResolvers,
  PostEdge: edgeFields,
  PostEventConnection: eventConnectionFields,
  PostEventEdge: eventEdgeFields,
};
