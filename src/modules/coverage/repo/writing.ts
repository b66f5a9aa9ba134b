import { and, eq, ne, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { named } from '../../../db/statement.js';
import { coverageEntries, coverages } from '../../../db/tables/coverage.js';
import { postAuthors, posts } from '../../../db/tables/posts.js';
import type { BodyFormat, RenderedBody } from '../../../render/body.js';
import { coverageColumns, type CoverageEntryRow, entryColumns } from './reading.js';

/** What becomes an entry. */
export interface NewEntry {
  readonly id: string;
  readonly coverageId: string;
  /** Null: now, by the clock of the database, which all instances share. */
  readonly occurredAt: Date | null;
  readonly kind: CoverageEntryRow['kind'];
  readonly speaker: string | null;
  readonly language: string;
  readonly body: string;
  readonly bodyFormat: BodyFormat;
  readonly isKey: boolean;
  readonly rendered: RenderedBody;
  readonly rendererVersion: number;
}

/** What an entry says from now on. */
export interface Correction {
  readonly kind: CoverageEntryRow['kind'];
  readonly speaker: string | null;
  readonly isKey: boolean;
  readonly isPinned: boolean;
  /** Null: the text stays. */
  readonly text: {
    readonly body: string;
    readonly rendered: RenderedBody;
    readonly rendererVersion: number;
  } | null;
}

/** What a post says about covering it. */
const postFacts = (viewerId: string | null) => ({
  status: posts.status,
  language: posts.language,
  isOwn: sql<boolean>`exists (select from ${postAuthors} where ${postAuthors.postId} = ${posts.id} and ${postAuthors.userId} = ${viewerId}::uuid)`,
  firstAuthorId: sql<
    string | null
  >`(select ${postAuthors.userId} from ${postAuthors} where ${postAuthors.postId} = ${posts.id} order by ${postAuthors.position} limit 1)`,
});

/** The statements that write coverages and their entries, within a transaction. */
export const createCoverageWriting = (tx: Database) => ({
  /**
   * The post to cover, and its coverage when it has one. The post is held: so that it is not deleted meanwhile, or, for who
   * tells about it, so that nothing else about it changes.
   */
  postToCover: (postId: string, viewerId: string | null, hold: 'key share' | 'no key update') =>
    named(
      'coverage.postToCover',
      tx
        .select({ ...postFacts(viewerId), coverage: coverageColumns })
        .from(posts)
        .leftJoin(coverages, eq(coverages.postId, posts.id))
        .where(eq(posts.id, postId))
        .for(hold, { of: posts }),
    ),

  /** Makes a coverage live, if need be by making it, with this id. @returns nothing when it was live. */
  start: (id: string, postId: string) =>
    named(
      'coverage.start',
      tx
        .insert(coverages)
        .values({ id, postId, status: 'LIVE', startedAt: sql`now()` })
        .onConflictDoUpdate({
          target: coverages.postId,
          set: {
            status: 'LIVE',
            startedAt: sql`coalesce(${coverages.startedAt}, excluded.started_at)`,
            endedAt: null,
          },
          setWhere: ne(coverages.status, 'LIVE'),
        })
        .returning(coverageColumns),
    ),

  /** Ends a coverage; one that never was live began when it ended. @returns nothing when it had ended, or is none. */
  end: (postId: string) =>
    named(
      'coverage.end',
      tx
        .update(coverages)
        .set({
          status: 'ENDED',
          startedAt: sql`coalesce(${coverages.startedAt}, now())`,
          endedAt: sql`now()`,
        })
        .where(and(eq(coverages.postId, postId), ne(coverages.status, 'ENDED')))
        .returning(coverageColumns),
    ),

  /** The coverage of a post as it is now, for who has found it unchanged. */
  ofPost: (postId: string) =>
    named('coverage.ofPost', tx.select(coverageColumns).from(coverages).where(eq(coverages.postId, postId))),

  /** One more entry that readers see, and no end of the coverage before the commit. @returns nothing unless it is live. */
  countEntry: (coverageId: string) =>
    named(
      'coverage.countEntry',
      tx
        .update(coverages)
        .set({ entryCount: sql`${coverages.entryCount} + 1` })
        .where(and(eq(coverages.id, coverageId), eq(coverages.status, 'LIVE')))
        .returning({ id: coverages.id }),
    ),

  addEntry: ({ rendered: { html, text }, occurredAt, ...entry }: NewEntry) =>
    named(
      'coverage.addEntry',
      tx
        .insert(coverageEntries)
        .values({
          ...entry,
          occurredAt: sql`coalesce(${occurredAt?.toISOString() ?? null}::timestamptz, clock_timestamp())`,
          bodyHtml: html,
          bodyText: text,
        })
        .returning(entryColumns),
    ),

  /** An entry that is about to change, held, and its post. */
  entryToChange: (id: string, viewerId: string | null) =>
    named(
      'coverage.entryToChange',
      tx
        .select({ ...postFacts(viewerId), postId: coverages.postId, entry: entryColumns })
        .from(coverageEntries)
        .innerJoin(coverages, eq(coverages.id, coverageEntries.coverageId))
        .innerJoin(posts, eq(posts.id, coverages.postId))
        .where(eq(coverageEntries.id, id))
        .for('no key update', { of: coverageEntries }),
    ),

  /** What an entry is written in; that never changes. */
  formatOf: (id: string) =>
    named(
      'coverage.formatOf',
      tx
        .select({ bodyFormat: coverageEntries.bodyFormat })
        .from(coverageEntries)
        .where(eq(coverageEntries.id, id)),
    ),

  correctEntry: (id: string, { text, ...correction }: Correction) =>
    named(
      'coverage.correctEntry',
      tx
        .update(coverageEntries)
        .set({
          ...correction,
          ...(text && {
            body: text.body,
            bodyHtml: text.rendered.html,
            bodyText: text.rendered.text,
            rendererVersion: text.rendererVersion,
          }),
          version: sql`${coverageEntries.version} + 1`,
        })
        .where(eq(coverageEntries.id, id))
        .returning(entryColumns),
    ),

  /** Takes an entry back, and out of the count of what readers see: one statement. */
  retractEntry: ({ id, coverageId }: CoverageEntryRow, reason: string | null) => {
    const counted = tx.$with('counted').as(
      tx
        .update(coverages)
        .set({ entryCount: sql`${coverages.entryCount} - 1` })
        .where(eq(coverages.id, coverageId))
        .returning({ id: coverages.id }),
    );
    return named(
      'coverage.retractEntry',
      tx
        .with(counted)
        .update(coverageEntries)
        .set({ retractedAt: sql`now()`, retractionReason: reason })
        .where(eq(coverageEntries.id, id))
        .returning(entryColumns),
    );
  },
});

export type CoverageWriting = ReturnType<typeof createCoverageWriting>;
