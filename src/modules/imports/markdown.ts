import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { isCleanText, slugify } from '../../lib/text.js';
import { parseMoment } from '../../lib/time.js';
import type { BodyFormat } from '../../render/body.js';
import { type ImportEnvironment, type Located, runStep } from './loading.js';
import { problemOf } from './records.js';
import { accountStep, type ImportedUser } from './steps/accounts.js';
import { type ImportedPost, postStep } from './steps/posts.js';

const FORMATS: Record<string, BodyFormat> = {
  '.md': 'MARKDOWN',
  '.markdown': 'MARKDOWN',
  '.mdx': 'MDX',
  '.html': 'HTML',
};

/** Whether a file is an article, by its name. */
export const isArticle = (name: string): boolean => extname(name).toLowerCase() in FORMATS;

const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((value) =>
    value == null
      ? []
      : [value]
          .flat()
          .map((text) => text.trim())
          .filter((text) => text !== ''),
  );

const frontMatter = z.object({
  title: z.string().trim().min(1).nullish(),
  summary: z.string().nullish(),
  description: z.string().nullish(),
  date: z.string().nullish(),
  author: oneOrMany,
  authors: oneOrMany,
  tags: oneOrMany,
  lang: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)
    .default('en'),
  draft: z.boolean().default(false),
  slug: z.string().nullish(),
});

const FENCE = /^---[ \t]*\r?\n([\s\S]*?)(?:\r?\n)?---[ \t]*(?:\r?\n|$)/;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What is wrong with an article, and in which line. */
class ArticleProblem extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const authorId = (name: string): string => `author:${slugify(name)}`;

/** A date of a front matter: a day (its beginning in UTC) or a moment. Undefined when it is neither. */
const readDate = (text: string): Date | undefined =>
  parseMoment(
    DAY.test(text)
      ? `${text}T00:00:00Z`
      : text.replace(/^(\S+) (\S+)$/, '$1T$2').replace(/(:\d{2}(?:\.\d+)?)$/, '$1Z'),
  );

/**
 * Reads an article.
 *
 * @param path its path in the folder, with slashes: its identity, so that loading it again changes it.
 */
export function parseArticle(path: string, text: string): { post: ImportedPost; authors: readonly string[] } {
  if (!isCleanText(text)) throw new ArticleProblem(1, 'holds a NUL, which is no text');
  const fence = FENCE.exec(text);
  const document = parseDocument(fence?.[1] ?? '', { schema: 'core', version: '1.2' });
  const [yamlError] = document.errors;
  if (yamlError !== undefined) {
    throw new ArticleProblem(
      1 + (yamlError.linePos?.[0].line ?? 1),
      `front matter: ${yamlError.message.split('\n')[0] ?? ''}`,
    );
  }
  const result = frontMatter.safeParse(document.toJS() ?? {});
  if (!result.success) throw new ArticleProblem(1, `front matter: ${problemOf(result.error)}`);
  const meta = result.data;

  const body = text.slice(fence?.[0].length ?? 0);
  const date = meta.date == null ? undefined : readDate(meta.date);
  if (meta.date != null && date === undefined) {
    throw new ArticleProblem(
      1,
      `front matter: date: "${meta.date}" is neither a day (2026-11-22) nor an RFC 3339 moment`,
    );
  }
  if (date === undefined && !meta.draft) {
    throw new ArticleProblem(1, 'front matter: date is missing; give one, or say `draft: true`');
  }
  const stem = path
    .replace(/\.[^./]+$/, '')
    .replace(/\/index$/, '')
    .replace(/^.*\//, '');
  const authors = [...new Set([...meta.authors, ...meta.author])].filter((name) => slugify(name) !== '');
  const heading = /^#[ \t]+(.+)$/m.exec(body)?.[1]?.trim();
  return {
    authors,
    post: {
      externalId: `file:${path}`,
      slug: meta.slug ?? stem.replace(/^\d{4}-\d{2}-\d{2}-/, ''),
      title: meta.title ?? heading ?? (stem.replaceAll(/[-_]+/g, ' ').trim() || 'Untitled'),
      summary: meta.summary ?? meta.description ?? null,
      language: meta.lang,
      publishedAt: meta.draft ? null : (date ?? null),
      authors: authors.map(authorId),
      tags: meta.tags,
      translationGroup: null,
      format: FORMATS[extname(path).toLowerCase()] ?? 'MARKDOWN',
      body,
    },
  };
}

/** Loads a folder of Markdown files with front matter, subfolders included. */
export async function importMarkdown(environment: ImportEnvironment, folder: string): Promise<void> {
  const { report, listener } = environment;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && isArticle(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  report.tallyOf('posts');

  /** Reads the articles one by one: twice, because authors come first, and no folder has to fit into memory. */
  async function* articles(onProblem: (path: string, problem: ArticleProblem) => void) {
    for (const [place, file] of files.entries()) {
      const path = relative(folder, file).split(sep).join('/');
      listener.onProgress?.(path, place + 1, files.length);
      try {
        yield { file: path, line: 1, value: parseArticle(path, await readFile(file, 'utf8')) };
      } catch (error) {
        onProblem(path, error instanceof ArticleProblem ? error : new ArticleProblem(1, String(error)));
      }
    }
  }

  async function* authors(): AsyncGenerator<Located<ImportedUser>> {
    for await (const { value, ...place } of articles(() => undefined)) {
      for (const name of value.authors) {
        yield { ...place, value: { externalId: authorId(name), handle: name, name, role: 'AUTHOR' } };
      }
    }
  }
  await runStep(authors(), accountStep(environment, 'authors'));

  async function* posts(): AsyncGenerator<Located<ImportedPost>> {
    for await (const { value, ...place } of articles((path, problem) =>
      report.reject('posts', path, problem.line, problem.message),
    )) {
      yield { ...place, value: value.post };
    }
  }
  await runStep(posts(), postStep(environment, 'posts'));
}
