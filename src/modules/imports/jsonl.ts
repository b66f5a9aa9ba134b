import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { decodeEntities } from '../../lib/text.js';
import { readLines } from './lines.js';
import { type ImportEnvironment, type Located, readRecords, runStep } from './loading.js';
import * as records from './records.js';
import { accountStep } from './steps/accounts.js';
import { commentStep, discussionStep, type ImportedComment } from './steps/comments.js';
import { coverageStep, entryStep } from './steps/coverage.js';
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

const withExternalId = <Value extends { id: string }>({ id, ...value }: Value) => ({
  ...value,
  id,
  externalId: id,
});

/** A title for a post that came without one: its slug, in words. */
const titleFrom = (slug: string): string => slug.replaceAll(/[-_]+/g, ' ').trim() || 'Untitled';

const FORMATS = { markdown: 'MARKDOWN', html: 'HTML', mdx: 'MDX' } as const;

/** Loads a folder of JSONL files: people, posts, coverages with their entries, discussions with their comments. */
export async function importJsonl(environment: ImportEnvironment, files: JsonlFiles): Promise<void> {
  if (files.authors !== undefined) {
    const source = readRecords(environment, 'authors', files.authors, records.author);
    await runStep(
      mapped(source, ({ id, slug, name }) => ({
        externalId: id,
        handle: slug || name,
        name,
        role: 'AUTHOR' as const,
      })),
      accountStep(environment, 'authors'),
    );
  }
  if (files.users !== undefined) {
    const source = readRecords(environment, 'users', files.users, records.user);
    await runStep(
      mapped(source, ({ id, handle }) => ({ externalId: id, handle, name: handle, role: 'READER' as const })),
      accountStep(environment, 'users'),
    );
  }
  if (files.posts !== undefined) {
    const source = readRecords(environment, 'posts', files.posts, records.post);
    await runStep(
      mapped(source, (post) => ({
        externalId: post.id,
        slug: post.slug,
        title: decodeEntities(post.title ?? '').trim() || titleFrom(post.slug),
        summary: post.summary == null ? null : decodeEntities(post.summary),
        language: post.lang,
        publishedAt: post.published_at,
        authors: post.author_ids,
        tags: post.tags,
        translationGroup: post.translation_group ?? null,
        format: FORMATS[post.body_format],
        body: post.body,
      })),
      postStep(environment, 'posts'),
    );
  }
  if (files.coverages !== undefined) {
    const source = readRecords(environment, 'coverages', files.coverages, records.coverage);
    await runStep(mapped(source, withExternalId), coverageStep(environment, 'coverages'));
  }
  if (files.live !== undefined) {
    const source = readRecords(environment, 'live', files.live, records.entry);
    await runStep(mapped(source, withExternalId), entryStep(environment, 'live'));
  }
  if (files.discussions !== undefined) {
    const source = readRecords(environment, 'discussions', files.discussions, records.discussion);
    await runStep(mapped(source, withExternalId), discussionStep(environment, 'discussions'));
  }
  if (files.comments !== undefined) {
    const source = readRecords(environment, 'comments', files.comments, records.comment);
    await importComments(environment, mapped(source, withExternalId));
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
      await runStep(source, commentStep(environment, kind, park));
      file.end();
      await finished(file);
      if (waiting === 0) return;
      if (waiting === waitingBefore) {
        for await (const { file: name, line, value } of readParked(path)) {
          environment.report.reject(
            kind,
            name,
            line,
            `parent_id: "${value.parent_id ?? ''}" is no comment here`,
          );
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
