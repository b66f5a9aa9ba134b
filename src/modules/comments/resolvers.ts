import type { Caller } from '../../changes/caller.js';
import type { Context } from '../../context.js';
import type { Resolvers, SubscriptionCommentsChangedArgs } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields, streamField } from '../../graphql/connections.js';
import { encodeId } from '../../graphql/globalIds.js';
import { mutation } from '../../graphql/mutations.js';
import { topicOf } from '../../events/topics.js';
import { expectRow } from '../../lib/loading.js';
import { catchUp, eventConnectionFields, eventEdgeFields } from '../../live/catchUp.js';
import { asFound, subscription } from '../../live/source.js';
import { directionOf } from '../../render/direction.js';
import { postIdOf } from '../posts/public.js';
import * as inputs from './inputs.js';
import { seenComment, sightOf } from './policy.js';
import type { CommentRow } from './repo/reading.js';
import { postComments } from './streams.js';

const MOST_REPORTS = 100;

const byTime = (comment: CommentRow) => [comment.createdAt.getTime(), comment.id] as const;

/** What a mutation answers, as far as the viewer sees it; a repeat, as far as they still do. */
async function payload(changed: Promise<CommentRow>, caller: Caller, { loaders, viewer }: Context) {
  const comment = await changed;
  const isGone = caller.once?.isRepeat === true && (await loaders.comments.byId.load(comment.id)) === null;
  return { comment: isGone ? null : seenComment(sightOf(viewer), comment) };
}

export const commentResolvers: Resolvers = {
  Query: {
    moderationQueue: (_, args, { cursors, loaders }) =>
      connect(cursors, 'moderationQueue', args, {
        page: (request) => loaders.comments.queue(request),
        totalCount: () => loaders.comments.countQueue(),
        position: byTime,
      }),
    commentEvents: (_, { postId, ...args }, context) =>
      catchUp(postComments(postIdOf(postId), context), args, context),
  },
  Subscription: {
    commentsChanged: subscription(({ postId }: SubscriptionCommentsChangedArgs, context: Context) =>
      postComments(postIdOf(postId), context),
    ),
  },
  CommentEvent: {
    type: async ({ type, facts }, _, { loaders }) =>
      asFound(type, await loaders.comments.byId.load(facts.commentId)),
    commentId: ({ facts }) => encodeId('Comment', facts.commentId),
    comment: ({ type, facts }, _, { loaders }) =>
      type === 'REMOVED' ? null : loaders.comments.byId.load(facts.commentId),
  },
  Mutation: {
    addComment: mutation(inputs.addComment, (command, caller, context: Context) =>
      payload(context.services.comments.add(caller, command), caller, context),
    ),
    editComment: mutation(inputs.editComment, (command, caller, context: Context) =>
      payload(context.services.comments.edit(caller, command), caller, context),
    ),
    deleteComment: mutation(inputs.deleteComment, (command, caller, context: Context) =>
      payload(context.services.comments.delete(caller, command), caller, context),
    ),
    setCommentState: mutation(inputs.setCommentState, (command, caller, context: Context) =>
      payload(context.services.comments.setState(caller, command), caller, context),
    ),
    reportComment: mutation(inputs.reportComment, (command, caller, context: Context) =>
      payload(context.services.comments.report(caller, command), caller, context),
    ),
  },
  Comment: {
    id: (comment) => encodeId('Comment', comment.id),
    post: async (comment, _, { loaders }) => expectRow(await loaders.posts.byId.load(comment.postId), 'post'),
    author: (comment, _, { loaders }) =>
      comment.authorId === null ? null : loaders.accounts.byId.load(comment.authorId),
    parent: (comment, _, { loaders }) =>
      comment.parentId === null ? null : loaders.comments.byId.load(comment.parentId),
    ancestors: (comment, _, { loaders }) =>
      comment.depth === 0 ? [] : loaders.comments.ancestors.load(comment.id),
    reports: async (comment, _, { loaders }) =>
      (await loaders.comments.openReports.load(comment.id)).slice(0, MOST_REPORTS),
    direction: (comment) => directionOf(comment.body),
    replies: (comment, args, { cursors, loaders }) =>
      connect(cursors, `comment.replies:${comment.id}`, args, {
        page: (request, topic) => loaders.comments.replies.load(comment.id, request, topic),
        totalCount: () => loaders.comments.countReplies(comment.id),
        position: byTime,
        topic: topicOf.comments(comment.postId),
      }),
  },
  Post: {
    comments: (post, { topLevelOnly, ...args }, { cursors, loaders }) => {
      const list = topLevelOnly ? loaders.comments.topLevel : loaders.comments.flat;
      return connect(cursors, `post.${topLevelOnly ? 'comments' : 'allComments'}:${post.id}`, args, {
        page: (request, topic) => list.page.load(post.id, request, topic),
        totalCount: () => list.count(post.id),
        position: byTime,
        topic: topicOf.comments(post.id),
      });
    },
  },
  CommentReport: {
    reporter: (report, _, { loaders }) => loaders.accounts.byId.load(report.reporterId),
  },
  CommentQueueConnection: connectionFields,
  CommentQueueEdge: edgeFields,
  CommentConnection: { ...connectionFields, ...streamField },
  CommentEdge: edgeFields,
  CommentEventConnection: eventConnectionFields,
  CommentEventEdge: eventEdgeFields,
};
