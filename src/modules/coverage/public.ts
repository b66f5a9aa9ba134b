export { mayReadEntry } from './policy.js';
export type { CoverageEntryRow } from './repo/reading.js';
