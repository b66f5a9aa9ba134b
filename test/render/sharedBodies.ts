/**
 * The real bodies of ../shared/data, which is never committed: tests over them are skipped where it is missing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { BodyFormat } from '../../src/render/body.js';

const directory =
  process.env['TIDINGS_SHARED'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** Whether the real data is here. */
export const hasSharedData = existsSync(`${directory}/posts.jsonl.gz`);

/** What a test name ends with where the real data is missing. */
export const skipNote = hasSharedData ? '' : ' (skipped: no shared data, see TIDINGS_SHARED)';

/** A body as its source has it. */
export interface SharedBody {
  readonly id: string;
  readonly lang: string;
  readonly source: string;
  readonly format: BodyFormat;
}

const FORMATS = { markdown: 'MARKDOWN', html: 'HTML', mdx: 'MDX' } as const;

const POST = z.object({
  id: z.string(),
  lang: z.string(),
  body: z.string(),
  body_format: z.enum(['markdown', 'html', 'mdx']),
});
const COMMENT = z.object({ id: z.string(), lang: z.string(), body_html: z.string().nullable() });

/** All 7,649 posts. */
export function sharedPosts(): SharedBody[] {
  return records('posts', POST).map(({ id, lang, body, body_format: format }) => ({
    id,
    lang,
    source: body,
    format: FORMATS[format],
  }));
}

/** The 2,023 comments that have HTML. */
export function sharedHtmlComments(): SharedBody[] {
  return records('comments', COMMENT).flatMap(({ id, lang, body_html: source }) =>
    source === null ? [] : [{ id, lang, source, format: 'HTML' as const }],
  );
}

function records<T>(name: string, schema: z.ZodType<T>): T[] {
  const lines = gunzipSync(readFileSync(`${directory}/${name}.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => schema.parse(JSON.parse(line)));
}
