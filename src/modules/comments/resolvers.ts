import type { Resolvers } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields, streamField } from '../../graphql/connections.js';
import { encodeId } from '../../graphql/globalIds.js';
import { expectRow } from '../../lib/loading.js';
import { directionOf } from '../../render/direction.js';
import type { CommentRow } from './repo.js';

const byTime = (comment: CommentRow) => [comment.createdAt.getTime(), comment.id] as const;

const topicOf = (postId: string): string => `post:${postId}:comments`;

export const commentResolvers: Resolvers = {
  Comment: {
    id: (comment) => encodeId('Comment', comment.id),
    post: async (comment, _, { loaders }) =>
      expectRow(await loaders.posts.byId.load(comment.postId), 'posts', comment.postId),
    author: (comment, _, { loaders }) =>
      comment.authorId === null ? null : loaders.accounts.byId.load(comment.authorId),
    parent: (comment, _, { loaders }) =>
      comment.parentId === null ? null : loaders.comments.byId.load(comment.parentId),
    ancestors: (comment, _, { loaders }) =>
      comment.depth === 0 ? [] : loaders.comments.ancestors.load(comment.id),
    direction: (comment) => directionOf(comment.body),
    replies: (comment, args, { cursors, loaders }) =>
      connect(cursors, `comment.replies:${comment.id}`, args, {
        page: (request) => loaders.comments.replies.load(comment.id, request),
        totalCount: () => loaders.comments.countReplies(comment.id),
        position: byTime,
        topic: topicOf(comment.postId),
      }),
  },
  Post: {
    comments: (post, { topLevelOnly, ...args }, { cursors, loaders }) => {
      const list = topLevelOnly ? loaders.comments.topLevel : loaders.comments.flat;
      return connect(cursors, `post.${topLevelOnly ? 'comments' : 'allComments'}:${post.id}`, args, {
        page: (request) => list.page.load(post.id, request),
        totalCount: () => list.count(post.id),
        position: byTime,
        topic: topicOf(post.id),
      });
    },
  },
  CommentConnection: { ...connectionFields, ...streamField },
  CommentEdge: edgeFields,
};
