import { slugify } from '../../lib/text.js';

export const LONGEST_TAG = 100;

/**
 * The names of tags by slug, in their order: spellings that differ in case or punctuation only are one tag, written as
 * first met. What has no letter or digit is no tag.
 */
export function tagsBySlug(names: readonly string[]): Map<string, string> {
  const bySlug = new Map<string, string>();
  for (const given of names) {
    // By code point: half of a surrogate pair is no text.
    const name = Array.from(given.normalize('NFC').trim()).slice(0, LONGEST_TAG).join('');
    const slug = slugify(name, LONGEST_TAG);
    if (slug !== '' && !bySlug.has(slug)) bySlug.set(slug, name);
  }
  return bySlug;
}
