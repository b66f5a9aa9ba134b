/**
 * The stored form of a name that is compared without regard to case: user names, tag slugs. Normalised twice, because the
 * capital of `ǰ` has two parts, and its small letter one.
 */
export const foldCase = (name: string): string => name.normalize('NFKC').toLowerCase().normalize('NFKC');

/**
 * A BCP 47 language tag in its one spelling: `ZH-hans` is `zh-Hans`. What is no language tag comes back as it is, and
 * matches nothing.
 */
export function canonicalLanguage(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch {
    return tag;
  }
}

/**
 * Gives each base a name of its own: the base itself, or the base with the smallest number from 2 on that nobody has.
 *
 * @param bases wanted names, in order of precedence; equal ones get different names.
 * @param findTaken which of these names are in use elsewhere.
 */
export async function claimNames(
  bases: readonly string[],
  findTaken: (names: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  const claimed = new Set<string>();
  const next = new Map<string, number>();
  const names = bases.map(() => '');
  let open = bases.map((_, place) => place);
  while (open.length > 0) {
    const candidates = open.map((place) => {
      const base = bases[place] ?? '';
      for (let number = next.get(base) ?? 1; ; number += 1) {
        const candidate = number === 1 ? base : `${base}-${number}`;
        if (claimed.has(candidate)) continue;
        claimed.add(candidate);
        next.set(base, number + 1);
        return candidate;
      }
    });
    const taken = new Set(await findTaken(candidates));
    open = open.filter((place, index) => {
      const candidate = candidates[index] ?? '';
      names[place] = candidate;
      return taken.has(candidate);
    });
  }
  return names;
}

/** In characters; the database allows 200. */
export const LONGEST_SLUG = 190;

/**
 * Everything that RFC 3986 lets stand in a path as it is, in any script. Slugs like `10-lts-to-12-lts` or `v0.10.26` keep
 * their addresses.
 */
export const USABLE_SLUG = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}._~-]*$/u;
