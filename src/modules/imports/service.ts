import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../db/client.js';
import type { BodyRenderer } from '../../render/pool.js';
import { importJsonl, JSONL_KINDS, type JsonlFiles } from './jsonl.js';
import { importMarkdown, isArticle } from './markdown.js';
import { analyzeTables } from './repo/upsert.js';
import { createReport, type ImportListener, type ImportSummary } from './report.js';

/** The folder is not one that can be imported; the message says what is expected. */
export class ImportError extends Error {}

async function findJsonl(folder: string): Promise<JsonlFiles> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new ImportError(
      `${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const found = JSONL_KINDS.flatMap((kind) => {
    const [name, other] = [`${kind}.jsonl`, `${kind}.jsonl.gz`].filter((candidate) =>
      names.includes(candidate),
    );
    if (other !== undefined) {
      throw new ImportError(`${folder} holds both ${name} and ${other}; remove the one that is not meant.`);
    }
    return name === undefined ? [] : [[kind, join(folder, name)]];
  });
  return Object.fromEntries(found) as JsonlFiles;
}

/**
 * Loads a folder into the publication: JSONL files (`posts.jsonl`, `comments.jsonl.gz`, ...) or Markdown files with
 * front matter. Loading the same folder twice changes nothing; loading it after a change changes what changed.
 *
 * Each batch is one transaction: an import that was interrupted is finished by running it again, and imports that run
 * at the same time take turns.
 *
 * A record that differs from its row here overwrites what the record says (title, body, by-line, tags, dates, ...),
 * even when it was changed here. It never touches what only exists here: slugs, user names, roles, pins, comments and
 * reactions. And it leaves alone posts archived here, comments edited, deleted or moderated here, entries retracted
 * here, coverages that are not over here, and the names of claimed accounts.
 *
 * @throws ImportError when there is nothing to import. Bad records are no errors: they are counted and told.
 */
export async function importFolder(
  { db, renderer }: { readonly db: Database; readonly renderer: BodyRenderer },
  folder: string,
  listener: ImportListener = {},
): Promise<ImportSummary> {
  const report = createReport(listener);
  const environment = { db, renderer, report, listener };
  const jsonl = await findJsonl(folder);
  if (Object.keys(jsonl).length > 0) {
    await importJsonl(environment, jsonl);
  } else if ((await readdir(folder, { recursive: true })).some(isArticle)) {
    await importMarkdown(environment, folder);
  } else {
    throw new ImportError(
      `${folder} holds nothing to import: neither ${JSONL_KINDS.map((kind) => `${kind}.jsonl`).join(', ')} (or .gz) nor Markdown files.`,
    );
  }
  // Millions of new rows are invisible to the planner until somebody counts them.
  await analyzeTables(db);
  return report.summary;
}
