import type { Database } from '../../db/client.js';
import { pageOf, type PageRequest } from '../../lib/paging.js';
import { type AuditListFilter, createAuditRepo } from './repo.js';

/** The audit log as one request reads it; the schema's guard keeps it from everybody but administrators. */
export function createAuditLoaders(db: Database) {
  const repo = createAuditRepo(db);
  return {
    list: async (filter: AuditListFilter, request: PageRequest) =>
      pageOf(await repo.list(filter, request), request),
    count: async (filter: AuditListFilter): Promise<number> => (await repo.count(filter))[0]?.count ?? 0,
  };
}
