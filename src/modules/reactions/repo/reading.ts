import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named, readied } from '../../../db/statement.js';
import { reactionCounts, type reactionKind, reactions } from '../../../db/tables/reactions.js';

/** What a reader can say with one tap. */
export type ReactionKind = (typeof reactionKind.enumValues)[number];

/** How many viewers reacted to a subject in one way. */
export interface ReactionCountRow {
  readonly subjectId: string;
  readonly kind: ReactionKind;
  readonly count: number;
  /** Left out where it was not asked for. */
  readonly viewerHasReacted?: boolean;
}

const counts = readied<{ subjectIds: readonly string[] }, Omit<ReactionCountRow, 'viewerHasReacted'>[]>(
  'reactions.counts',
  (db) =>
    db
      .select({
        subjectId: reactionCounts.subjectId,
        kind: reactionCounts.kind,
        count: reactionCounts.count,
      })
      .from(reactionCounts)
      .where(
        and(
          anyOf(reactionCounts.subjectId, sql.placeholder('subjectIds'), 'uuid'),
          gt(reactionCounts.count, 0),
        ),
      )
      .orderBy(desc(reactionCounts.count), reactionCounts.kind),
);

export type ReactionRepo = ReturnType<typeof createReactionRepo>;

/** The statements on reactions. */
export const createReactionRepo = (db: Database) => ({
  /** How often each subject got each kind, most frequent first. */
  counts: (subjectIds: readonly string[]) => counts(db, { subjectIds }),

  /** What one user reacted with. */
  byUser: (userId: string, subjectIds: readonly string[]) =>
    named(
      'reactions.byUser',
      db
        .select({ subjectId: reactions.subjectId, kind: reactions.kind })
        .from(reactions)
        .where(and(anyOf(reactions.subjectId, subjectIds, 'uuid'), eq(reactions.userId, userId))),
    ),
});
