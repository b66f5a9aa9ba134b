import { and, eq, gt, inArray, isNotNull, isNull, or, type Placeholder, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.js';
import { keyset } from '../../../db/keyset.js';
import {
  anyOf,
  columnsOf,
  named,
  listParentId,
  listParents,
  readied,
  readiedPage,
} from '../../../db/statement.js';
import { users } from '../../../db/tables/accounts.js';
import { commentReports, comments } from '../../../db/tables/comments.js';
import { posts } from '../../../db/tables/posts.js';
import type { PageRequest } from '../../../lib/paging.js';
import { type UserColumns, userColumnsOf, type UserRow } from '../../accounts/public.js';

/** The columns of a {@link CommentRow}. */
export const commentColumns = {
  id: comments.id,
  externalId: comments.externalId,
  postId: comments.postId,
  parentId: comments.parentId,
  depth: comments.depth,
  authorId: comments.authorId,
  state: comments.state,
  body: comments.body,
  bodyHtml: comments.bodyHtml,
  createdAt: comments.createdAt,
  editedAt: comments.editedAt,
  version: comments.version,
  replyCount: comments.replyCount,
  reportCount: comments.reportCount,
};

/** A row of comments. */
export type CommentRow = Pick<typeof comments.$inferSelect, keyof typeof commentColumns>;

/** All columns of comments, or what most operations need, with one of the texts. */
export type CommentColumns = 'ALL' | 'BODY' | 'BODY_HTML';

const usualColumns = {
  id: comments.id,
  postId: comments.postId,
  parentId: comments.parentId,
  depth: comments.depth,
  authorId: comments.authorId,
  state: comments.state,
  createdAt: comments.createdAt,
  replyCount: comments.replyCount,
};

/** The columns themselves. What is not read is not there, whatever the type says: nobody asked for it. */
const commentColumnsOf = (columns: CommentColumns): typeof commentColumns => {
  const usual =
    columns === 'BODY'
      ? { ...usualColumns, body: comments.body }
      : { ...usualColumns, bodyHtml: comments.bodyHtml };
  return columns === 'ALL' ? commentColumns : (usual as typeof commentColumns);
};

export type CommentRepo = ReturnType<typeof createCommentRepo>;

/** Which comments a viewer sees, as far as it depends on the viewer. */
export interface CommentSight {
  /** Those that wait and those that are hidden as well. */
  readonly all: boolean;
  /** Those on unpublished posts as well, whosever they are. */
  readonly unpublished: boolean;
  /** Whose own comments are seen while they wait. */
  readonly userId: string | null;
}

/** In lists stand visible comments, and deleted ones that hold the place of their replies; for some viewers, more. */
const listed = (all: boolean, userId: string | Placeholder | null) =>
  or(
    all ? inArray(comments.state, ['VISIBLE', 'PENDING', 'HIDDEN']) : eq(comments.state, 'VISIBLE'),
    and(eq(comments.state, 'DELETED'), gt(comments.replyCount, 0)),
    all || userId === null ? undefined : and(eq(comments.state, 'PENDING'), eq(comments.authorId, userId)),
  );

const byIds = readied<{ ids: readonly string[] }, CommentRow[]>('comments.byIds', (db) =>
  db
    .select(commentColumns)
    .from(comments)
    .where(anyOf(comments.id, sql.placeholder('ids'), 'uuid')),
);

/** Lists of comments: the top level of a post, all of it, and the direct replies to one. */
type List = 'topLevel' | 'flat' | 'replies';

/** For each parent a page of its comments, oldest first, with their authors: hardly anybody asks for a comment without. */
const page = readiedPage<
  { list: List; all: boolean; own: boolean; columns: CommentColumns; author: UserColumns },
  { parents: readonly string[]; viewerId: string | null },
  (CommentRow & { listParentId: string; author: UserRow | null })[]
>(
  ({ list }) => `comments.${list}`,
  'moment',
  (db, plan, { list, all, own, columns, author }) => {
    const clauses = keyset({ key: comments.createdAt, id: comments.id, type: 'moment' }, plan);
    const rows = db
      .select(commentColumnsOf(columns))
      .from(comments)
      .where(
        and(
          eq(list === 'replies' ? comments.parentId : comments.postId, listParentId),
          list === 'topLevel' ? isNull(comments.parentId) : undefined,
          listed(all, own ? sql.placeholder('viewerId') : null),
          clauses.where,
        ),
      )
      .orderBy(...clauses.orderBy)
      .limit(clauses.limit)
      .as('page');
    return db
      .select({ listParentId, ...columnsOf(rows), author: userColumnsOf(author) })
      .from(listParents(sql.placeholder('parents')))
      .crossJoinLateral(rows)
      .leftJoin(users, eq(users.id, rows.authorId))
      .orderBy(...clauses.outerOrder(rows.createdAt, rows.id));
  },
);

/** The condition of the index comments_to_moderate, word for word. */
const waiting = sql`(${comments.state} = 'PENDING' or ${comments.reportCount} > 0)`;

/** What is read of comments in lists, and of their authors. */
interface WantedColumns {
  readonly columns: CommentColumns;
  readonly author: UserColumns;
}

/**
 * The statements that read comments.
 *
 * @param wanted asked when a list is read.
 */
export const createCommentRepo = (db: Database, sight: CommentSight, wanted: () => WantedColumns) => {
  const seen = listed(sight.all, sight.userId);
  /** Whoever moderates, but may not read every post: what waits on a post that was taken down is not for them. */
  const toModerate = and(waiting, sight.unpublished ? undefined : isNotNull(posts.listedAt));

  const pageOf = (list: List, parents: readonly string[], request: PageRequest) =>
    page(
      db,
      request,
      { list, all: sight.all, own: sight.userId !== null, ...wanted() },
      { parents, viewerId: sight.userId },
    );

  const countsOf = (name: string, parent: PgColumn, parents: readonly string[], topLevelOnly: boolean) =>
    named(
      name,
      db
        .select({ listParentId: sql<string>`${parent}`, count: sql<number>`count(*)::int` })
        .from(comments)
        .where(
          and(anyOf(parent, parents, 'uuid'), topLevelOnly ? isNull(comments.parentId) : undefined, seen),
        )
        .groupBy(parent),
    );

  return {
    byIds: (ids: readonly string[]) => byIds(db, { ids }),

    /** Comments of posts: the top level, or of every depth. */
    byPosts: (postIds: readonly string[], topLevelOnly: boolean, request: PageRequest) =>
      pageOf(topLevelOnly ? 'topLevel' : 'flat', postIds, request),

    countByPosts: (postIds: readonly string[], topLevelOnly: boolean) =>
      countsOf(`comments.count${topLevelOnly ? 'TopLevel' : 'Flat'}`, comments.postId, postIds, topLevelOnly),

    /** Direct replies to comments. */
    replies: (commentIds: readonly string[], request: PageRequest) => pageOf('replies', commentIds, request),

    countReplies: (commentIds: readonly string[]) =>
      countsOf('comments.countReplies', comments.parentId, commentIds, false),

    /** What stands above comments, from the top level down: as many index look-ups as the thread is deep. */
    ancestors: (commentIds: readonly string[]) => {
      const path = sql`
        with recursive path as (
          select id as descendant_id, parent_id from comments where ${anyOf(sql`id`, commentIds, 'uuid')}
          union all
          select path.descendant_id, above.parent_id from path join comments above on above.id = path.parent_id
        )
        select descendant_id, parent_id as id from path where parent_id is not null`;
      return named(
        'comments.ancestors',
        db
          .select({ descendantId: sql<string>`path.descendant_id`, ...commentColumns })
          .from(sql`(${path}) as path`)
          .innerJoin(comments, eq(comments.id, sql`path.id`))
          .where(seen)
          .orderBy(comments.depth),
      );
    },

    /** Comments that wait for a moderator, oldest first. */
    queue: (request: PageRequest) => {
      const clauses = keyset({ key: comments.createdAt, id: comments.id, type: 'moment' }, request);
      return named(
        'comments.queue',
        db
          .select(commentColumns)
          .from(comments)
          .innerJoin(posts, eq(posts.id, comments.postId))
          .where(and(toModerate, clauses.where))
          .orderBy(...clauses.orderBy)
          .limit(clauses.limit),
      );
    },

    countQueue: () =>
      named(
        'comments.countQueue',
        db
          .select({ count: sql<number>`count(*)::int` })
          .from(comments)
          .innerJoin(posts, eq(posts.id, comments.postId))
          .where(toModerate),
      ),

    /** The reports about comments that no moderator has answered, oldest first. */
    openReports: (commentIds: readonly string[]) =>
      named(
        'comments.openReports',
        db
          .select({
            commentId: commentReports.commentId,
            reporterId: commentReports.reporterId,
            reason: commentReports.reason,
            createdAt: commentReports.createdAt,
          })
          .from(commentReports)
          .where(and(anyOf(commentReports.commentId, commentIds, 'uuid'), isNull(commentReports.resolvedAt)))
          .orderBy(commentReports.createdAt, commentReports.reporterId),
      ),
  };
};

/** A row of comment_reports. */
export type CommentReportRow = Awaited<ReturnType<CommentRepo['openReports']>>[number];
