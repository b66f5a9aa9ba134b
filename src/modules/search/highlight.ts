import { stripBidiControls } from '../../lib/text.js';
import { MARK_END, MARK_START, type Passage } from './repo.js';

const CONTEXT = 60;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** The surroundings of the first run that stands in the text literally, or of its beginning; else the text's start. */
function aroundRun(text: string, runs: readonly string[]): string {
  for (const needle of [...runs, ...runs.map((run) => run.slice(0, 2))]) {
    const at = text.indexOf(needle);
    if (at < 0) continue;
    const from = Math.max(0, at - CONTEXT);
    const to = Math.min(text.length, at + needle.length + CONTEXT);
    const window = text
      .slice(from, to)
      .toWellFormed()
      .replaceAll(needle, `${MARK_START}${needle}${MARK_END}`);
    return `${from > 0 ? '… ' : ''}${window}${to < text.length ? ' …' : ''}`;
  }
  return text.slice(0, 2 * CONTEXT).toWellFormed();
}

/**
 * A passage as HTML: everything is escaped, then the matching words get `<mark>`. PostgreSQL marks words; what is written
 * without spaces is marked here, because its parser takes a whole run for one word.
 */
export function highlightOf({ headline, runs, text }: Passage): string {
  const marked =
    runs === null || text === null
      ? headline
      : aroundRun(text.replaceAll(MARK_START, '').replaceAll(MARK_END, ''), runs.split(' '));
  return escapeHtml(stripBidiControls(marked).replace(/\s+/g, ' ').trim())
    .replaceAll(MARK_START, '<mark>')
    .replaceAll(MARK_END, '</mark>');
}
