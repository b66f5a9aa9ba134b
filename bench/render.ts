/**
 * Renders every real body and prints what it costs, beside markdown-it alone, which no renderer built on it can beat.
 *
 *     node --import tsx bench/render.ts [path/to/shared/data]
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import createMarkdownIt from 'markdown-it';
import * as z from 'zod';
import { renderBodyNow, type BodyFormat } from '../src/render/body.js';
import { median } from './kit/statistics.js';

interface Body {
  readonly source: string;
  readonly format: BodyFormat;
}

/** Rates of bodies shorter than this say more about the clock than about the renderer. */
const MIN_TIMED_LENGTH = 2_000;

const RECORD = z.object({
  body: z.string(),
  body_format: z.string().optional(),
  body_html: z.string().nullish(),
});

const FORMATS: Readonly<Record<string, BodyFormat>> = { markdown: 'MARKDOWN', html: 'HTML', mdx: 'MDX' };

const directory = process.argv[2] ?? process.env['TIDINGS_SHARED'] ?? '../shared/data';
const bodies: Body[] = [
  ...records('posts').map(({ body, body_format: format = '' }) => ({
    source: body,
    format: FORMATS[format] ?? 'TEXT',
  })),
  ...records('comments').map(({ body, body_html: html }) =>
    typeof html === 'string'
      ? { source: html, format: 'HTML' as const }
      : { source: body, format: 'TEXT' as const },
  ),
];
const megabytes = bodies.reduce((sum, { source }) => sum + Buffer.byteLength(source), 0) / 1e6;
console.log(`${bodies.length} bodies, ${megabytes.toFixed(1)} MB, Node ${process.version}`);

const markdown = createMarkdownIt({ html: true, linkify: true });
report('limit: markdown-it alone', ({ source, format }) => {
  if (format === 'MARKDOWN' || format === 'MDX') markdown.render(source);
});
report('Tidings: safe HTML and text', ({ source, format }) => {
  renderBodyNow(source, format);
});

function records(name: string) {
  const lines = gunzipSync(readFileSync(`${directory}/${name}.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => RECORD.parse(JSON.parse(line)));
}

function report(name: string, render: (body: Body) => void): void {
  const rates: number[] = [];
  let slowest = { ms: 0, length: 0 };
  const start = performance.now();
  for (const body of bodies) {
    const began = performance.now();
    render(body);
    const ms = performance.now() - began;
    const { length } = body.source;
    if (length >= MIN_TIMED_LENGTH) rates.push((ms / length) * 100_000);
    if (ms > slowest.ms) slowest = { ms, length };
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${name.padEnd(28)} ${seconds.toFixed(2).padStart(6)} s  ${(megabytes / seconds).toFixed(1).padStart(6)} MB/s  ` +
      `median ${median(rates).toFixed(1).padStart(5)} ms per 100 KB  ` +
      `slowest ${slowest.ms.toFixed(0)} ms (${(slowest.length / 1000).toFixed(0)} KB)`,
  );
}
