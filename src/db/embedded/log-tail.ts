import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifPresent } from './files.js';

/** What the server said before its log collector ran, truncated at each start. */
export const startLog = 'start.log';

/**
 * The last lines of what the server said since `since` (milliseconds of the epoch), for an error message: its
 * start log, then the newest file of its log collector.
 */
export async function lastWords(home: string, since: number): Promise<string> {
  const early = (await ifPresent(readFile(join(home, startLog), 'utf8'))) ?? '';
  const newest = await newestLog(join(home, 'log'));
  const late = newest === undefined || newest.modified < since ? '' : await readFile(newest.path, 'utf8');
  const lines = `${early}\n${late}`.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-12).join('\n') || '(nothing)';
}

async function newestLog(folder: string): Promise<{ path: string; modified: number } | undefined> {
  const names = (await ifPresent(readdir(folder))) ?? [];
  const paths = names.map((name) => join(folder, name));
  const files = await Promise.all(
    paths.map(async (path) => ({ path, modified: (await stat(path)).mtimeMs })),
  );
  return files.toSorted((a, b) => b.modified - a.modified)[0];
}
