import type { Written } from './repo/upsert.js';

/** A line that was not loaded. */
export interface Rejection {
  /** The file's name in the folder. */
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What became of the records of one kind. */
export interface Tally {
  /** New here. */
  added: number;
  /** Known, and different from last time. */
  changed: number;
  /** Known, and the same; or different, but what is here was decided here. */
  unchanged: number;
  /** Fine, but with no place here: a discussion without a post, and its comments. */
  skipped: number;
  /** Not loaded, each with a reason. */
  rejected: number;
}

/** Hears of an import while it runs. */
export interface ImportListener {
  /**
   * @param task the name of the file, or of what is gathered from many files.
   * @param done how much of it, in the unit of `total`: bytes of a file, or files.
   */
  onProgress?(task: string, done: number, total: number): void;
  onRejection?(rejection: Rejection): void;
}

/** The tallies of an import, by the name of the file or kind. */
export type ImportSummary = Readonly<Record<string, Readonly<Tally>>>;

/** How many records of an import were not loaded. */
export const rejectedIn = (summary: ImportSummary): number =>
  Object.values(summary).reduce((sum, tally) => sum + tally.rejected, 0);

/** Collects the tallies of an import. */
export function createReport(listener: ImportListener) {
  const tallies: Record<string, Tally> = {};
  const tallyOf = (kind: string): Tally =>
    (tallies[kind] ??= { added: 0, changed: 0, unchanged: 0, skipped: 0, rejected: 0 });
  return {
    summary: tallies as ImportSummary,
    /** Shows a kind in the summary even when it has no record. */
    expect: (kind: string): void => void tallyOf(kind),
    reject(
      kind: string,
      { file, line }: { readonly file: string; readonly line: number },
      reason: string,
    ): void {
      tallyOf(kind).rejected += 1;
      listener.onRejection?.({ file, line, reason });
    },
    skip(kind: string, records: number): void {
      tallyOf(kind).skipped += records;
    },
    leave(kind: string, records: number): void {
      tallyOf(kind).unchanged += records;
    },
    /** Counts a written batch: rows that came back were added or changed, the others were the same. */
    count(kind: string, batchSize: number, written: readonly Pick<Written, 'added'>[]): void {
      const tally = tallyOf(kind);
      const added = written.filter((row) => row.added).length;
      tally.added += added;
      tally.changed += written.length - added;
      tally.unchanged += batchSize - written.length;
    },
  };
}

export type Report = ReturnType<typeof createReport>;
