import type DataLoader from 'dataloader';
import { indexBy } from '../../lib/grouping.js';
import { createLoader } from '../../lib/loading.js';
import { type PageRequest, pageOf } from '../../lib/paging.js';
import { highlightOf, withoutNegated } from './highlight.js';
import type { Match, SearchKind, SearchRepo } from './repo.js';

/** The searches of one request. */
export function createSearchLoaders(repo: SearchRepo) {
  const byQuery = new Map<string, DataLoader<Match, string | null, string>>();

  return {
    page: async (query: string, kinds: readonly SearchKind[], request: PageRequest) =>
      pageOf(await repo.matches(query, kinds, request), request),
    count: (query: string, kinds: readonly SearchKind[]) => repo.count(query, kinds),
    /** The highlight of a match of a query. */
    highlight(query: string, match: Match): Promise<string | null> {
      let loader = byQuery.get(query);
      if (loader === undefined) {
        loader = createLoader(
          'search.highlight',
          async (matches) => {
            const kinds = [...new Set(matches.map(({ kind }) => kind))];
            const passages = await repo.passages(
              withoutNegated(query),
              kinds,
              matches.map(({ id }) => id),
            );
            const byId = indexBy(passages, (passage) => passage.id);
            return matches.map(({ id }) => {
              const passage = byId.get(id);
              return passage === undefined ? null : highlightOf(passage);
            });
          },
          { cacheKeyFn: ({ id }) => id },
        );
        byQuery.set(query, loader);
      }
      return loader.load(match);
    },
  };
}
