import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../kit/checkout.js';

/** A Markdown file of the project. */
export interface Document {
  /** From the root of the checkout. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  /** The text without fenced blocks of code. */
  readonly prose: string;
}

const FENCED = /^```[^\n]*\n[\s\S]*?^```$/gm;

const read = (path: string): Document => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, folder: join(ROOT, dirname(path)), text, prose: text.replace(FENCED, '') };
};

/** Everything that is written for people. */
export const documents: readonly Document[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  'bench/README.md',
  'demo/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map(read);

/** One of them. */
export const documentAt = (path: string): Document => read(path);

/** The fenced blocks of a text in a language, in their order. */
export const blocksIn = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block = '']) => block,
  );

/** The part of a document under a heading, up to the next heading that is not below it. */
export function sectionOf({ path, text }: Document, heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start < 0) throw new Error(`${path} has no heading "${heading}".`);
  const depth = (lines[start] ?? '').indexOf(' ');
  const end = lines.findIndex(
    (line, place) => place > start && /^#+ /.test(line) && line.indexOf(' ') <= depth,
  );
  return lines.slice(start + 1, end < 0 ? undefined : end).join('\n');
}

/** The cells of the first table of a text, without its head. */
export const tableIn = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
