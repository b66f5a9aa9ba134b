import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { isCleanText, slugify } from '../../lib/text.js';
import type { BodyFormat } from '../../render/body.js';
import { ArticleProblem, parseFrontMatter } from './frontMatter.js';
import { type ImportEnvironment, type Located, runStep } from './loading.js';
import { accountStep, type ImportedUser } from './steps/accounts.js';
import { type ImportedPost, postStep } from './steps/posts.js';

const FORMATS: Record<string, BodyFormat> = {
  '.md': 'MARKDOWN',
  '.markdown': 'MARKDOWN',
  '.mdx': 'MDX',
  '.html': 'HTML',
};

/** PostgreSQL indexes ids of up to 2,700 bytes. */
const LONGEST_PATH = 500;

/** Whether a file is an article, by its name. */
export const isArticle = (name: string): boolean => extname(name).toLowerCase() in FORMATS;

const FENCE = /^---[ \t]*\r?\n((?:[\s\S]*?\r?\n)?)---[ \t]*(?:\r?\n|$)/;

const authorId = (name: string): string => `author:${slugify(name)}`;

/**
 * Reads an article.
 *
 * @param path its path in the folder, with slashes: its identity, so that loading it again changes it.
 * @param now an article with a later date is scheduled, not published.
 */
export function parseArticle(
  path: string,
  text: string,
  now: Date,
): { post: ImportedPost; authors: readonly string[] } {
  if (path.length > LONGEST_PATH)
    throw new ArticleProblem(1, `has a path of over ${LONGEST_PATH} characters`);
  if (!isCleanText(text)) throw new ArticleProblem(1, 'holds a NUL, which is no text');
  const fence = FENCE.exec(text);
  const meta = parseFrontMatter(fence?.[1] ?? '');
  if (meta.date === undefined && !meta.draft) {
    throw new ArticleProblem(1, 'front matter: date is missing; give one, or say `draft: true`');
  }
  const body = text.slice(fence?.[0].length ?? 0);
  const stem = path
    .replace(/\.[^./]+$/, '')
    .replace(/\/index$/, '')
    .replace(/^.*\//, '')
    .replace(/^\d{4}-\d{2}-\d{2}-/, '');
  const authors = [...new Set([...meta.authors, ...meta.author])].filter((name) => slugify(name) !== '');
  const heading = /^#[ \t]+(.+)$/m.exec(body)?.[1]?.trim();
  const published = meta.date !== undefined && meta.date > now ? 'SCHEDULED' : 'PUBLISHED';
  return {
    authors,
    post: {
      externalId: `file:${path}`,
      slug: meta.slug ?? stem,
      title: meta.title ?? heading ?? (stem.replaceAll(/[-_]+/g, ' ').trim() || 'Untitled'),
      summary: meta.summary ?? meta.description ?? null,
      language: meta.lang,
      status: meta.draft ? 'DRAFT' : published,
      publishedAt: meta.draft ? null : (meta.date ?? null),
      authors: authors.map(authorId),
      tags: meta.tags,
      translationGroup: null,
      format: FORMATS[extname(path).toLowerCase()] ?? 'MARKDOWN',
      body,
    },
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

async function readArticle(file: string, path: string, now: Date) {
  const bytes = await readFile(file);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new ArticleProblem(1, 'is not UTF-8');
  }
  return { file: path, line: 1, bytes: bytes.length, value: parseArticle(path, text, now) };
}

/**
 * Loads a folder of Markdown files with front matter, subfolders included. An article is known by its path: one that is
 * renamed is a new one.
 */
export async function importMarkdown(environment: ImportEnvironment, folder: string): Promise<void> {
  const { report, listener } = environment;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && isArticle(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const now = new Date();
  report.expect('posts');

  /** Reads the articles one by one: twice, because authors come first, and no folder has to fit into memory. */
  async function* articles(task: string, onProblem: (path: string, problem: ArticleProblem) => void) {
    for (const [place, file] of files.entries()) {
      const path = relative(folder, file).split(sep).join('/');
      listener.onProgress?.(task, place + 1, files.length);
      try {
        yield await readArticle(file, path, now);
      } catch (error) {
        onProblem(path, error instanceof ArticleProblem ? error : new ArticleProblem(1, String(error)));
      }
    }
  }

  async function* authors(): AsyncGenerator<Located<ImportedUser>> {
    const met = new Set<string>();
    for await (const { value, ...place } of articles('authors', () => undefined)) {
      for (const name of value.authors) {
        const externalId = authorId(name);
        if (met.has(externalId)) continue;
        met.add(externalId);
        yield { ...place, value: { externalId, handle: name, name, role: 'AUTHOR' } };
      }
    }
  }
  await runStep(report, authors(), accountStep(environment, 'authors'));

  async function* posts(): AsyncGenerator<Located<ImportedPost>> {
    const read = articles('articles', (path, problem) =>
      report.reject('posts', { file: path, line: problem.line }, problem.message),
    );
    for await (const { value, ...place } of read) yield { ...place, value: value.post };
  }
  await runStep(report, posts(), postStep(environment, 'posts'));
}
