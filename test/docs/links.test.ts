import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../kit/checkout.js';
import { type Document, documentAt, documents } from './documents.js';

/** The anchor that a Markdown heading gets on a page. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = ({ prose }: Document): string[] =>
  [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

function problemWith(target: string, from: Document): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(ROOT, from.path) : resolve(from.folder, path);
  if (!existsSync(file)) return `${from.path}: ${target} is not there`;
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  const there = anchorsIn(documentAt(file.slice(ROOT.length)));
  return there.includes(anchor) ? undefined : `${from.path}: ${target} has no such heading`;
}

/** What begins like a path of ours and has no placeholder in it. */
const PATH = /`((?:src|test|schema|migrations|docs|demo|tools|bench)\/[\w./-]*)`/g;

describe('what the documents point to', () => {
  it('is there: every link to a file, and to a heading in it', () => {
    const problems = documents.flatMap((document) =>
      [...document.prose.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .flatMap((target) => problemWith(target, document) ?? []),
    );
    expect(problems).toEqual([]);
  });

  it('is there: every path of ours that stands in the text', () => {
    const missing = documents.flatMap(({ path, prose }) =>
      [...prose.matchAll(PATH)]
        .map(([, named = '']) => named)
        .filter((named) => !existsSync(join(ROOT, named)))
        .map((named) => `${path}: ${named}`),
    );
    expect(missing).toEqual([]);
  });
});
