import type { AuditFilter, Resolvers } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields } from '../../graphql/connections.js';
import { decodeId, encodeId, type IdType } from '../../graphql/globalIds.js';
import type { AuditEntryRow, AuditListFilter } from './repo.js';

const byTime = (entry: AuditEntryRow) => [entry.createdAt.getTime(), entry.id] as const;

/** What an id of the filter stands for; `undefined` when it was not given, null when it is that of nothing. */
function given(id: string | null | undefined, type?: IdType) {
  if (id == null) return undefined;
  const decoded = decodeId(id);
  return decoded === undefined || (type !== undefined && decoded.type !== type) ? null : decoded;
}

/** The filter in the terms of the database; null when one of its ids is that of nothing, so that nothing matches. */
function opened(filter: AuditFilter): AuditListFilter | null {
  const actor = given(filter.actorId, 'User');
  const user = given(filter.userId, 'User');
  const subject = given(filter.subjectId);
  if (actor === null || user === null || subject === null) return null;
  return {
    ...(actor && { actorId: actor.uuid }),
    ...(user && { userId: user.uuid }),
    ...(subject && { subject }),
  };
}

const NOTHING = { rows: [], hasNextPage: false, hasPreviousPage: false };

export const auditResolvers: Resolvers = {
  Query: {
    auditLog: (_, { filter, ...args }, { cursors, loaders }) => {
      const wanted = opened(filter ?? {});
      return connect<AuditEntryRow>(cursors, `auditLog:${JSON.stringify(wanted)}`, args, {
        page: (request) => (wanted === null ? Promise.resolve(NOTHING) : loaders.audit.list(wanted, request)),
        totalCount: () => (wanted === null ? Promise.resolve(0) : loaders.audit.count(wanted)),
        position: byTime,
      });
    },
  },
  AuditEntry: {
    id: (entry) => encodeId('AuditEntry', entry.id),
    actor: (entry, _, { loaders }) =>
      entry.actorId === null ? null : loaders.accounts.byId.load(entry.actorId),
    user: (entry, _, { loaders }) =>
      entry.userId === null ? null : loaders.accounts.byId.load(entry.userId),
    // Whoever writes an entry names the type of the subject as the schema does.
    subjectId: (entry) => encodeId(entry.subjectType as IdType, entry.subjectId),
    details: (entry) => JSON.stringify(entry.details),
  },
  AuditEntryConnection: connectionFields,
  AuditEntryEdge: edgeFields,
};
