import type { Caller } from '../../changes/caller.js';
import type { Context } from '../../context.js';
import type { Resolvers, SubscriptionCoverageChangedArgs } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields, streamField } from '../../graphql/connections.js';
import { encodeId } from '../../graphql/globalIds.js';
import { mutation } from '../../graphql/mutations.js';
import { topicOf } from '../../events/topics.js';
import { DomainError } from '../../lib/errors.js';
import { expectRow } from '../../lib/loading.js';
import { catchUp, eventConnectionFields, eventEdgeFields } from '../../live/catchUp.js';
import { asFound, subscription } from '../../live/source.js';
import { directionOf } from '../../render/direction.js';
import { postIdOf } from '../posts/public.js';
import * as inputs from './inputs.js';
import { postCoverage } from './streams.js';
import type { CoverageEntryRow, CoverageRow } from './repo/reading.js';

const byOccurrence = (entry: CoverageEntryRow) => [entry.occurredAt.getTime(), entry.id] as const;

/** A repeat answers the coverage as it is by now, if the viewer still may read it. */
async function coveragePayload(changed: Promise<CoverageRow>, caller: Caller, { loaders }: Context) {
  const coverage = await changed;
  return {
    coverage: caller.once?.isRepeat === true ? await loaders.coverage.byId.load(coverage.id) : coverage,
  };
}

/** What a mutation answers, as far as the viewer still sees it. */
async function entryPayload(changed: Promise<CoverageEntryRow>, caller: Caller, { loaders }: Context) {
  const entry = await changed;
  // A key gets the first answer again, perhaps after the entry was retracted.
  const isGone = caller.once?.isRepeat === true && (await loaders.coverage.entryById.load(entry.id)) === null;
  return { entry: isGone || !loaders.coverage.sees(entry) ? null : entry };
}

export const coverageResolvers: Resolvers = {
  Query: {
    coverageEvents: (_, { postId, ...args }, context) =>
      catchUp(postCoverage(postIdOf(postId), context), args, context),
  },
  Subscription: {
    coverageChanged: subscription(({ postId }: SubscriptionCoverageChangedArgs, context: Context) =>
      postCoverage(postIdOf(postId), context),
    ),
  },
  CoverageEvent: {
    type: async ({ type, facts }, _, { loaders }) =>
      'entryId' in facts ? asFound(type, await loaders.coverage.entryById.load(facts.entryId)) : type,
    entryId: ({ facts }) =>
      'entryId' in facts ? encodeId('CoverageEntry', facts.entryId) : encodeId('Coverage', facts.coverageId),
    entry: ({ type, facts }, _, { loaders }) =>
      type === 'REMOVED' || !('entryId' in facts) ? null : loaders.coverage.entryById.load(facts.entryId),
    coverage: async ({ facts }, _, { loaders }) => {
      const coverage = await loaders.coverage.byId.load(facts.coverageId);
      // The post was taken from the viewer since; the event that says so is on its way.
      if (coverage === null) throw new DomainError('FORBIDDEN', 'You may not read this coverage any more.');
      return coverage;
    },
  },
  Mutation: {
    startCoverage: mutation(inputs.startCoverage, (command, caller, context: Context) =>
      coveragePayload(context.services.coverage.start(caller, command), caller, context),
    ),
    endCoverage: mutation(inputs.endCoverage, (command, caller, context: Context) =>
      coveragePayload(context.services.coverage.end(caller, command), caller, context),
    ),
    addCoverageEntry: mutation(inputs.addCoverageEntry, (command, caller, context: Context) =>
      entryPayload(context.services.coverage.addEntry(caller, command), caller, context),
    ),
    updateCoverageEntry: mutation(inputs.updateCoverageEntry, (command, caller, context: Context) =>
      entryPayload(context.services.coverage.correctEntry(caller, command), caller, context),
    ),
    retractCoverageEntry: mutation(inputs.retractCoverageEntry, (command, caller, context: Context) =>
      entryPayload(context.services.coverage.retractEntry(caller, command), caller, context),
    ),
  },
  Post: {
    coverage: (post, _, { loaders }) => loaders.coverage.byPost.load(post.id),
  },
  Coverage: {
    id: (coverage) => encodeId('Coverage', coverage.id),
    post: async (coverage, _, { loaders }) =>
      expectRow(await loaders.posts.byId.load(coverage.postId), 'post'),
    entries: (coverage, { keyOnly, ...args }, { cursors, loaders }) => {
      const { entries, keyEntries } = loaders.coverage;
      return connect(cursors, `coverage.${keyOnly ? 'keyEntries' : 'entries'}:${coverage.id}`, args, {
        page: (request, topic) => (keyOnly ? keyEntries : entries).page.load(coverage.id, request, topic),
        totalCount: () => (keyOnly ? keyEntries.count(coverage.id) : entries.count(coverage)),
        position: byOccurrence,
        topic: topicOf.coverage(coverage.postId),
      });
    },
  },
  CoverageEntry: {
    id: (entry) => encodeId('CoverageEntry', entry.id),
    coverage: async (entry, _, { loaders }) =>
      expectRow(await loaders.coverage.byId.load(entry.coverageId), 'coverage'),
    direction: (entry) => directionOf(entry.body),
  },
  CoverageEntryConnection: { ...connectionFields, ...streamField },
  CoverageEntryEdge: edgeFields,
  CoverageEventConnection: eventConnectionFields,
  CoverageEventEdge: eventEdgeFields,
};
