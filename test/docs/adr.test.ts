import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../kit/checkout.js';
import { documents, sectionOf } from './documents.js';

type Versions = Readonly<Record<string, string>>;

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

const { dependencies, devDependencies } = readJson('package.json') as Readonly<
  Record<'dependencies' | 'devDependencies', Versions>
>;
const locked = (
  readJson('package-lock.json') as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  }
).packages;

const decisions = documents.filter(({ path }) => path.startsWith('docs/adr/'));

/** What all decisions say under "Libraries". */
const libraries = decisions
  .filter(({ text }) => text.includes('\n## Libraries\n'))
  .map((decision) => sectionOf(decision, 'Libraries'))
  .join('\n');

/** Each place where a library is named as such, and the version that stands behind its name, if any. */
const namingsOf = (name: string): (string | undefined)[] => {
  const naming = new RegExp(
    `(?<![\\w@/.-])${name.replaceAll(/[./]/g, '\\$&')}(?![\\w/-])[\\*\`]*(?: (\\d+(?:\\.\\d+)*(?:-[\\w.]+)?))?`,
    'g',
  );
  return [...libraries.matchAll(naming)].map(([, version]) => version);
};

const names = Object.keys({ ...dependencies, ...devDependencies });

/** Types go with what they are of. */
const isNeedless = (name: string): boolean => name.startsWith('@types/');

describe('a decision', () => {
  it('has a number, a title, a status and a context, in one form', () => {
    const form = /^# \d{3}: .+\n\nStatus: (?:accepted|superseded by \d{3})\.\n\n## Context\n\n/;
    expect(decisions.length).toBeGreaterThan(15);
    expect(decisions.filter(({ text }) => !form.test(text)).map(({ path }) => path)).toEqual([]);
    const numbers = decisions.map(({ path, text }) => [/\/(\d{3})-/.exec(path)?.[1], text.slice(2, 5)]);
    expect(numbers.filter(([inPath, inTitle]) => inPath !== inTitle)).toEqual([]);
  });
});

describe('what the decisions say of libraries', () => {
  it('names every dependency of package.json', () => {
    expect(names.filter((name) => !isNeedless(name) && namingsOf(name).length === 0)).toEqual([]);
  });

  it('names the versions of package-lock.json, or their first numbers', () => {
    const told = names.flatMap((name) => namingsOf(name).map((version) => ({ name, version })));
    const wrong = told.filter(
      ({ name, version }) =>
        version !== undefined && !`${locked[`node_modules/${name}`]?.version}.`.startsWith(`${version}.`),
    );
    expect(told.filter(({ version }) => version !== undefined).length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });
});
