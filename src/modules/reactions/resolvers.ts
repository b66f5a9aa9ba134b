import type { Context } from '../../context.js';
import type { Resolvers, SubscriptionReactionsChangedArgs } from '../../generated/resolvers.js';
import { encodeId } from '../../graphql/globalIds.js';
import { mutation } from '../../graphql/mutations.js';
import { subscription } from '../../live/source.js';
import type { CommentRow } from '../comments/public.js';
import type { CoverageEntryRow } from '../coverage/public.js';
import * as inputs from './inputs.js';
import { subjectReactions } from './streams.js';

type Loaders = Context['loaders'];

const reactionsTo = {
  Post: (post: { readonly id: string }, loaders: Loaders) => loaders.reactions.counts.load(post.id),
  // What was deleted or retracted takes the reactions to it along.
  Comment: (comment: CommentRow, loaders: Loaders) =>
    comment.state === 'DELETED' ? [] : loaders.reactions.counts.load(comment.id),
  CoverageEntry: (entry: CoverageEntryRow, loaders: Loaders) =>
    entry.retractedAt === null ? loaders.reactions.counts.load(entry.id) : [],
};

export const reactionResolvers: Resolvers = {
  Subscription: {
    reactionsChanged: subscription(({ subjectId }: SubscriptionReactionsChangedArgs, context: Context) =>
      subjectReactions(subjectId, context),
    ),
  },
  ReactionSummary: {
    subjectId: (subject) => encodeId(subject.__typename, subject.id),
    reactions(subject, _, { loaders }) {
      if (subject.__typename === 'Comment') return reactionsTo.Comment(subject, loaders);
      if (subject.__typename === 'CoverageEntry') return reactionsTo.CoverageEntry(subject, loaders);
      return reactionsTo.Post(subject, loaders);
    },
  },
  Mutation: {
    addReaction: mutation(inputs.reaction, async (command, caller, { services }: Context) => ({
      reactions: await services.reactions.add(caller, command),
    })),
    removeReaction: mutation(inputs.reaction, async (command, caller, { services }: Context) => ({
      reactions: await services.reactions.remove(caller, command),
    })),
  },
  Post: { reactions: (post, _, { loaders }) => reactionsTo.Post(post, loaders) },
  Comment: { reactions: (comment, _, { loaders }) => reactionsTo.Comment(comment, loaders) },
  CoverageEntry: { reactions: (entry, _, { loaders }) => reactionsTo.CoverageEntry(entry, loaders) },
  ReactionCount: {
    viewerHasReacted: (row, _, { loaders }) => row.viewerHasReacted ?? loaders.reactions.hasReacted(row),
  },
  ReactionPayload: {
    reactions: (payload) => payload.reactions ?? [],
  },
};
