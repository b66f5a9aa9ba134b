import type { Resolvers } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields, streamField } from '../../graphql/connections.js';
import { encodeId } from '../../graphql/globalIds.js';
import { expectRow } from '../../lib/loading.js';
import { directionOf } from '../../render/direction.js';
import type { CoverageEntryRow } from './repo.js';

const byOccurrence = (entry: CoverageEntryRow) => [entry.occurredAt.getTime(), entry.id] as const;

export const coverageResolvers: Resolvers = {
  Post: {
    coverage: (post, _, { loaders }) => loaders.coverage.byPost.load(post.id),
  },
  Coverage: {
    id: (coverage) => encodeId('Coverage', coverage.id),
    post: async (coverage, _, { loaders }) =>
      expectRow(await loaders.posts.byId.load(coverage.postId), 'posts', coverage.postId),
    entries: (coverage, { keyOnly, ...args }, { cursors, loaders }) =>
      connect(cursors, `coverage.${keyOnly ? 'keyEntries' : 'entries'}:${coverage.id}`, args, {
        page: (request) =>
          (keyOnly ? loaders.coverage.keyEntries : loaders.coverage.entries).load(coverage.id, request),
        totalCount: async () =>
          keyOnly ? loaders.coverage.countKeyEntries(coverage.id) : coverage.entryCount,
        position: byOccurrence,
        topic: `post:${coverage.postId}:coverage`,
      }),
  },
  CoverageEntry: {
    id: (entry) => encodeId('CoverageEntry', entry.id),
    coverage: async (entry, _, { loaders }) =>
      expectRow(await loaders.coverage.byId.load(entry.coverageId), 'coverages', entry.coverageId),
    direction: (entry) => directionOf(entry.body),
  },
  CoverageEntryConnection: { ...connectionFields, ...streamField },
  CoverageEntryEdge: edgeFields,
};
