import type { Viewer } from '../../auth/viewer.js';
import type { Database } from '../../db/client.js';
import { createPageLoader, readPage } from '../../events/pages.js';
import { groupBy, indexBy } from '../../lib/grouping.js';
import { createCountLoader, createRowLoader, createRowsLoader, primeById } from '../../lib/loading.js';
import type { PageRequest } from '../../lib/paging.js';
import { mayReadPost } from './policy.js';
import { createPostRepo, type PostListFilter, type PostRow } from './repo/reading.js';
import { createRevisionRepo } from './repo/revisions.js';
import { createUnpublishedRepo, type UnpublishedFilter } from './repo/unpublished.js';

// Excerpts are at most 1,000 graphemes; a grapheme of several code points is rare enough that three on average cover it.
const OPENING_CHARACTERS = 3_000;

/** A version of a post as the key of a loader. */
export const keyOf = (postId: string, version: number): string => `${postId}:${version}`;

const versionOf = (key: string) => {
  const [postId = '', version] = key.split(':');
  return { postId, version: Number(version) };
};

/** The posts of one request, as far as its viewer may read them. */
export function createPostLoaders(db: Database, viewer: Viewer) {
  const repo = createPostRepo(db);
  const revisions = createRevisionRepo(db);
  /** Whether the by-line names the viewer. */
  const own = createRowLoader(async (ids) =>
    viewer.userId === null
      ? new Map<string, { id: string }>()
      : indexBy(await repo.ofAuthor(viewer.userId, ids), (post) => post.id),
  );
  const isOwn = async (id: string): Promise<boolean> => (await own.load(id)) !== null;
  /** Whose by-line it is matters only where the post is not public. */
  const readable = async <Row extends PostRow>(rows: readonly Row[]): Promise<Row[]> => {
    const asked = await Promise.all(
      rows.map(async (post) =>
        mayReadPost(viewer, { ...post, isOwn: post.status !== 'PUBLISHED' && (await isOwn(post.id)) }),
      ),
    );
    return rows.filter((_, place) => asked[place]);
  };
  const byId = createRowLoader<PostRow>(async (ids) =>
    indexBy(await readable(await repo.byIds(ids)), (post) => post.id),
  );

  /** The statement reads posts by another key: let `byId` know them. */
  const primed = <Row extends PostRow>(rows: readonly Row[]): readonly Row[] => {
    primeById(byId, rows);
    return rows;
  };

  return {
    byId,
    isOwn,
    bySlug: createRowLoader<PostRow>(async (slugs) =>
      indexBy(primed(await readable(await repo.bySlugs(slugs))), (post) => post.askedSlug),
    ),
    byExternalId: createRowLoader<PostRow>(async (externalIds) =>
      indexBy(primed(await readable(await repo.byExternalIds(externalIds))), (post) => post.externalId ?? ''),
    ),
    body: createRowLoader(async (ids) => indexBy(await repo.bodies(ids), (post) => post.id)),
    opening: createRowLoader(async (ids) =>
      indexBy(await repo.openings(ids, OPENING_CHARACTERS), (post) => post.id),
    ),
    byTranslationGroup: createRowsLoader<PostRow>(async (groupIds) =>
      groupBy(primed(await repo.byTranslationGroups(groupIds)), (post) => post.translationGroupId ?? ''),
    ),
    byAuthor: createPageLoader(db, async (reader, userIds, request) =>
      primed(await createPostRepo(reader).byAuthors(userIds, request)),
    ),
    countByAuthor: createCountLoader(repo.countByAuthors),
    byTag: createPageLoader(db, async (reader, tagIds, request) =>
      primed(await createPostRepo(reader).byTags(tagIds, request)),
    ),
    countByTag: createCountLoader(repo.countByTags),
    list: (filter: PostListFilter, descending: boolean, request: PageRequest, topic: string | undefined) =>
      readPage(db, request, topic, async (reader) =>
        primed(await createPostRepo(reader).list(filter, descending, request)),
      ),
    /** Posts that readers don't find; for those who may read them. */
    unpublished: (filter: UnpublishedFilter, request: PageRequest, topic: string | undefined) =>
      readPage(db, request, topic, async (reader) =>
        primed(await createUnpublishedRepo(reader).list(filter, request)),
      ),
    countUnpublished: async (filter: UnpublishedFilter): Promise<number> =>
      (await createUnpublishedRepo(db).count(filter))[0]?.count ?? 0,
    /** The versions of posts; for those who may read them. */
    revisions: createPageLoader(db, (reader, postIds, request) =>
      createRevisionRepo(reader).byPosts(postIds, request),
    ),
    countRevisions: createCountLoader(revisions.countByPosts),
    revisionBody: createRowLoader(async (keys) =>
      indexBy(await revisions.bodies(keys.map(versionOf)), (row) => keyOf(row.post_id, row.version)),
    ),
    count: async (filter: PostListFilter): Promise<number> => (await repo.count(filter))[0]?.count ?? 0,
  };
}
