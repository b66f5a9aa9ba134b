import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { named, namedSql } from '../../../db/statement.js';
import { coverageEntries, coverages } from '../../../db/tables/coverage.js';
import { posts, postTags } from '../../../db/tables/posts.js';
import { tags } from '../../../db/tables/tags.js';

/** The statements that read what is to be replayed. */
export const createReplayingRepo = (db: Database) => ({
  /**
   * Within a transaction: makes sure until its end that nobody else replays into this post. It may wait for hours
   * between two statements, which some servers would not have.
   */
  async claim(postId: string): Promise<boolean> {
    const [answer] = await namedSql<{ claimed: boolean }>(
      db,
      'coverage.claimReplay',
      sql`select pg_try_advisory_xact_lock(hashtextextended(${`coverage.replay:${postId}`}, 0)) as claimed,
        set_config('idle_in_transaction_session_timeout', '0', true)`,
    );
    return answer?.claimed === true;
  },

  /** A post and its coverage, as far as the post of the replay takes after them. */
  source: (postId: string) =>
    named(
      'coverage.toReplay',
      db
        .select({
          id: coverages.id,
          externalId: coverages.externalId,
          title: posts.title,
          summary: posts.summary,
          language: posts.language,
          status: posts.status,
          tags: sql<string[]>`array(${db
            .select({ name: tags.name })
            .from(postTags)
            .innerJoin(tags, eq(tags.id, postTags.tagId))
            .where(eq(postTags.postId, posts.id))
            .orderBy(postTags.position)})`,
        })
        .from(coverages)
        .innerJoin(posts, eq(posts.id, coverages.postId))
        .where(eq(coverages.postId, postId)),
    ),

  /** All that stands in a coverage, in the order of occurrence. The longest real one is 3 MB. */
  entries: (coverageId: string) =>
    named(
      'coverage.entriesToReplay',
      db
        .select({
          occurredAt: coverageEntries.occurredAt,
          kind: coverageEntries.kind,
          speaker: coverageEntries.speaker,
          body: coverageEntries.body,
          bodyFormat: coverageEntries.bodyFormat,
          isKey: coverageEntries.isKey,
        })
        .from(coverageEntries)
        .where(and(eq(coverageEntries.coverageId, coverageId), isNull(coverageEntries.retractedAt)))
        .orderBy(coverageEntries.occurredAt, coverageEntries.id),
    ),
});
