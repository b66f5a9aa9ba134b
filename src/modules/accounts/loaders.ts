import { type Asked, asksOnlyFor } from '../../graphql/asked.js';
import { groupBy, indexBy } from '../../lib/grouping.js';
import { createRowLoader, createRowsLoader, primeById } from '../../lib/loading.js';
import type { AccountRepo, ApiTokenRow, UserColumns, UserRow } from './repo/reading.js';

/** The fields of a user that need no more columns than by-lines show. */
const BY_LINE: ReadonlySet<string> = new Set([
  '__typename',
  'id',
  'username',
  'name',
  'posts',
  'viewerFollows',
]);

/** The columns of users that an operation needs. */
export const columnsFor = (asked: Asked): UserColumns =>
  asksOnlyFor(asked, 'User', BY_LINE) ? 'BY_LINE' : 'ALL';

/** The accounts of one request. @param asked what it asks for. */
export function createAccountLoaders(repo: AccountRepo, asked: Asked) {
  const byId = createRowLoader<UserRow>('accounts.byId', async (ids) =>
    indexBy(await repo.byIds(ids, columnsFor(asked)), (user) => user.id),
  );
  return {
    byId,
    byPost: createRowsLoader<UserRow>('accounts.byPost', async (postIds) => {
      const rows = await repo.byPosts(postIds, columnsFor(asked));
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
