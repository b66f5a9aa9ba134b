import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { named } from '../../../db/statement.js';
import { commentReports, comments } from '../../../db/tables/comments.js';
import { postAuthors, posts } from '../../../db/tables/posts.js';
import type { RenderedBody } from '../../../render/body.js';
import { type CommentRow, commentColumns } from './reading.js';

/** What becomes a comment. */
export interface NewComment {
  readonly id: string;
  readonly postId: string;
  readonly parentId: string | null;
  readonly depth: number;
  readonly authorId: string;
  readonly state: 'VISIBLE' | 'PENDING';
  readonly language: string;
  readonly body: string;
  readonly rendered: RenderedBody;
  readonly rendererVersion: number;
}

/** What a post says about commenting on it. */
const postFacts = (viewerId: string | null) => ({
  status: posts.status,
  commentPolicy: posts.commentPolicy,
  language: posts.language,
  isOwn: sql<boolean>`exists (select from ${postAuthors} where ${postAuthors.postId} = ${posts.id} and ${postAuthors.userId} = ${viewerId}::uuid)`,
});

/** The statements that write comments, within a transaction. */
export const createCommentWriting = (tx: Database) => ({
  /** The post to comment on, held so that it is not deleted meanwhile. */
  postToCommentOn: (postId: string, viewerId: string | null) =>
    named(
      'comments.postToCommentOn',
      tx.select(postFacts(viewerId)).from(posts).where(eq(posts.id, postId)).for('key share', { of: posts }),
    ),

  /** The comment to answer, held so that it is not deleted meanwhile, and its post. */
  parentToAnswer: (parentId: string, viewerId: string | null) =>
    named(
      'comments.parentToAnswer',
      tx
        .select({ ...postFacts(viewerId), parent: commentColumns })
        .from(comments)
        .innerJoin(posts, eq(posts.id, comments.postId))
        .where(eq(comments.id, parentId))
        .for('no key update', { of: comments }),
    ),

  /** A comment that is about to change, held, and its post. */
  toChange: (id: string, viewerId: string | null) =>
    named(
      'comments.toChange',
      tx
        .select({ ...postFacts(viewerId), comment: commentColumns })
        .from(comments)
        .innerJoin(posts, eq(posts.id, comments.postId))
        .where(eq(comments.id, id))
        .for('no key update', { of: comments }),
    ),

  /** What a comment is written in; that never changes. */
  formatOf: (id: string) =>
    named(
      'comments.formatOf',
      tx.select({ bodyFormat: comments.bodyFormat }).from(comments).where(eq(comments.id, id)),
    ),

  /** Adds a comment and, when readers see it at once, counts it: one statement. */
  async add({ rendered: { html, text }, ...comment }: NewComment): Promise<CommentRow> {
    const counts = comment.state === 'VISIBLE' ? 1 : 0;
    const countedPost = tx.$with('counted_post').as(
      tx
        .update(posts)
        .set({ commentCount: sql`${posts.commentCount} + ${counts}::int` })
        .where(and(eq(posts.id, comment.postId), sql`${counts}::int <> 0`))
        .returning({ id: posts.id }),
    );
    const countedParent = tx.$with('counted_parent').as(
      tx
        .update(comments)
        .set({ replyCount: sql`${comments.replyCount} + ${counts}::int` })
        .where(and(sql`${comments.id} = ${comment.parentId}::uuid`, sql`${counts}::int <> 0`))
        .returning({ id: comments.id }),
    );
    const [row] = await named(
      'comments.add',
      tx
        .with(countedParent, countedPost)
        .insert(comments)
        .values({ ...comment, bodyFormat: 'MARKDOWN', bodyHtml: html, bodyText: text })
        .returning(commentColumns),
    );
    if (row === undefined) throw new Error('An inserted comment was not answered.');
    return row;
  },

  edit: (
    id: string,
    state: CommentRow['state'],
    body: string,
    { html, text }: RenderedBody,
    rendererVersion: number,
  ) =>
    named(
      'comments.edit',
      tx
        .update(comments)
        .set({
          state,
          body,
          sourceHtml: null,
          bodyHtml: html,
          bodyText: text,
          rendererVersion,
          editedAt: sql`now()`,
          version: sql`${comments.version} + 1`,
        })
        .where(eq(comments.id, id))
        .returning(commentColumns),
    ),

  /** Empties the place: what was said is gone for good. */
  empty: (id: string) =>
    named(
      'comments.empty',
      tx
        .update(comments)
        .set({
          state: 'DELETED',
          body: '',
          sourceHtml: null,
          bodyHtml: '',
          bodyText: '',
          reportCount: 0,
          version: sql`${comments.version} + 1`,
        })
        .where(eq(comments.id, id))
        .returning(commentColumns),
    ),

  setState: (id: string, state: CommentRow['state']) =>
    named(
      'comments.setState',
      tx.update(comments).set({ state, reportCount: 0 }).where(eq(comments.id, id)).returning(commentColumns),
    ),

  /** One more direct reply that readers find, or one less. */
  countReply: (id: string, difference: 1 | -1) =>
    named(
      'comments.countReply',
      tx
        .update(comments)
        .set({ replyCount: sql`${comments.replyCount} + ${difference}::int` })
        .where(eq(comments.id, id))
        .returning(commentColumns),
    ),

  /** One more visible comment on a post, or one less. */
  countComment: (postId: string, difference: 1 | -1) =>
    named(
      'comments.countComment',
      tx
        .update(posts)
        .set({ commentCount: sql`${posts.commentCount} + ${difference}::int` })
        .where(eq(posts.id, postId)),
    ),

  /** Adds a report and counts it. @returns the comment; nothing when this reporter has reported it before. */
  report: (commentId: string, reporterId: string, reason: string) => {
    const added = tx
      .$with('added')
      .as(
        tx
          .insert(commentReports)
          .values({ commentId, reporterId, reason })
          .onConflictDoNothing()
          .returning({ commentId: commentReports.commentId }),
      );
    return named(
      'comments.report',
      tx
        .with(added)
        .update(comments)
        .set({ reportCount: sql`${comments.reportCount} + 1` })
        .where(sql`${comments.id} in (select comment_id from added)`)
        .returning(commentColumns),
    );
  },

  resolveReports: (commentId: string) =>
    named(
      'comments.resolveReports',
      tx
        .update(commentReports)
        .set({ resolvedAt: sql`now()` })
        .where(and(eq(commentReports.commentId, commentId), isNull(commentReports.resolvedAt))),
    ),
});

export type CommentWriting = ReturnType<typeof createCommentWriting>;
