import { eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { readied, readiedSql } from '../../../db/statement.js';
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

const value = (name: string) => sql.placeholder(name);

/** What decides who sees a subject, and whether the readers do. */
const postFacts = {
  postId: sql<string>`${posts.id}`,
  status: posts.status,
  isOwn: sql<boolean>`exists (select from ${postAuthors} where ${postAuthors.postId} = ${posts.id} and ${postAuthors.userId} = ${value('viewerId')}::uuid)`,
};

const post = readied('reactions.post', (db) =>
  db
    .select(postFacts)
    .from(posts)
    .where(eq(posts.id, value('id')))
    .for('key share', { of: posts }),
);

const comment = readied('reactions.comment', (db) =>
  db
    .select({
      ...postFacts,
      state: comments.state,
      authorId: comments.authorId,
      replyCount: comments.replyCount,
    })
    .from(comments)
    .innerJoin(posts, eq(posts.id, comments.postId))
    .where(eq(comments.id, value('id')))
    .for('key share', { of: comments }),
);

const entry = readied('reactions.entry', (db) =>
  db
    .select({ ...postFacts, retractedAt: coverageEntries.retractedAt })
    .from(coverageEntries)
    .innerJoin(coverages, eq(coverages.id, coverageEntries.coverageId))
    .innerJoin(posts, eq(posts.id, coverages.postId))
    .where(eq(coverageEntries.id, value('id')))
    .for('key share', { of: coverageEntries }),
);

/** The three columns that name a subject, and their values: one is set. */
const SUBJECT_COLUMNS = sql.raw('post_id, comment_id, entry_id');
const SUBJECT_VALUES = sql`${value('postId')}::uuid, ${value('commentId')}::uuid, ${value('entryId')}::uuid`;
const SUBJECT = sql`${value('subjectId')}::uuid`;
const USER = sql`${value('userId')}::uuid`;
const KIND = sql`${value('kind')}::reaction_kind`;

/** Whether the user reacted to the subject with the kind of the row at hand. */
const IS_MINE = sql`exists (
  select from reactions as own
  where own.subject_id = shown.subject_id and own.user_id = ${USER} and own.kind = shown.kind)`;

type ShownRow = Required<ReactionCountRow>;

/**
 * Adds or removes a reaction, counts it, and reads what the subject has now: one statement. It does not see the rows it
 * writes: the kind that changed comes from `counted`, the others as they were.
 *
 * @param touched the rows of reactions that came or went: one or none.
 * @param counted their kind with its new count.
 */
const reacting = (name: string, touched: SQL, counted: SQL, isThere: boolean) =>
  readiedSql<Record<string, string | null>, ShownRow & { readonly isChanged: boolean }>(
    name,
    sql`
    with touched as (${touched}), counted as (${counted}), shown as (
      select subject_id, kind, count, true as is_changed from counted
      union all
      select subject_id, kind, count, false from reaction_counts
      where subject_id = ${SUBJECT} and count > 0 and kind not in (select kind from counted)
    )
    select subject_id as "subjectId", kind, count, is_changed as "isChanged",
      case when is_changed then ${sql.raw(String(isThere))} else ${IS_MINE} end as "viewerHasReacted"
    from shown where exists (select from counted) order by count desc, kind`,
  );

const add = reacting(
  'reactions.add',
  sql`
  insert into reactions (${SUBJECT_COLUMNS}, kind, user_id)
  values (${SUBJECT_VALUES}, ${KIND}, ${USER})
  on conflict do nothing returning kind`,
  sql`
  insert into reaction_counts (${SUBJECT_COLUMNS}, kind, count)
  select ${SUBJECT_VALUES}, kind, 1 from touched
  on conflict (subject_id, kind) do update set count = reaction_counts.count + 1
  returning subject_id, kind, count`,
  true,
);

const remove = reacting(
  'reactions.remove',
  sql`
  delete from reactions where subject_id = ${SUBJECT} and user_id = ${USER} and kind = ${KIND}
  returning subject_id, kind`,
  sql`
  update reaction_counts set count = reaction_counts.count - 1 from touched
  where reaction_counts.subject_id = touched.subject_id and reaction_counts.kind = touched.kind
  returning reaction_counts.subject_id, reaction_counts.kind, reaction_counts.count`,
  false,
);

const shown = readiedSql<{ readonly subjectId: string; readonly userId: string }, ShownRow>(
  'reactions.shown',
  sql`
  select subject_id as "subjectId", kind, count, ${IS_MINE} as "viewerHasReacted"
  from reaction_counts as shown where subject_id = ${SUBJECT} and count > 0 order by count desc, kind`,
);

/** @returns undefined when nothing came or went. */
async function outcomeOf(
  tx: Database,
  statement: typeof add,
  { subject: { type, uuid }, userId, kind }: Reaction,
): Promise<Reacted | undefined> {
  const rows = await statement(tx, {
    subjectId: uuid,
    postId: type === 'Post' ? uuid : null,
    commentId: type === 'Comment' ? uuid : null,
    entryId: type === 'CoverageEntry' ? uuid : null,
    userId,
    kind,
  });
  const changed = rows.find((row) => row.isChanged);
  return (
    changed && {
      count: changed.count,
      reactions: rows.flatMap(({ isChanged, ...row }) => (isChanged && row.count === 0 ? [] : [row])),
    }
  );
}

/** The statements that write reactions, within a transaction. */
export const createReactionWriting = (tx: Database) => ({
  /** A post to react to, held so that it is not deleted meanwhile; so are the others. */
  post: (id: string, viewerId: string) => post(tx, { id, viewerId }),
  comment: (id: string, viewerId: string) => comment(tx, { id, viewerId }),
  entry: (id: string, viewerId: string) => entry(tx, { id, viewerId }),

  /** @returns undefined when the reaction was there. */
  add: (reaction: Reaction) => outcomeOf(tx, add, reaction),

  /** @returns undefined when there was no such reaction. */
  remove: (reaction: Reaction) => outcomeOf(tx, remove, reaction),

  /** The reactions to a subject as they are now, most frequent first. */
  shown: (subjectId: string, userId: string) => shown(tx, { subjectId, userId }),
});

export type ReactionWriting = ReturnType<typeof createReactionWriting>;
