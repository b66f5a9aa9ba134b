import type { Context } from '../../context.js';
import type { Resolvers } from '../../generated/resolvers.js';
import { mutation } from '../../graphql/mutations.js';
import * as inputs from './inputs.js';

const reactions = (subject: { readonly id: string }, loaders: Context['loaders']) =>
  loaders.reactions.counts.load(subject.id);

export const reactionResolvers: Resolvers = {
  Mutation: {
    addReaction: mutation(inputs.reaction, async (command, caller, { services }: Context) => ({
      reactions: await services.reactions.add(caller, command),
    })),
    removeReaction: mutation(inputs.reaction, async (command, caller, { services }: Context) => ({
      reactions: await services.reactions.remove(caller, command),
    })),
  },
  Post: {
    reactions: (post, _, { loaders }) => reactions(post, loaders),
  },
  // What was deleted or retracted takes the reactions to it along.
  Comment: {
    reactions: (comment, _, { loaders }) => (comment.state === 'DELETED' ? [] : reactions(comment, loaders)),
  },
  CoverageEntry: {
    reactions: (entry, _, { loaders }) => (entry.retractedAt === null ? reactions(entry, loaders) : []),
  },
  ReactionCount: {
    viewerHasReacted: (row, _, { loaders }) => row.viewerHasReacted ?? loaders.reactions.hasReacted(row),
  },
  ReactionPayload: {
    reactions: (payload) => payload.reactions ?? [],
  },
};
