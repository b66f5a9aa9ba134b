import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../kit/checkout.js';

/** The first versions without the holes that were found in what came before. */
const FLOORS: Readonly<Record<string, string>> = {
  '@apollo/server': '5.5.0',
  'drizzle-orm': '0.45.2',
  fastify: '5.12.0',
  graphql: '16.15.0',
  sharp: '0.35.0',
  undici: '7.28.0',
  ws: '8.21.0',
};

/** What must not be there at all, and what is there instead. */
const NOT_USED: Readonly<Record<string, string>> = {
  // Took tokens signed with a public key as a secret.
  'fast-jwt': 'jose',
};

interface Installed {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

/** Every package below a folder, those below packages too. */
function packagesIn(folder: string): Installed[] {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return [];
  return readdirSync(modules).flatMap((entry) => {
    // Types are never run; some bring the package that they describe, as old as they are.
    if (entry === '@types') return [];
    const names = entry.startsWith('@')
      ? readdirSync(join(modules, entry)).map((name) => `${entry}/${name}`)
      : [entry];
    return names.flatMap((name) => {
      const path = join(modules, name);
      const manifest = join(path, 'package.json');
      if (!existsSync(manifest)) return [];
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
      return [{ path, name, version }, ...packagesIn(path)];
    });
  });
}

const partsOf = (version: string): number[] => version.split('-', 1)[0]?.split('.').map(Number) ?? [];

function isBelow(version: string, floor: string): boolean {
  const parts = partsOf(version);
  const difference = partsOf(floor)
    .map((part, place) => (parts[place] ?? 0) - part)
    .find((one) => one !== 0);
  return (difference ?? 0) < 0;
}

describe('what is installed', () => {
  const installed = packagesIn(ROOT);

  test('is no version with known holes, wherever it is', () => {
    const below = installed
      .filter(({ name, version }) => isBelow(version, FLOORS[name] ?? '0.0.0'))
      .map(({ path, version }) => `${path.slice(ROOT.length)}: ${version}`);
    expect(below).toEqual([]);
  });

  test('has what the floors are about', () => {
    const names = new Set(installed.map(({ name }) => name));
    expect(
      ['@apollo/server', 'drizzle-orm', 'fastify', 'graphql', 'ws', 'jose', 'postgres'].filter(
        (name) => !names.has(name),
      ),
    ).toEqual([]);
  });

  test.for(Object.entries(NOT_USED))('is not %s, but %s', ([name, instead]) => {
    const names = new Set(installed.map((one) => one.name));
    expect({ name: names.has(name), instead: names.has(instead) }).toEqual({ name: false, instead: true });
  });
});

test.for([
  ['5.4.9', '5.5.0', true],
  ['5.5.0', '5.5.0', false],
  ['5.10.0', '5.5.0', false],
  ['4.99.99', '5.5.0', true],
  ['18.4.0-beta.17', '18.4.0', false],
] as const)('%s is below %s: %s', ([version, floor, expected]) => {
  expect(isBelow(version, floor)).toBe(expected);
});
