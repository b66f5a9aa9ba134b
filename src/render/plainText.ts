/**
 * The text under the markup.
 */
import { stripBidiControls } from '../lib/text.js';
import { elementOf, INLINE } from './elements.js';

/** What the sanitiser escapes in text and attributes. */
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

/**
 * The text of sanitised HTML: a line per block, white space collapsed except in `pre`, character references decoded,
 * images and bidirectional controls left out, table cells parted by a tab.
 *
 * @param html output of `sanitize`: it writes `<` and `>` only around tags, so a tag ends at its first `>`
 */
export function plainText(html: string): string {
  const lines: string[] = [];
  let line = '';
  let isPre = false;
  const endLine = () => {
    const text = isPre ? line.trimEnd().replace(/^\n+/, '') : line.replace(/ ?\t ?/g, '\t').trim();
    if (text !== '') lines.push(text);
    line = '';
  };
  for (const piece of html.split(/(<[^>]*>)/)) {
    if (!piece.startsWith('<')) {
      line += isPre ? piece : piece.replace(/\s+/g, ' ');
      continue;
    }
    const name = elementOf(piece);
    if (INLINE.has(name)) continue;
    if (name === 'br' && isPre) line += '\n';
    else if (name === 'td' || name === 'th') line += piece.startsWith('</') ? '' : '\t';
    else endLine();
    if (name === 'pre') isPre = !piece.startsWith('</');
  }
  endLine();
  const text = lines.join('\n').replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);
  return stripBidiControls(text);
}
