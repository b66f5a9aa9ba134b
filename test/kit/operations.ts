import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../operations', import.meta.url));

/** The operations of test/operations, as clients would send them, by name. */
export const operations: ReadonlyMap<string, string> = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.graphql'))
    .toSorted()
    .map((name) => [name.replace('.graphql', ''), readFileSync(`${FOLDER}/${name}`, 'utf8')]),
);
