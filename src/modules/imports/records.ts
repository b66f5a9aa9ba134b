import { z } from 'zod';
import { canonicalLanguage } from '../../lib/names.js';
import { parseMoment } from '../../lib/time.js';

const id = z.string().min(1).max(300);
const moment = z.string().transform((text, context) => {
  const parsed = parseMoment(text);
  if (parsed === undefined) context.addIssue({ code: 'custom', message: 'is not an RFC 3339 moment' });
  return parsed ?? new Date(0);
});
const name = z.string().trim().min(1).max(200);
const optionalText = z.string().nullish();
/** A BCP 47 language tag, in its one spelling. */
export const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/, 'is not a BCP 47 language tag')
  .transform(canonicalLanguage);

/** authors.jsonl: who wrote posts. */
export const author = z.object({ id, slug: z.string(), name });

/** users.jsonl: who wrote comments. */
export const user = z.object({ id, handle: name });

/** posts.jsonl. */
export const post = z.object({
  id,
  slug: z.string(),
  title: z.string().nullish(),
  summary: optionalText,
  lang: language,
  published_at: moment,
  author_ids: z.array(id).max(100),
  tags: z.array(z.string()).max(100),
  translation_group: id.nullish(),
  body_format: z.enum(['markdown', 'html', 'mdx']),
  body: z.string(),
});

/** coverages.jsonl: each becomes a post with that coverage. */
export const coverage = z.object({
  id,
  title: z.string().trim().min(1),
  mission: optionalText,
  first_entry_at: moment,
  last_entry_at: moment,
});

/** live.jsonl: the entries of the coverages. */
export const entry = z.object({
  id,
  coverage_id: id,
  at: moment,
  kind: z.enum(['utterance', 'note']),
  key_event: z.boolean(),
  speaker_code: optionalText,
  speaker_name: optionalText,
  text: z.string(),
});

/** discussions.jsonl: which post a conversation belongs to. */
export const discussion = z.object({ id, suggested_post_id: id.nullish() });

/** comments.jsonl. */
export const comment = z.object({
  id,
  discussion_id: id,
  parent_id: id.nullish(),
  user_id: id,
  created_at: moment,
  lang: language.nullish(),
  body: z.string(),
  body_html: optionalText,
});

/** What is wrong with a record, in one line. */
export const problemOf = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'record'}: ${issue.message}`).join('; ');
