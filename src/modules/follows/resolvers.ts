import type { Context } from '../../context.js';
import type { Resolvers } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields } from '../../graphql/connections.js';
import { mutation } from '../../graphql/mutations.js';
import type { TagRow, UserRow } from '../../mappers.js';
import { topicOf } from '../../events/topics.js';
import type { Followed } from './loaders.js';
import type { FollowSubject } from './repo/writing.js';
import { followInput } from './inputs.js';

/** The subject of a mutation, with its type, as a member of the union Followable. */
async function subjectOf({ type, uuid }: FollowSubject, { loaders }: Context) {
  if (type === 'User') {
    const user = await loaders.accounts.byId.load(uuid);
    return user && { ...user, __typename: type };
  }
  const tag = await loaders.tags.byId.load(uuid);
  return tag && { ...tag, __typename: type };
}

const byTime = ({ followedAt, id }: Followed<{ readonly id: string }>) => [followedAt.getTime(), id] as const;

export const followResolvers: Resolvers = {
  Mutation: {
    follow: mutation(followInput, async (command, caller, context: Context) => ({
      subject: await subjectOf(await context.services.follows.follow(caller, command), context),
    })),
    unfollow: mutation(followInput, async (command, caller, context: Context) => ({
      subject: await subjectOf(await context.services.follows.unfollow(caller, command), context),
    })),
  },
  User: {
    viewerFollows: (user, _, { loaders }) => loaders.follows.users.viewerFollows(user.id),
    feed: (user, args, { cursors, loaders }) =>
      connect(cursors, `user.feed:${user.id}`, args, {
        page: (request, topic) => loaders.follows.feed.load(user.id, request, topic),
        totalCount: () => loaders.follows.countFeed(user.id),
        position: (post) => [post.listedAt?.getTime() ?? 0, post.id],
        topic: topicOf.posts(),
      }),
    followedUsers: (user, args, { cursors, loaders }) =>
      connect<Followed<UserRow>>(cursors, `user.followedUsers:${user.id}`, args, {
        page: (request) => loaders.follows.users.page.load(user.id, request),
        totalCount: () => loaders.follows.users.count(user.id),
        position: byTime,
      }),
    followedTags: (user, args, { cursors, loaders }) =>
      connect<Followed<TagRow>>(cursors, `user.followedTags:${user.id}`, args, {
        page: (request) => loaders.follows.tags.page.load(user.id, request),
        totalCount: () => loaders.follows.tags.count(user.id),
        position: byTime,
      }),
  },
  Tag: {
    viewerFollows: (tag, _, { loaders }) => loaders.follows.tags.viewerFollows(tag.id),
  },
  FollowedUserConnection: connectionFields,
  FollowedUserEdge: edgeFields,
  FollowedTagConnection: connectionFields,
  FollowedTagEdge: edgeFields,
};
