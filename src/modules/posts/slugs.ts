import { violatedConstraint } from '../../db/violations.js';
import { slugify } from '../../lib/text.js';
import type { PostWriting } from './repo/writing.js';

const MOST_ATTEMPTS = 5;
const CONSTRAINT = 'post_slugs_pkey';

/**
 * Carries out a change that takes a slug, again when somebody else took it in the meantime.
 *
 * @param change a whole transaction; it looks whether the slug is free before it takes it.
 */
export async function takingSlug<Answer>(change: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await change();
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || violatedConstraint(error) !== CONSTRAINT) throw error;
    }
  }
}

/** A slug made from a title that no post has or had: `title`, or else `title-2`, `title-3` and so on. */
export async function freeSlug(writing: PostWriting, title: string): Promise<string> {
  const base = slugify(title) || 'post';
  await writing.queueForSlug(base);
  const taken = await writing.takenNumbers(base);
  let number = 1;
  while (taken.has(number)) number += 1;
  return number === 1 ? base : `${base}-${number}`;
}
