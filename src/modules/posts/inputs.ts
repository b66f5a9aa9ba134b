import { z } from 'zod';
import { idOfType, language, line, moment, text } from '../../graphql/inputFields.js';
import { LONGEST_SLUG, USABLE_SLUG } from '../../lib/names.js';
import { slugify } from '../../lib/text.js';
import { LONGEST_TAG, tagsBySlug } from '../tags/public.js';

const LONGEST_TITLE = 300;
const LONGEST_SUMMARY = 1_000;
/** The longest of 7,649 real bodies has 850,000 characters. */
const LONGEST_BODY = 1_000_000;
const MOST_TAGS = 20;

const id = idOfType('Post');
const title = line(1, LONGEST_TITLE);
const body = text(0, LONGEST_BODY);
const expectedVersion = z.int();

/** An empty summary is none. */
const summary = line(0, LONGEST_SUMMARY)
  .nullable()
  .transform((given) => (given === '' ? null : given));

const slug = z
  .string()
  // First: U+FB2C becomes three characters, and what is stored is what has to be short.
  .transform((given) => given.normalize('NFC'))
  .pipe(text(1, LONGEST_SLUG))
  .pipe(
    z.string().superRefine((given, context) => {
      if (USABLE_SLUG.test(given)) return;
      const usable = slugify(given, LONGEST_SLUG);
      const suggestion = usable === '' ? '' : `, such as \`${usable}\``;
      const message = `Use letters and digits, and . _ ~ - behind the first${suggestion}.`;
      context.addIssue({ code: 'custom', message });
    }),
  );

const tag = line(1, LONGEST_TAG).pipe(
  z.string().refine((name) => slugify(name) !== '', 'A tag needs a letter or a digit.'),
);

const tags = z.array(tag).max(MOST_TAGS, `At most ${MOST_TAGS} tags are allowed.`).transform(tagsBySlug);

/** A field that can be left out, but not taken away. */
const keptUnlessGiven = <Output>(field: z.ZodType<Output>) =>
  field.nullish().transform((given, context) => {
    if (given !== null) return given;
    context.addIssue({ code: 'custom', message: 'Can not be null. Leave it out to keep what is there.' });
    return z.NEVER;
  });

export const createPost = z.object({
  title,
  body,
  summary: summary.optional().transform((given) => given ?? null),
  slug: slug.nullish().transform((given) => given ?? null),
  language: language.nullish().transform((given) => given ?? 'en'),
  tags: tags.nullish().transform((given) => given ?? new Map<string, string>()),
});

export const updatePost = z.object({
  id,
  expectedVersion,
  title: keptUnlessGiven(title),
  body: keptUnlessGiven(body),
  summary: summary.optional(),
  slug: keptUnlessGiven(slug),
  language: keptUnlessGiven(language),
  tags: keptUnlessGiven(tags),
});

export const restorePostRevision = z.object({ id, version: z.int(), expectedVersion });

export const publishPost = z.object({ id, at: moment.nullish().transform((at) => at ?? null) });

/** The input of unpublishPost, archivePost and deletePost. */
export const whichPost = z.object({ id });

export const setCommentPolicy = z.object({
  postId: idOfType('Post'),
  policy: z.enum(['OPEN', 'PRE_MODERATED', 'CLOSED']),
});
