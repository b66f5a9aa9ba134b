import type { Context } from '../../context.js';
import type { Resolvers } from '../../generated/resolvers.js';

const reactions = (subject: { id: string }, _: unknown, { loaders }: Context) =>
  loaders.reactions.counts.load(subject.id);

export const reactionResolvers: Resolvers = {
  Post: { reactions },
  Comment: { reactions },
  CoverageEntry: { reactions },
  ReactionCount: {
    viewerHasReacted: (row, _, { loaders }) => loaders.reactions.hasReacted(row),
  },
};
