import { v7 } from 'uuid';
import type { z } from 'zod';
import { RENDERER_VERSION, type RenderedBody } from '../../../render/body.js';
import { agrees, type ImportEnvironment, type Located, renderEach, type Step } from '../loading.js';
import type * as records from '../records.js';
import {
  countEntries,
  coverageIds,
  ENTRY_SOURCE,
  idsOfOtherPosts,
  storedEntries,
  upsertCoverages,
  upsertEntries,
} from '../repo/coverage.js';
import { postIds } from '../repo/posts.js';
import { inTurn } from '../repo/upsert.js';
import { type ImportedPost, postStep, type ReadyPost, writePosts } from './posts.js';

type CoverageRecord = z.output<typeof records.coverage>;
type EntryRecord = z.output<typeof records.entry>;

/** The post that carries an imported coverage. */
const postOfCoverage = (coverage: CoverageRecord): ImportedPost => ({
  externalId: coverage.id,
  slug: '',
  title: coverage.title,
  summary: coverage.mission ?? null,
  language: 'en',
  status: 'PUBLISHED',
  publishedAt: coverage.first_entry_at,
  authors: [],
  tags: [],
  translationGroup: null,
  format: 'TEXT',
  body: '',
});

interface ImportedCoverage extends CoverageRecord {
  readonly externalId: string;
}

interface ReadyCoverage {
  readonly coverage: ImportedCoverage;
  /** Undefined when it is here and the same. */
  readonly post: Located<ReadyPost> | undefined;
}

/** Coverages, each with the post that carries it. What has been recorded elsewhere is over. */
export function coverageStep(
  environment: ImportEnvironment,
  kind: string,
): Step<ImportedCoverage, ReadyCoverage> {
  const { db, report } = environment;
  const posts = postStep(environment, 'posts');
  return {
    kind,

    async prepare(batch) {
      const others = await idsOfOtherPosts(
        db,
        batch.map(({ value }) => value.externalId),
      );
      const own = batch.filter((record) => {
        const isTaken = others.has(record.value.externalId);
        if (isTaken) report.reject(kind, record, `id: "${record.value.id}" is the id of a post as well`);
        return !isTaken;
      });
      const ready = await posts.prepare(
        own.map((record) => ({ ...record, value: postOfCoverage(record.value) })),
      );
      const byId = new Map(ready.map((post) => [post.value.post.externalId, post]));
      return own.map((record) => ({
        ...record,
        value: { coverage: record.value, post: byId.get(record.value.externalId) },
      }));
    },

    async write(batch) {
      const carriers = batch.flatMap(({ value }) => value.post ?? []);
      const coverages = batch.map(({ value }) => value.coverage);
      const written = await inTurn(db, async (tx) => {
        const ofPosts = await writePosts(tx, carriers);
        const ids = await postIds(
          tx,
          coverages.map((coverage) => coverage.externalId),
        );
        const ofCoverages = await upsertCoverages(
          tx,
          coverages.map((coverage) => ({
            id: v7(),
            externalId: coverage.externalId,
            postId: ids.get(coverage.externalId) ?? '',
            status: 'ENDED' as const,
            startedAt: coverage.first_entry_at,
            endedAt: coverage.last_entry_at,
          })),
        );
        return { ofPosts, ofCoverages };
      });
      report.count('posts', carriers.length, written.ofPosts);
      report.count(kind, coverages.length, written.ofCoverages);
    },
  };
}

/** An entry from elsewhere. */
interface ImportedEntry extends EntryRecord {
  readonly externalId: string;
  /** The id that it gets here; made when it is read, so that ids keep the order of the file within a second. */
  readonly rowId: string;
}

interface ReadyEntry {
  readonly rowId: string;
  readonly externalId: string;
  readonly coverageId: string;
  readonly source: ReturnType<typeof sourceOf>;
  readonly rendered: RenderedBody;
}

const sourceOf = (entry: ImportedEntry) => ({
  occurredAt: entry.at,
  kind: entry.kind === 'note' ? ('NOTE' as const) : ('UTTERANCE' as const),
  speaker: entry.speaker_name ?? entry.speaker_code ?? null,
  language: 'en',
  body: entry.text,
  isKey: entry.key_event,
});

/**
 * Entries, in the order of the file: their ids keep it for entries of the same second. An entry stays in the coverage
 * into which it was first loaded.
 */
export const entryStep = (
  { db, renderer, report }: ImportEnvironment,
  kind: string,
): Step<ImportedEntry, ReadyEntry> => ({
  kind,

  async prepare(batch) {
    const [coverages, stored] = await Promise.all([
      coverageIds(
        db,
        batch.map(({ value }) => value.coverage_id),
      ),
      storedEntries(
        db,
        batch.map(({ value }) => value.externalId),
      ),
    ]);
    const fresh: Located<Omit<ReadyEntry, 'rendered'>>[] = [];
    for (const record of batch) {
      const { rowId, externalId, coverage_id } = record.value;
      const coverageId = coverages.get(coverage_id);
      const source = sourceOf(record.value);
      const known = stored.get(externalId);
      if (coverageId === undefined) {
        report.reject(kind, record, `coverage_id: "${coverage_id}" is no coverage here`);
      } else if (known !== undefined && known.coverageId !== coverageId) {
        report.reject(kind, record, 'coverage_id: the entry is here in another coverage and stays there');
      } else if (known !== undefined && agrees(known, source, ENTRY_SOURCE)) {
        report.leave(kind, 1);
      } else {
        fresh.push({ ...record, value: { rowId, externalId, coverageId, source } });
      }
    }
    return renderEach(report, kind, fresh, async (value) => ({
      ...value,
      rendered: await renderer.render(value.source.body, 'TEXT'),
    }));
  },

  async write(batch) {
    const rows = batch.map(({ value: { rowId, externalId, coverageId, source, rendered } }) => ({
      id: rowId,
      externalId,
      coverageId,
      ...source,
      bodyFormat: 'TEXT' as const,
      bodyHtml: rendered.html,
      bodyText: rendered.text,
      rendererVersion: RENDERER_VERSION,
    }));
    const written = await inTurn(db, async (tx) => {
      const upserted = await upsertEntries(tx, rows);
      const added = new Set(upserted.filter((row) => row.added).map((row) => row.externalId));
      if (added.size > 0) {
        await countEntries(
          tx,
          rows.filter((row) => added.has(row.externalId)).map((row) => row.coverageId),
        );
      }
      return upserted;
    });
    report.count(kind, rows.length, written);
  },
});
