import { eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { named, namedSql } from '../../../db/statement.js';
import { comments } from '../../../db/tables/comments.js';
import { coverageEntries, coverages } from '../../../db/tables/coverage.js';
import { postAuthors, posts } from '../../../db/tables/posts.js';
import type { ReactionCountRow, ReactionKind } from './reading.js';

/** What one can react to, by its UUID. */
export interface ReactionSubject {
  readonly type: 'Post' | 'Comment' | 'CoverageEntry';
  readonly uuid: string;
}

/** Who reacts to what, and how. */
export interface Reaction {
  readonly subject: ReactionSubject;
  readonly userId: string;
  readonly kind: ReactionKind;
}

/** What came of a reaction that was added or removed. */
export interface Reacted {
  /** How many of its kind there are now. */
  readonly count: number;
  /** All reactions to the subject, most frequent first. */
  readonly reactions: readonly Required<ReactionCountRow>[];
}

/** What decides who sees a subject, and whether the readers do. */
const postFacts = (viewerId: string) => ({
  postId: sql<string>`${posts.id}`,
  status: posts.status,
  isOwn: sql<boolean>`exists (select from ${postAuthors} where ${postAuthors.postId} = ${posts.id} and ${postAuthors.userId} = ${viewerId}::uuid)`,
});

/** The three columns that name a subject, and their values: one is set. */
const subjectColumns = sql.raw('post_id, comment_id, entry_id');
const subjectValues = ({ type, uuid }: ReactionSubject): SQL =>
  sql.join(
    (['Post', 'Comment', 'CoverageEntry'] as const).map((one) => sql`${one === type ? uuid : null}::uuid`),
    sql`, `,
  );

/** Whether the user reacted to the subject with the kind of the row at hand. */
const isMine = (userId: string): SQL => sql`exists (
  select from reactions as own
  where own.subject_id = shown.subject_id and own.user_id = ${userId}::uuid and own.kind = shown.kind)`;

/** The statements that write reactions, within a transaction. */
export const createReactionWriting = (tx: Database) => {
  /**
   * Adds or removes a reaction, counts it, and reads what the subject has now: one statement.
   *
   * @param touched the rows of reactions that came or went: one or none.
   * @param counted their kind with its new count.
   */
  const react = async (
    name: string,
    { subject, userId }: Reaction,
    touched: SQL,
    counted: SQL,
    isThere: boolean,
  ): Promise<Reacted | undefined> => {
    // A statement does not see the rows it writes: the kind that changed comes from `counted`, the others as they were.
    const rows = await namedSql<Required<ReactionCountRow> & { readonly isChanged: boolean }>(
      tx,
      name,
      sql`
      with touched as (${touched}), counted as (${counted}), shown as (
        select subject_id, kind, count, true as is_changed from counted
        union all
        select subject_id, kind, count, false from reaction_counts
        where subject_id = ${subject.uuid}::uuid and count > 0 and kind not in (select kind from counted)
      )
      select subject_id as "subjectId", kind, count, is_changed as "isChanged",
        case when is_changed then ${isThere}::boolean else ${isMine(userId)} end as "viewerHasReacted"
      from shown where exists (select from counted) order by count desc, kind`,
    );
    const changed = rows.find((row) => row.isChanged);
    return (
      changed && {
        count: changed.count,
        reactions: rows.flatMap(({ isChanged, ...row }) => (isChanged && row.count === 0 ? [] : [row])),
      }
    );
  };

  return {
    /** A post to react to, held so that it is not deleted meanwhile; so are the others. */
    post: (id: string, viewerId: string) =>
      named(
        'reactions.post',
        tx.select(postFacts(viewerId)).from(posts).where(eq(posts.id, id)).for('key share', { of: posts }),
      ),

    comment: (id: string, viewerId: string) =>
      named(
        'reactions.comment',
        tx
          .select({
            ...postFacts(viewerId),
            state: comments.state,
            authorId: comments.authorId,
            replyCount: comments.replyCount,
          })
          .from(comments)
          .innerJoin(posts, eq(posts.id, comments.postId))
          .where(eq(comments.id, id))
          .for('key share', { of: comments }),
      ),

    entry: (id: string, viewerId: string) =>
      named(
        'reactions.entry',
        tx
          .select({ ...postFacts(viewerId), retractedAt: coverageEntries.retractedAt })
          .from(coverageEntries)
          .innerJoin(coverages, eq(coverages.id, coverageEntries.coverageId))
          .innerJoin(posts, eq(posts.id, coverages.postId))
          .where(eq(coverageEntries.id, id))
          .for('key share', { of: coverageEntries }),
      ),

    /** @returns undefined when the reaction was there. */
    add: (reaction: Reaction) =>
      react(
        'reactions.add',
        reaction,
        sql`
        insert into reactions (${subjectColumns}, kind, user_id)
        values (${subjectValues(reaction.subject)}, ${reaction.kind}::reaction_kind, ${reaction.userId}::uuid)
        on conflict do nothing returning kind`,
        sql`
        insert into reaction_counts (${subjectColumns}, kind, count)
        select ${subjectValues(reaction.subject)}, kind, 1 from touched
        on conflict (subject_id, kind) do update set count = reaction_counts.count + 1
        returning subject_id, kind, count`,
        true,
      ),

    /** @returns undefined when there was no such reaction. */
    remove: (reaction: Reaction) =>
      react(
        'reactions.remove',
        reaction,
        sql`
        delete from reactions
        where subject_id = ${reaction.subject.uuid}::uuid and user_id = ${reaction.userId}::uuid
          and kind = ${reaction.kind}::reaction_kind
        returning subject_id, kind`,
        sql`
        update reaction_counts set count = reaction_counts.count - 1 from touched
        where reaction_counts.subject_id = touched.subject_id and reaction_counts.kind = touched.kind
        returning reaction_counts.subject_id, reaction_counts.kind, reaction_counts.count`,
        false,
      ),

    /** The reactions to a subject as they are now, most frequent first. */
    shown: (subjectId: string, userId: string) =>
      namedSql<Required<ReactionCountRow>>(
        tx,
        'reactions.shown',
        sql`
        select subject_id as "subjectId", kind, count, ${isMine(userId)} as "viewerHasReacted"
        from reaction_counts as shown
        where subject_id = ${subjectId}::uuid and count > 0 order by count desc, kind`,
      ),
  };
};

export type ReactionWriting = ReturnType<typeof createReactionWriting>;
