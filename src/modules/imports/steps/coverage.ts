import { v7 } from 'uuid';
import type { z } from 'zod';
import { RENDERER_VERSION, type RenderedBody } from '../../../render/body.js';
import { type ImportEnvironment, lastOfEach, type Located, type Step } from '../loading.js';
import type * as records from '../records.js';
import { coverageIds, upsertCoverages, upsertEntries } from '../repo/coverage.js';
import { postIds } from '../repo/posts.js';
import { type ImportedPost, postStep } from './posts.js';

type CoverageRecord = z.output<typeof records.coverage>;
type EntryRecord = z.output<typeof records.entry>;

/** The post that carries an imported coverage. */
const postOfCoverage = (coverage: CoverageRecord): ImportedPost => ({
  externalId: coverage.id,
  slug: '',
  title: coverage.title,
  summary: coverage.mission ?? null,
  language: 'en',
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

/** Coverages, each with the post that carries it. What has been recorded elsewhere is over. */
export function coverageStep(environment: ImportEnvironment, kind: string) {
  const { db, report } = environment;
  const posts = postStep(environment, 'posts');
  const step: Step<
    ImportedCoverage,
    { coverages: readonly ImportedCoverage[]; posts: Parameters<typeof posts.write>[0] }
  > = {
    kind,
    batchSize: posts.batchSize,
    async prepare(batch) {
      const coverages = lastOfEach(batch);
      return {
        coverages: coverages.map((record) => record.value),
        posts: await posts.prepare(
          coverages.map((record) => ({ ...record, value: postOfCoverage(record.value) })),
        ),
      };
    },
    async write(batch) {
      await posts.write(batch.posts);
      const ids = await postIds(
        db,
        batch.coverages.map((coverage) => coverage.externalId),
      );
      const written = await upsertCoverages(
        db,
        batch.coverages.map((coverage) => ({
          externalId: coverage.externalId,
          postId: ids.get(coverage.externalId) ?? '',
          status: 'ENDED' as const,
          startedAt: coverage.first_entry_at,
          endedAt: coverage.last_entry_at,
        })),
      );
      report.count(kind, batch.coverages.length, written);
    },
  };
  return step;
}

interface ImportedEntry extends EntryRecord {
  readonly externalId: string;
}

interface RenderedEntry extends ImportedEntry {
  readonly id: string;
  readonly rendered: RenderedBody;
}

/** Entries, in the order of the file: their ids keep it for entries of the same second. */
export const entryStep = (
  { db, renderer, report }: ImportEnvironment,
  kind: string,
): Step<ImportedEntry, readonly Located<RenderedEntry>[]> => ({
  kind,
  batchSize: 1000,
  prepare: (batch) =>
    Promise.all(
      lastOfEach(batch).map(async ({ value, ...place }) => ({
        ...place,
        value: { ...value, id: v7(), rendered: await renderer.render(value.text, 'TEXT') },
      })),
    ),
  async write(batch) {
    const coverages = await coverageIds(
      db,
      batch.map(({ value }) => value.coverage_id),
    );
    const rows = batch.flatMap(({ file, line, value }) => {
      const coverageId = coverages.get(value.coverage_id);
      if (coverageId === undefined) {
        report.reject(kind, file, line, `coverage_id: "${value.coverage_id}" is no coverage here`);
        return [];
      }
      return [
        {
          id: value.id,
          externalId: value.externalId,
          coverageId,
          occurredAt: value.at,
          kind: value.kind === 'note' ? ('NOTE' as const) : ('UTTERANCE' as const),
          speaker: value.speaker_name ?? value.speaker_code ?? null,
          language: 'en',
          body: value.text,
          bodyFormat: 'TEXT' as const,
          bodyHtml: value.rendered.html,
          bodyText: value.rendered.text,
          rendererVersion: RENDERER_VERSION,
          isKey: value.key_event,
        },
      ];
    });
    if (rows.length > 0) report.count(kind, rows.length, await upsertEntries(db, rows));
  },
});
