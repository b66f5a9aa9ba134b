import type { Viewer } from '../../auth/viewer.js';
import type { CoverageEntryRow } from './repo.js';

/** Entries that stand are for everybody who may read the post. */
export const mayReadEntry = (_viewer: Viewer, entry: CoverageEntryRow): boolean => entry.retractedAt === null;
