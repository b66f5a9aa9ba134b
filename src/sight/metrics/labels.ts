/** Names that clients choose, before all others are one. */
const MOST_NAMES = 200;

/** Characters of one. */
const LONGEST_NAME = 64;

/**
 * Keeps the number of series bounded, whatever clients call their operations: the first 200 names are themselves, and every
 * later one is `other`.
 *
 * @returns the name of an operation to count it by. One that was refused is not among the first by that: anybody could take
 *   all places with documents that never run.
 */
export function createNames(most = MOST_NAMES): (name: string | undefined, wasRefused?: boolean) => string {
  const known = new Set<string>();
  return (name, wasRefused = false) => {
    if (name === undefined) return 'unnamed';
    if (known.has(name)) return name;
    if (wasRefused || known.size >= most || name.length > LONGEST_NAME) return 'other';
    known.add(name);
    return name;
  };
}
