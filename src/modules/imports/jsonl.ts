import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { v7 } from 'uuid';
import type { z } from 'zod';
import { decodeEntities } from '../../lib/text.js';
import { readLines } from './lines.js';
import { type ImportEnvironment, type Located, readRecords, runStep } from './loading.js';
import * as records from './records.js';
import { accountStep } from './steps/accounts.js';
import { commentStep, type ImportedComment } from './steps/comments.js';
import { coverageStep, entryStep } from './steps/coverage.js';
import { discussionStep } from './steps/discussions.js';
import { postStep } from './steps/posts.js';

/** The files of the format, in the order in which they refer to each other. Every one is optional. */
export const JSONL_KINDS = [
  'authors',
  'users',
  'posts',
  'coverages',
  'live',
  'discussions',
  'comments',
] as const;

/** The path of each file that is there. */
export type JsonlFiles = Readonly<Partial<Record<(typeof JSONL_KINDS)[number], string>>>;

async function* mapped<Value, Result>(
  source: AsyncIterable<Located<Value>>,
  change: (value: Value) => Result,
): AsyncGenerator<Located<Result>> {
  for await (const record of source) yield { ...record, value: change(record.value) };
}

const withIds = <Value extends { id: string }>(value: Value) => ({
  ...value,
  externalId: value.id,
  rowId: v7(),
});

/** A title for a post that came without one: its slug, in words. */
const titleFrom = (slug: string): string => slug.replaceAll(/[-_]+/g, ' ').trim() || 'Untitled';

const FORMATS = { markdown: 'MARKDOWN', html: 'HTML', mdx: 'MDX' } as const;

/** Loads a folder of JSONL files: people, posts, coverages with their entries, discussions with their comments. */
export async function importJsonl(environment: ImportEnvironment, files: JsonlFiles): Promise<void> {
  const { report } = environment;
  const read = <Schema extends z.ZodType>(kind: string, path: string, schema: Schema) =>
    readRecords(environment, kind, path, schema);

  if (files.authors !== undefined) {
    const people = mapped(read('authors', files.authors, records.author), ({ id, slug, name }) => ({
      externalId: id,
      handle: slug || name,
      name,
      role: 'AUTHOR' as const,
    }));
    await runStep(report, people, accountStep(environment, 'authors'));
  }
  if (files.users !== undefined) {
    const people = mapped(read('users', files.users, records.user), ({ id, handle }) => ({
      externalId: id,
      handle,
      name: handle,
      role: 'READER' as const,
    }));
    await runStep(report, people, accountStep(environment, 'users'));
  }
  if (files.posts !== undefined) {
    const posts = mapped(read('posts', files.posts, records.post), (post) => ({
      externalId: post.id,
      slug: post.slug,
      title: decodeEntities(post.title ?? '').trim() || titleFrom(post.slug),
      summary: post.summary == null ? null : decodeEntities(post.summary),
      language: post.lang,
      status: 'PUBLISHED' as const,
      publishedAt: post.published_at,
      authors: post.author_ids,
      tags: post.tags,
      translationGroup: post.translation_group ?? null,
      format: FORMATS[post.body_format],
      body: post.body,
    }));
    await runStep(report, posts, postStep(environment, 'posts'));
  }
  if (files.coverages !== undefined) {
    const coverages = mapped(read('coverages', files.coverages, records.coverage), withIds);
    await runStep(report, coverages, coverageStep(environment, 'coverages'));
  }
  if (files.live !== undefined) {
    const entries = mapped(read('live', files.live, records.entry), withIds);
    await runStep(report, entries, entryStep(environment, 'live'));
  }
  if (files.discussions !== undefined) {
    const discussions = mapped(read('discussions', files.discussions, records.discussion), withIds);
    await runStep(report, discussions, discussionStep(environment, 'discussions'));
  }
  if (files.comments !== undefined) {
    await importComments(environment, mapped(read('comments', files.comments, records.comment), withIds));
  }
}

/**
 * Comments may stand before the ones they answer. Those wait in a file beside and get another turn, as long as each turn
 * brings some of them in; what is left answers nothing that is here, or itself in a circle.
 */
async function importComments(
  environment: ImportEnvironment,
  comments: AsyncIterable<Located<ImportedComment>>,
): Promise<void> {
  const kind = 'comments';
  const folder = await mkdtemp(join(tmpdir(), 'tidings-import-'));
  try {
    let source = comments;
    let waitingBefore = Infinity;
    for (let turn = 1; ; turn += 1) {
      const path = join(folder, `waiting-${turn}.jsonl`);
      const file = createWriteStream(path);
      let waiting = 0;
      const park = async (reply: Located<ImportedComment>): Promise<void> => {
        waiting += 1;
        if (!file.write(`${JSON.stringify(reply)}\n`)) await once(file, 'drain');
      };
      await runStep(environment.report, source, commentStep(environment, kind, park));
      file.end();
      await finished(file);
      if (waiting === 0) return;
      if (waiting === waitingBefore) {
        for await (const reply of readParked(path)) {
          const parent = reply.value.parent_id ?? '';
          environment.report.reject(kind, reply, `parent_id: "${parent}" is no comment that could be loaded`);
        }
        return;
      }
      waitingBefore = waiting;
      source = readParked(path);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Replies that wait, as they were parked. */
async function* readParked(path: string): AsyncGenerator<Located<ImportedComment>> {
  for await (const line of readLines(path, () => undefined)) {
    if ('problem' in line) throw new Error(`The file of waiting replies ${line.problem}`);
    const parked = line.value as Located<ImportedComment>;
    yield { ...parked, value: { ...parked.value, created_at: new Date(parked.value.created_at) } };
  }
}
