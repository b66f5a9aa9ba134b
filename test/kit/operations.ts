import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../operations', import.meta.url));

const operationsIn = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.graphql'))
      .toSorted()
      .map((name) => [name.replace('.graphql', ''), readFileSync(`${folder}/${name}`, 'utf8')]),
  );

/** The operations of test/operations, as anonymous clients would send them, by name. */
export const operations = operationsIn(FOLDER);

/** Those of test/operations/signed-in, as an administrator would send them. */
export const signedInOperations = operationsIn(join(FOLDER, 'signed-in'));
