import type { Viewer } from '../../auth/viewer.js';
import type { Database } from '../../db/client.js';
import { createPageLoader, readPage } from '../../events/pages.js';
import { type Asked, asksFor, asksOnlyFor } from '../../graphql/asked.js';
import { groupBy, indexBy } from '../../lib/grouping.js';
import { createCountLoader, createRowLoader, createRowsLoader, primeById } from '../../lib/loading.js';
import type { PageRequest } from '../../lib/paging.js';
import { mayReadPost } from './policy.js';
import { countPosts, listPosts, type PostListFilter } from './repo/listing.js';
import { createPostRepo, type PostColumns, type PostRow } from './repo/reading.js';
import { createRevisionRepo } from './repo/revisions.js';
import { createUnpublishedRepo, type UnpublishedFilter } from './repo/unpublished.js';

// Excerpts are at most 1,000 graphemes; a grapheme of several code points is rare enough that three on average cover it.
const OPENING_CHARACTERS = 3_000;

/** The fields that `body` loads. */
const BODY = ['body', 'bodyFormat', 'bodyHtml'];

/** The fields of a post that need no more columns than lists show. */
const LISTED: ReadonlySet<string> = new Set([
  ...BODY,
  '__typename',
  'id',
  'slug',
  'title',
  'summary',
  'language',
  'direction',
  'status',
  'publishedAt',
  'commentCount',
  'excerpt',
  'authors',
  'tags',
  'comments',
  'coverage',
  'reactions',
  'viewerHasBookmarked',
]);

/** The columns of posts that an operation needs of a list. */
const columnsFor = (asked: Asked): PostColumns => (asksOnlyFor(asked, 'Post', LISTED) ? 'LISTED' : 'ALL');

/** A version of a post as the key of a loader. */
export const keyOf = (postId: string, version: number): string => `${postId}:${version}`;

const versionOf = (key: string) => {
  const [postId = '', version] = key.split(':');
  return { postId, version: Number(version) };
};

/**
 * The posts of one request, as far as its viewer may read them.
 *
 * @param read gets the ids of those that were read.
 * @param asked what the request asks for.
 */
export function createPostLoaders(db: Database, viewer: Viewer, read: Set<string>, asked: Asked) {
  const repo = createPostRepo(db);
  const revisions = createRevisionRepo(db);
  /** Whether the by-line names the viewer. */
  const own = createRowLoader('posts.own', async (ids) =>
    viewer.userId === null
      ? new Map<string, { id: string }>()
      : indexBy(await repo.ofAuthor(viewer.userId, ids), (post) => post.id),
  );
  const isOwn = async (id: string): Promise<boolean> => (await own.load(id)) !== null;
  /** Whose by-line it is matters only where the post is not public. */
  const readable = async <Row extends PostRow>(rows: readonly Row[]): Promise<Row[]> => {
    const may = await Promise.all(
      rows.map(async ({ id, status }) =>
        mayReadPost(viewer, { status, isOwn: status !== 'PUBLISHED' && (await isOwn(id)) }),
      ),
    );
    const seen = rows.filter((_, place) => may[place]);
    for (const { id } of seen) read.add(id);
    return seen;
  };
  const byId = createRowLoader<PostRow>('posts.byId', async (ids) =>
    indexBy(await readable(await repo.byIds(ids)), (post) => post.id),
  );

  /** The statement reads posts by another key: let `byId` know them. */
  const primed = <Row extends PostRow>(rows: readonly Row[]): readonly Row[] => {
    primeById(byId, rows);
    for (const { id } of rows) read.add(id);
    return rows;
  };
  const body = createRowLoader('posts.body', async (ids) =>
    indexBy(await repo.bodies(ids), (post) => post.id),
  );

  return {
    byId,
    isOwn,
    /** Of whose body is asked next, it is read in the same statement. */
    bySlug: createRowLoader<PostRow>('posts.bySlug', async (slugs) => {
      if (!asksFor(asked, 'Post', BODY))
        return indexBy(primed(await readable(await repo.bySlugs(slugs))), (post) => post.askedSlug);
      const rows = await readable(await repo.wholeBySlugs(slugs));
      primeById(
        body,
        rows.map(({ content }) => content),
      );
      return indexBy(primed(rows), (post) => post.askedSlug);
    }),
    byExternalId: createRowLoader<PostRow>('posts.byExternalId', async (externalIds) =>
      indexBy(primed(await readable(await repo.byExternalIds(externalIds))), (post) => post.externalId ?? ''),
    ),
    body,
    opening: createRowLoader('posts.opening', async (ids) =>
      indexBy(await repo.openings(ids, OPENING_CHARACTERS), (post) => post.id),
    ),
    byTranslationGroup: createRowsLoader<PostRow>('posts.byTranslationGroup', async (groupIds) =>
      groupBy(primed(await repo.byTranslationGroups(groupIds)), (post) => post.translationGroupId ?? ''),
    ),
    byAuthor: createPageLoader('posts.byAuthor', db, async (reader, userIds, request) =>
      primed(await createPostRepo(reader).byAuthors(userIds, request)),
    ),
    countByAuthor: createCountLoader('posts.countByAuthor', repo.countByAuthors),
    byTag: createPageLoader('posts.byTag', db, async (reader, tagIds, request) =>
      primed(await createPostRepo(reader).byTags(tagIds, request)),
    ),
    countByTag: createCountLoader('posts.countByTag', repo.countByTags),
    list: (filter: PostListFilter, descending: boolean, request: PageRequest, topic: string | undefined) =>
      readPage(db, request, topic, async (reader) =>
        primed(await listPosts(reader, filter, descending, request, columnsFor(asked))),
      ),
    /** Posts that readers don't find; for those who may read them. */
    unpublished: (filter: UnpublishedFilter, request: PageRequest, topic: string | undefined) =>
      readPage(db, request, topic, async (reader) =>
        primed(await createUnpublishedRepo(reader).list(filter, request)),
      ),
    countUnpublished: async (filter: UnpublishedFilter): Promise<number> =>
      (await createUnpublishedRepo(db).count(filter))[0]?.count ?? 0,
    /** The versions of posts; for those who may read them. */
    revisions: createPageLoader('posts.revisions', db, (reader, postIds, request) =>
      createRevisionRepo(reader).byPosts(postIds, request),
    ),
    countRevisions: createCountLoader('posts.countRevisions', revisions.countByPosts),
    revisionBody: createRowLoader('posts.revisionBody', async (keys) =>
      indexBy(await revisions.bodies(keys.map(versionOf)), (row) => keyOf(row.post_id, row.version)),
    ),
    count: (filter: PostListFilter): Promise<number> => countPosts(db, filter),
  };
}
