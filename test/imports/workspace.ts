import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import postgres from 'postgres';
import { openDatabase } from '../../src/db/client.js';
import { type ImportSummary, importFolder, type Rejection } from '../../src/modules/imports/public.js';
import { createBodyRenderer } from '../../src/render/pool.js';
import { createTestDatabase } from '../kit/database.js';

/** What stands in a file: its text or bytes, or the records of a JSONL file. */
export type Content = string | Buffer | readonly object[];

const bytesOf = (content: Content): string | Buffer =>
  typeof content === 'string' || Buffer.isBuffer(content)
    ? content
    : content.map((record) => `${JSON.stringify(record)}\n`).join('');

async function makeFolder(files: Readonly<Record<string, Content>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-import-test-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytesOf(content));
  }
  return folder;
}

/** Writes files into a folder that goes with the test. */
export async function writeFolder(files: Readonly<Record<string, Content>>): Promise<string> {
  const folder = await makeFolder(files);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An import and what it told. */
export interface Loaded {
  readonly summary: ImportSummary;
  /** `file:line: reason` of each rejected line. */
  readonly rejected: readonly string[];
}

/** A database of a test's own, and imports into it. */
export interface Workspace {
  readonly url: string;
  readonly sql: postgres.Sql;
  /** Imports a folder, or files. */
  readonly load: (from: string | Readonly<Record<string, Content>>) => Promise<Loaded>;
  /** Imports, gives up at the first record of this task (a file's name, say). */
  readonly loadUntil: (task: string, folder: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A workspace that goes with the test. */
export async function createWorkspace(): Promise<Workspace> {
  const workspace = await openWorkspace();
  onTestFinished(workspace.close);
  return workspace;
}

/** A workspace for the tests of a file; whoever opens it closes it. */
export async function openWorkspace(): Promise<Workspace> {
  const database = await createTestDatabase();
  const client = openDatabase({ url: database.url, poolSize: 3, statementTimeout: 0 });
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const renderer = createBodyRenderer();
  const folders: string[] = [];
  const target = { db: client.db, renderer };
  return {
    url: database.url,
    sql,
    async load(from) {
      const rejections: Rejection[] = [];
      const folder = typeof from === 'string' ? from : await makeFolder(from);
      if (typeof from !== 'string') folders.push(folder);
      const summary = await importFolder(target, folder, {
        onRejection: (rejection) => rejections.push(rejection),
      });
      return { summary, rejected: rejections.map(({ file, line, reason }) => `${file}:${line}: ${reason}`) };
    },
    async loadUntil(task, folder) {
      const power = new Error('the power went');
      await importFolder(target, folder, {
        onProgress(current) {
          if (current === task) throw power;
        },
      }).catch((error: unknown) => {
        if (error !== power) throw error;
      });
    },
    async close() {
      await renderer.close();
      await client.close();
      await sql.end();
      await database.drop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The tally of records that all met the same fate. */
export const all = (fate: keyof ImportSummary[string], count: number): ImportSummary[string] => ({
  added: 0,
  changed: 0,
  unchanged: 0,
  skipped: 0,
  rejected: 0,
  [fate]: count,
});

/**
 * The counters that are wrong: of comments on posts, of replies, of entries, and the depths. Empty when every one says
 * what the rows say.
 */
export const wrongCounters = (sql: postgres.Sql) => sql`
  select 'comments of a post' as counter, id from posts
    where comment_count <> (select count(*) from comments where post_id = posts.id and state = 'VISIBLE')
  union all select 'replies to a comment', id from comments as parents
    where reply_count <> (select count(*) from comments where parent_id = parents.id and state = 'VISIBLE')
  union all select 'entries of a coverage', id from coverages
    where entry_count <> (select count(*) from coverage_entries where coverage_id = coverages.id and retracted_at is null)
  union all select 'depth of a comment', replies.id from comments as replies join comments as parents on parents.id = replies.parent_id
    where replies.depth <> parents.depth + 1`;
