import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, type Diagnostics } from 'recheck';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../kit/checkout.js';

/** A regular expression as it stands in the code. */
interface Found {
  readonly file: string;
  /** `/source/flags`, or the call that makes it. */
  readonly text: string;
  readonly isLiteral: boolean;
}

/** What is not linear in the length of any text, and why no text makes it slow where it is used. */
const BOUNDED: Readonly<Record<string, string>> = {
  'render/bareItems.ts /<(\\/?)(ul|ol|li)(?:\\s[^>]*)?>/g': 'reads what sanitize wrote: each tag is closed',
  'render/direction.ts /(<[^>]*>)/': 'reads what sanitize wrote: each tag is closed',
  'render/plainText.ts /(<[^>]*>)/': 'reads what sanitize wrote: each tag is closed',
  'render/mdxScan.ts /(?:`{3,}|~{3,})$/': 'reads a match that ends with its only run of backticks or tildes',
  'server/graphiql.ts /<script>([\\s\\S]*?)<\\/script>/g': 'reads our own page, once',
  'sight/logger.ts /:\\/\\/\\S*@/g': 'reads at most 1,000 characters',
  'sight/logger.ts /\\beyJ[\\w-]{8,}\\.[\\w-]+\\.[\\w-]*/g': 'reads at most 1,000 characters',
  'sight/logger.ts /[^\\s"\'<>@]{1,64}@[^\\s"\'<>@]{1,255}/g': 'reads at most 1,000 characters',
  'db/embedded/binaries.ts /\\..*$/': 'reads the version of a package that is installed',
};

/** What is put together at run time, as it then is. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  "render/direction.ts new RegExp(RTL_LETTER, 'u')": [
    String.raw`/(?=\p{L})[\p{Script=Hebrew}\p{Script=Arabic}]/u`,
  ],
  "render/direction.ts new RegExp(RTL_LETTER, 'gu')": [
    String.raw`/(?=\p{L})[\p{Script=Hebrew}\p{Script=Arabic}]/gu`,
  ],
  "render/mdxScan.ts new RegExp(`^[ \\\\t>]*${fence.charAt(0)}{${fence.length},}[ \\\\t]*$`, 'gm')": [
    String.raw`/^[ \t>]*~{3,}[ \t]*$/gm`,
    '/^[ \\t>]*`{20,}[ \\t]*$/gm',
  ],
};

/** Milliseconds for one expression. Most take three, on an idle machine; fuzzing the longest takes seconds. */
const LONGEST_CHECK = 60_000;

const SOURCES = join(ROOT, 'src');

function expressionsIn(file: string): Found[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(SOURCES, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const isCall = ts.isNewExpression(node) || ts.isCallExpression(node);
    if (ts.isRegularExpressionLiteral(node)) found.push({ file, text: node.text, isLiteral: true });
    else if (isCall && node.expression.getText() === 'RegExp') {
      found.push({ file, text: node.getText().replaceAll(/\s+/g, ' '), isLiteral: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const nameOf = ({ file, text }: Found): string => `${file} ${text}`;

const found = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
  .flatMap(expressionsIn);
const literals = found.filter(({ isLiteral }) => isLiteral);
const made = found.filter(({ isLiteral }) => !isLiteral);

/** Each once, whoever uses it. */
const verdicts = new Map<string, Promise<Diagnostics>>();
function verdictOn(text: string): Promise<Diagnostics> {
  const known = verdicts.get(text);
  if (known) return known;
  const end = text.lastIndexOf('/');
  const verdict = check(text.slice(1, end), text.slice(end + 1), { timeout: LONGEST_CHECK });
  verdicts.set(text, verdict);
  return verdict;
}

/** How an expression could be made to take its time; nothing for one that takes time in proportion to the text. */
async function weaknessOf(text: string): Promise<string | undefined> {
  const verdict = await verdictOn(text);
  if (verdict.status === 'safe') return undefined;
  if (verdict.status === 'unknown') return `nobody knows: ${verdict.error.kind}`;
  return `${verdict.complexity.summary}, by ${verdict.attack.pattern}`;
}

describe('a regular expression', { timeout: 300_000 }, () => {
  let weak: { readonly name: string; readonly weakness: string }[];
  beforeAll(async () => {
    weak = [];
    for (const one of literals) {
      const weakness = await weaknessOf(one.text);
      if (weakness !== undefined) weak.push({ name: nameOf(one), weakness });
    }
  }, 300_000);

  test('takes no longer for a text than it is long', () => {
    expect(literals.length).toBeGreaterThan(100);
    expect(weak.filter(({ name }) => BOUNDED[name] === undefined)).toEqual([]);
  });

  test('is known to be bounded only while it needs to be', () => {
    const names = new Set(weak.map(({ name }) => name));
    expect(Object.keys(BOUNDED).filter((name) => !names.has(name))).toEqual([]);
  });

  test('that is put together at run time is known, and as good', async () => {
    expect(made.map(nameOf).toSorted()).toEqual(Object.keys(MADE).toSorted());
    for (const text of Object.values(MADE).flat()) expect(await weaknessOf(text), text).toBe(undefined);
  });
});

test('a weak one is recognised', async () => {
  expect(await weaknessOf('/(a+)+$/')).toContain('exponential');
});
