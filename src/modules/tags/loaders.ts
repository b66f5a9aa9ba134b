import { groupBy, indexBy } from '../../lib/grouping.js';
import { createRowLoader, createRowsLoader, primeById } from '../../lib/loading.js';
import { type PageRequest, pageOf } from '../../lib/paging.js';
import type { TagRepo, TagRow } from './repo.js';

/** The tags of one request. */
export function createTagLoaders(repo: TagRepo) {
  const byId = createRowLoader<TagRow>('tags.byId', async (ids) =>
    indexBy(await repo.byIds(ids), (tag) => tag.id),
  );

  return {
    byId,
    byPost: createRowsLoader<TagRow>('tags.byPost', async (postIds) => {
      const rows = await repo.byPosts(postIds);
      primeById(byId, rows);
      return groupBy(rows, (row) => row.postId);
    }),
    /** By slug in its stored form: lower case, NFKC. */
    bySlug: createRowLoader<TagRow>('tags.bySlug', async (slugs) => {
      const rows = await repo.bySlugs(slugs);
      primeById(byId, rows);
      return indexBy(rows, (tag) => tag.slug);
    }),
    async list(request: PageRequest) {
      const page = pageOf(await repo.list(request), request);
      primeById(byId, page.rows);
      return page;
    },
    async count(): Promise<number> {
      return (await repo.count())[0]?.count ?? 0;
    },
  };
}
