/**
 * From what an author typed to what a page may show: safe HTML, and the plain text under it.
 */
import { bareItemsToLists } from './bareItems.js';
import { markDirections } from './direction.js';
import { markdownToHtml } from './markdown.js';
import { mdxToMarkdown } from './mdx.js';
import { plainText } from './plainText.js';
import { sanitize } from './sanitize.js';
import { textToHtml } from './textToHtml.js';

/** How a body is written. */
export type BodyFormat = 'MARKDOWN' | 'HTML' | 'MDX' | 'TEXT';

/** A body ready to be shown and searched. */
export interface RenderedBody {
  /** HTML that is safe inside any element that takes block content. */
  readonly html: string;
  /** The same content without markup, one line per block: for excerpts, search and highlights. */
  readonly text: string;
}

/**
 * Stored beside a rendered body. Raise it whenever the same source would render differently, so that stored bodies are
 * known to be stale.
 */
export const RENDERER_VERSION = 1;

/** From a format to HTML that nobody has checked yet. */
const TO_HTML: Readonly<Record<BodyFormat, (source: string) => string>> = {
  MARKDOWN: (source) => markdownToHtml(source),
  MDX: (source) => markdownToHtml(mdxToMarkdown(source), { indentedCode: false }),
  HTML: (source) => source,
  TEXT: textToHtml,
};

/**
 * Renders a body on the calling thread: about 20 ms per 100 KB (bench/render.ts). Pure: same input, same output.
 *
 * Never throws on any input. Markup nested too deep to be an article (see `sanitize`) is shown as it was typed.
 *
 * @param source as the author typed it, any size
 */
export function renderBodyNow(source: string, format: BodyFormat): RenderedBody {
  const safe = sanitize(TO_HTML[format](source)) ?? sanitize(textToHtml(source)) ?? '';
  const html = markDirections(bareItemsToLists(safe));
  return { html, text: plainText(html) };
}
