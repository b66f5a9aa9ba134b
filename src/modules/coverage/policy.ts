import { extentOf } from '../../auth/actions.js';
import type { Viewer } from '../../auth/viewer.js';
import type { CoverageEntryRow, EntrySight } from './repo/reading.js';

export const sightOf = (viewer: Viewer): EntrySight => ({
  retracted: extentOf(viewer, 'COVERAGE_READ_RETRACTED') === 'any',
});

/**
 * Whether a viewer who may read the post may read an entry. `listed` in repo/reading.ts says the same of rows in SQL; a test
 * holds the two together.
 */
export const mayReadEntry = (
  viewer: Viewer,
  { retractedAt }: Pick<CoverageEntryRow, 'retractedAt'>,
): boolean => retractedAt === null || sightOf(viewer).retracted;
