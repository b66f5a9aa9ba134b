/**
 * The HTML elements a body may consist of, by what they do to the text in them.
 */

/** Blocks that hold text or other blocks, and so have a direction. */
export const DIRECTED_BLOCKS = new Set(
  (
    'h1 h2 h3 h4 h5 h6 p div blockquote details summary section article aside header footer address figure figcaption ' +
    'ul ol li dl dt dd table caption th td'
  ).split(' '),
);

/** Blocks without a direction of their own. */
export const OTHER_BLOCKS = new Set('pre hr br colgroup col thead tbody tfoot tr'.split(' '));

/** Elements within a line. */
export const INLINE = new Set(
  (
    'a abbr b bdi cite code del dfn em i img input ins kbd mark q rb rp rt ruby s samp small span strike strong sub sup ' +
    'time tt u var wbr'
  ).split(' '),
);

/** Code reads from left to right in any language. */
export const CODE = new Set('pre code kbd samp tt var'.split(' '));

/** The name of the element of a tag as the sanitiser writes it: `<td align="right">` and `</td>` are `td`. */
export function elementOf(tag: string): string {
  return /[a-z][a-z0-9]*/.exec(tag)?.[0] ?? '';
}
