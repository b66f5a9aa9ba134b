import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  getNamedType,
  isCompositeType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/schema.js';
import { ROOT } from '../kit/checkout.js';
import { operations, signedInOperations } from '../kit/operations.js';
import { blocksIn, documentAt, sectionOf, tableIn } from './documents.js';

const modules = readdirSync(join(ROOT, 'src/modules'));

/** Modules that add nothing to the schema: other modules and the command line use them. */
const BEHIND_THE_SCHEMA = new Set(['bodies', 'imports']);

/** Modules without a table of their own: they read, count or render what others keep. */
const WITHOUT_TABLES = new Set(['bodies', 'readers', 'search']);

const missing = (names: readonly string[], pathOf: (name: string) => string): string[] =>
  names.map(pathOf).filter((path) => !existsSync(join(ROOT, path)));

/** They take ids, which nobody knows beforehand; test/nodes holds them. */
const BY_ID = new Set(['Query.node', 'Query.nodes']);

/** The fields that read objects, as `Type.field`: those that can cost a statement. Connections only unfold a page. */
const fieldsThatRead = (): string[] =>
  Object.values(createSchema().getTypeMap())
    .filter((type) => isObjectType(type))
    // What mutations answer has rows of its own; test/changes and the tests of the modules hold it.
    // So has what is streamed; test/live holds it.
    .filter(
      ({ name }) =>
        !/^(?:__|(?:Mutation|Subscription|ReactionSummary)$)|(?:Connection|Edge|Payload)$/.test(name),
    )
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => isCompositeType(getNamedType(field.type)))
        .map((field) => `${type.name}.${field.name}`),
    );

/** The fields that test/operations asks for, as `Type.field`. */
function fieldsAsked(): Set<string> {
  const asked = new Set<string>();
  const types = new TypeInfo(createSchema());
  for (const operation of [...operations.values(), ...signedInOperations.values()]) {
    visit(
      parse(operation),
      visitWithTypeInfo(types, {
        Field: (node) => {
          const parent = types.getParentType();
          if (isObjectType(parent)) asked.add(`${parent.name}.${node.name.value}`);
        },
      }),
    );
  }
  return asked;
}

describe('a module has the same name everywhere', () => {
  it('in the schema', () => {
    const features = modules.filter((name) => !BEHIND_THE_SCHEMA.has(name));
    expect(missing(features, (name) => `schema/${name}.graphql`)).toEqual([]);
    expect(missing(features, (name) => `src/modules/${name}/resolvers.ts`)).toEqual([]);
    const files = readdirSync(join(ROOT, 'schema')).map((file) => file.replace('.graphql', ''));
    expect(files.toSorted()).toEqual([...features, 'base', 'live'].toSorted());
  });

  it('among the tables', () => {
    const keepers = modules.filter((name) => !WITHOUT_TABLES.has(name));
    expect(missing(keepers, (name) => `src/db/tables/${name}.ts`)).toEqual([]);
  });

  it('among the tests', () => {
    const tested = (name: string): boolean =>
      existsSync(join(ROOT, 'test', name)) &&
      readdirSync(join(ROOT, 'test', name)).some((file) => file.endsWith('.test.ts'));
    expect(modules.filter((name) => !tested(name))).toEqual([]);
  });

  it('and whatever reads objects stands in an operation of test/operations, which has a budget', () => {
    const asked = fieldsAsked();
    expect(fieldsThatRead().filter((field) => !asked.has(field) && !BY_ID.has(field))).toEqual([]);
  });
});

/** The paths that a tree drawn with two spaces for each level names. */
function pathsIn(tree: string): string[] {
  const above: string[] = [];
  return tree
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const [, indent = '', names = ''] = /^( *)(.+?)(?: {2,}|$)/.exec(line) ?? [];
      const depth = indent.length / 2;
      return names.split(' ').map((name) => {
        above.length = depth;
        const path = [...above, name].join('/');
        above.push(name.replace(/\/$/, ''));
        return path;
      });
    });
}

describe("ARCHITECTURE's tree", () => {
  const [tree = ''] = blocksIn(sectionOf(documentAt('docs/ARCHITECTURE.md'), 'The tree'), 'text');
  const named = pathsIn(tree);

  it('names only what is there', () => {
    expect(named.length).toBeGreaterThan(30);
    expect(missing(named, (path) => path)).toEqual([]);
  });

  it('names every file and folder of src, and every module', () => {
    const inTree = new Set(named.map((path) => path.replace(/\/$/, '')));
    const all = ['src', 'src/modules'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { withFileTypes: true })
        // git keeps no empty folders, so neither does the tree.
        .filter((entry) => !entry.isDirectory() || readdirSync(join(entry.parentPath, entry.name)).length > 0)
        .map(({ name }) => `${folder}/${name}`),
    );
    expect(all.filter((path) => !inTree.has(path))).toEqual([]);
  });
});

/** What stands in backticks, in cells of a table. */
const codeIn = (cells: readonly (string | undefined)[]): string[] =>
  cells.flatMap((cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code));

describe("ARCHITECTURE's table of what is in a module", () => {
  /** For each name, folders with a slash, the modules that have it. */
  const owners = new Map<string, string[]>();
  for (const module of modules) {
    for (const entry of readdirSync(join(ROOT, 'src/modules', module), { withFileTypes: true })) {
      const name = entry.isDirectory() ? `${entry.name}/` : entry.name;
      owners.set(name, [...(owners.get(name) ?? []), module]);
    }
  }
  const told = codeIn(
    tableIn(sectionOf(documentAt('docs/ARCHITECTURE.md'), 'The tree')).map(([file]) => file),
  );

  it('names every file and folder that more than one module has', () => {
    const shared = [...owners].filter(([, { length }]) => length > 1).map(([name]) => name);
    expect(shared.filter((name) => !told.includes(name))).toEqual([]);
  });

  it('names none that no module has', () => {
    expect(told.length).toBeGreaterThan(5);
    expect(told.filter((name) => !owners.has(name))).toEqual([]);
  });
});

describe("ARCHITECTURE's table of who may import whom", () => {
  const rows = tableIn(sectionOf(documentAt('docs/ARCHITECTURE.md'), 'Who may import whom'));
  const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
    readonly forbidden: readonly { readonly name: string }[];
  };

  it('has the rules that there are', () => {
    expect(rows.map(([name = '']) => name).toSorted()).toEqual(
      rules.forbidden.map(({ name }) => name).toSorted(),
    );
  });
});
