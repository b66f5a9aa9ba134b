/**
 * Plain text as HTML: what was typed is what is seen.
 */
import createMarkdownIt from 'markdown-it';

const {
  linkify,
  utils: { escapeHtml },
} = createMarkdownIt();
linkify.add('ftp:', null).add('//', null).add('mailto:', null).set({ fuzzyEmail: false });

/**
 * A paragraph per block between blank lines, line breaks kept, http(s) URLs linked, everything else escaped.
 * The result still goes through `sanitize`, which is where links get their `rel`.
 */
export function textToHtml(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => `<p>${withLinks(block).replaceAll('\n', '<br />\n')}</p>`)
    .join('\n');
}

function withLinks(text: string): string {
  let html = '';
  let end = 0;
  for (const link of linkify.match(text) ?? []) {
    html += escapeHtml(text.slice(end, link.index));
    html += `<a href="${escapeHtml(link.url)}">${escapeHtml(link.text)}</a>`;
    end = link.lastIndex;
  }
  return html + escapeHtml(text.slice(end));
}
