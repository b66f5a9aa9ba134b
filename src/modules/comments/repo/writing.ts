import { and, eq, isNull, type Placeholder, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { named, readied } from '../../../db/statement.js';
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
const postFacts = (viewerId: string | null | Placeholder) => ({
  status: posts.status,
  commentPolicy: posts.commentPolicy,
  language: posts.language,
  isOwn: sql<boolean>`exists (select from ${postAuthors} where ${postAuthors.postId} = ${posts.id} and ${postAuthors.userId} = ${viewerId}::uuid)`,
});

const postToCommentOn = readied('comments.postToCommentOn', (db) =>
  db
    .select(postFacts(sql.placeholder('viewerId')))
    .from(posts)
    .where(eq(posts.id, sql.placeholder('postId')))
    .for('key share', { of: posts }),
);

const parentToAnswer = readied('comments.parentToAnswer', (db) =>
  db
    .select({ ...postFacts(sql.placeholder('viewerId')), parent: commentColumns })
    .from(comments)
    .innerJoin(posts, eq(posts.id, comments.postId))
    .where(eq(comments.id, sql.placeholder('parentId')))
    .for('no key update', { of: comments }),
);

/** Adds a comment and, when readers see it at once, counts it: one statement. */
const add = readied('comments.add', (db) => {
  const counts = sql`${sql.placeholder('counts')}::int`;
  const countedPost = db.$with('counted_post').as(
    db
      .update(posts)
      .set({ commentCount: sql`${posts.commentCount} + ${counts}` })
      .where(and(eq(posts.id, sql.placeholder('postId')), sql`${counts} <> 0`))
      .returning({ id: posts.id }),
  );
  const countedParent = db.$with('counted_parent').as(
    db
      .update(comments)
      .set({ replyCount: sql`${comments.replyCount} + ${counts}` })
      .where(and(sql`${comments.id} = ${sql.placeholder('parentId')}::uuid`, sql`${counts} <> 0`))
      .returning({ id: comments.id }),
  );
  return db
    .with(countedParent, countedPost)
    .insert(comments)
    .values({
      id: sql.placeholder('id'),
      postId: sql.placeholder('postId'),
      parentId: sql.placeholder('parentId'),
      depth: sql.placeholder('depth'),
      authorId: sql.placeholder('authorId'),
      state: sql.placeholder('state'),
      language: sql.placeholder('language'),
      body: sql.placeholder('body'),
      bodyFormat: 'MARKDOWN',
      bodyHtml: sql.placeholder('bodyHtml'),
      bodyText: sql.placeholder('bodyText'),
      rendererVersion: sql.placeholder('rendererVersion'),
    })
    .returning(commentColumns);
});

/** The statements that write comments, within a transaction. */
export const createCommentWriting = (tx: Database) => ({
  /** The post to comment on, held so that it is not deleted meanwhile. */
  postToCommentOn: (postId: string, viewerId: string | null) => postToCommentOn(tx, { postId, viewerId }),

  /** The comment to answer, held so that it is not deleted meanwhile, and its post. */
  parentToAnswer: (parentId: string, viewerId: string | null) => parentToAnswer(tx, { parentId, viewerId }),

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

  async add({ rendered: { html, text }, ...comment }: NewComment): Promise<CommentRow> {
    const counts = comment.state === 'VISIBLE' ? 1 : 0;
    const [row] = await add(tx, { ...comment, bodyHtml: html, bodyText: text, counts });
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
