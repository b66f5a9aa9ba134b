/**
 * The real bodies of ../shared/data, which is never committed: tests over them are skipped where it is missing.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { BodyFormat } from '../../src/render/body.js';
import { SHARED_DATA } from '../kit/database.js';

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
  const lines = gunzipSync(readFileSync(`${SHARED_DATA}/${name}.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => schema.parse(JSON.parse(line)));
}
