import type { Viewer } from '../../auth/viewer.js';
import { groupBy, indexBy } from '../../lib/grouping.js';
import {
  createCountLoader,
  createPageLoader,
  createRowLoader,
  createRowsLoader,
  pagesByParent,
  primeById,
} from '../../lib/loading.js';
import { type PageRequest, pageOf } from '../../lib/paging.js';
import { mayReadPost } from './policy.js';
import type { PostListFilter, PostRepo, PostRow } from './repo.js';

// Excerpts are at most 1,000 graphemes; a grapheme of several code points is rare enough that three on average cover it.
const OPENING_CHARACTERS = 3_000;

/** The posts of one request, as far as its viewer may read them. */
export function createPostLoaders(repo: PostRepo, viewer: Viewer) {
  const readable = (rows: readonly PostRow[]): PostRow[] => rows.filter((post) => mayReadPost(viewer, post));
  const byId = createRowLoader<PostRow>(async (ids) =>
    indexBy(readable(await repo.byIds(ids)), (post) => post.id),
  );

  /** The statement reads posts by another key: let `byId` know them. */
  const primed = <Row extends PostRow>(rows: readonly Row[]): readonly Row[] => {
    primeById(byId, rows);
    return rows;
  };

  return {
    byId,
    bySlug: createRowLoader<PostRow>(async (slugs) =>
      indexBy(primed(readable(await repo.bySlugs(slugs))), (post) => post.slug),
    ),
    byExternalId: createRowLoader<PostRow>(async (externalIds) =>
      indexBy(primed(readable(await repo.byExternalIds(externalIds))), (post) => post.externalId ?? ''),
    ),
    body: createRowLoader(async (ids) => indexBy(await repo.bodies(ids), (post) => post.id)),
    opening: createRowLoader(async (ids) =>
      indexBy(await repo.openings(ids, OPENING_CHARACTERS), (post) => post.id),
    ),
    byTranslationGroup: createRowsLoader<PostRow>(async (groupIds) =>
      groupBy(primed(await repo.byTranslationGroups(groupIds)), (post) => post.translationGroupId ?? ''),
    ),
    byAuthor: createPageLoader<PostRow>(async (userIds, request) =>
      pagesByParent(primed(await repo.byAuthors(userIds, request)), request),
    ),
    countByAuthor: createCountLoader(repo.countByAuthors),
    byTag: createPageLoader<PostRow>(async (tagIds, request) =>
      pagesByParent(primed(await repo.byTags(tagIds, request)), request),
    ),
    countByTag: createCountLoader(repo.countByTags),
    list: async (filter: PostListFilter, descending: boolean, request: PageRequest) =>
      pageOf(primed(await repo.list(filter, descending, request)), request),
    count: async (filter: PostListFilter): Promise<number> => (await repo.count(filter))[0]?.count ?? 0,
  };
}
