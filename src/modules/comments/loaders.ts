import type { Viewer } from '../../auth/viewer.js';
import type { Database } from '../../db/client.js';
import { createPageLoader, readPage } from '../../events/pages.js';
import { type Asked, asksOnlyFor } from '../../graphql/asked.js';
import { groupBy, indexBy } from '../../lib/grouping.js';
import {
  createCountLoader,
  createRowLoader,
  createRowsLoader,
  ownedRows,
  primeById,
  type RowLoader,
} from '../../lib/loading.js';
import type { PageRequest } from '../../lib/paging.js';
import { userColumnsFor, type UserRow } from '../accounts/public.js';
import { seenComment, sightOf } from './policy.js';
import {
  type CommentColumns,
  type CommentReportRow,
  type CommentRow,
  createCommentRepo,
} from './repo/reading.js';

/** The fields of a comment that need neither of its texts, nor a column that is hardly asked for. */
const USUAL = [
  '__typename',
  'id',
  'post',
  'author',
  'parent',
  'ancestors',
  'depth',
  'state',
  'createdAt',
  'replyCount',
  'replies',
  'reactions',
];
const WITH_BODY: ReadonlySet<string> = new Set([...USUAL, 'body', 'direction']);
const WITH_BODY_HTML: ReadonlySet<string> = new Set([...USUAL, 'bodyHtml']);

/** The columns of comments that an operation needs. */
const columnsFor = (asked: Asked): CommentColumns => {
  if (asksOnlyFor(asked, 'Comment', WITH_BODY)) return 'BODY';
  return asksOnlyFor(asked, 'Comment', WITH_BODY_HTML) ? 'BODY_HTML' : 'ALL';
};

/**
 * The comments of one request, as far as its viewer may read them.
 *
 * @param readablePosts loads a post if the viewer may read it: a comment is never more public than its post.
 * @param users is told of the authors that pages are read with.
 * @param asked what the request asks for.
 */
export function createCommentLoaders(
  db: Database,
  viewer: Viewer,
  readablePosts: RowLoader<unknown>,
  users: RowLoader<UserRow>,
  asked: Asked,
) {
  const sight = sightOf(viewer);
  const repoOver = (reader: Database) =>
    createCommentRepo(reader, sight, () => ({ columns: columnsFor(asked), author: userColumnsFor(asked) }));
  const repo = repoOver(db);
  const seen = <Row extends CommentRow>(rows: readonly Row[]): Row[] =>
    rows.map((row) => seenComment(sight, row)).filter((row) => row !== null);
  const byId = createRowLoader<CommentRow>('comments.byId', async (ids) =>
    indexBy(
      // Whoever is answered nothing was answered about the post all the same.
      seen(await ownedRows(await repo.byIds(ids), readablePosts, (comment) => comment.postId)),
      (comment) => comment.id,
    ),
  );
  /** Rows of a list whose owner is readable: let `byId` know them. */
  const primed = <Row extends CommentRow>(rows: readonly Row[]): readonly Row[] => {
    const comments = seen(rows);
    primeById(byId, comments);
    return comments;
  };

  /** The same for rows with their authors. */
  const primedWithAuthors = <Row extends CommentRow & { readonly author: UserRow | null }>(
    rows: readonly Row[],
  ): readonly Row[] => {
    primeById(
      users,
      rows.flatMap(({ author }) => author ?? []),
    );
    return primed(rows);
  };

  const listOf = (topLevelOnly: boolean) => ({
    page: createPageLoader('comments.page', db, async (reader, postIds, request) =>
      primedWithAuthors(await repoOver(reader).byPosts(postIds, topLevelOnly, request)),
    ),
    count: createCountLoader('comments.count', (postIds) => repo.countByPosts(postIds, topLevelOnly)),
  });

  return {
    byId,
    /** Top-level comments of posts. */
    topLevel: listOf(true),
    /** Comments of posts, of every depth. */
    flat: listOf(false),
    replies: createPageLoader('comments.replies', db, async (reader, commentIds, request) =>
      primedWithAuthors(await repoOver(reader).replies(commentIds, request)),
    ),
    countReplies: createCountLoader('comments.countReplies', repo.countReplies),
    ancestors: createRowsLoader<CommentRow>('comments.ancestors', async (commentIds) =>
      groupBy(seen(await repo.ancestors(commentIds)), (row) => row.descendantId),
    ),
    /** What waits for moderators; for moderators only. */
    queue: (request: PageRequest) =>
      readPage(db, request, undefined, async () => primed(await repo.queue(request))),
    countQueue: async (): Promise<number> => (await repo.countQueue())[0]?.count ?? 0,
    openReports: createRowsLoader<CommentReportRow>('comments.openReports', async (commentIds) =>
      groupBy(await repo.openReports(commentIds), (row) => row.commentId),
    ),
  };
}
