import { groupBy, indexBy } from '../../lib/grouping.js';
import { createRowLoader, createRowsLoader, primeById } from '../../lib/loading.js';
import type { AccountRepo, ApiTokenRow, UserRow } from './repo/reading.js';

/** The accounts of one request. */
export function createAccountLoaders(repo: AccountRepo) {
  const byId = createRowLoader<UserRow>('accounts.byId', async (ids) =>
    indexBy(await repo.byIds(ids), (user) => user.id),
  );
  return {
    byId,
    byPost: createRowsLoader<UserRow>('accounts.byPost', async (postIds) => {
      const rows = await repo.byPosts(postIds);
      primeById(byId, rows);
      return groupBy(rows, (row) => row.postId);
    }),
    /** By user name in its stored form: lower case, NFKC. */
    byUsername: createRowLoader<UserRow>('accounts.byUsername', async (usernames) => {
      const rows = await repo.byUsernames(usernames);
      primeById(byId, rows);
      return indexBy(rows, (user) => user.username);
    }),
    apiTokens: createRowsLoader<ApiTokenRow>('accounts.apiTokens', async (userIds) =>
      groupBy(await repo.apiTokensOf(userIds), (token) => token.userId),
    ),
  };
}
