/**
 * GitHub-flavoured Markdown to HTML that nobody has checked yet: raw HTML passes, `sanitize` comes after.
 */
import createMarkdownIt, { type MarkdownIt, type StateCore, type Token } from 'markdown-it';

/** Longest `www.` address looked at, in UTF-16 units. */
const MAX_WWW_LENGTH = 1_000;

/** References may expand to this many UTF-16 units per unit of source, and to this many in any case. */
const LINK_UNITS_PER_SOURCE_UNIT = 10;
const LINK_UNITS_ALWAYS = 100_000;

const withIndentedCode = createParser();
const withoutIndentedCode = createParser().disable('code');

/**
 * @param options.indentedCode whether four spaces make a code block; not so in MDX, where JSX children are indented
 * @returns HTML that still needs `sanitize`
 */
export function markdownToHtml(source: string, options: { indentedCode?: boolean } = {}): string {
  return (options.indentedCode === false ? withoutIndentedCode : withIndentedCode).render(source);
}

/**
 * Tables and strikethrough come with markdown-it's default preset, and its limit of 100 nested blocks stands. Bare
 * domains are no links, as on GitHub: `main.rs` and `node.sh` are file names more often than sites.
 */
function createParser(): MarkdownIt {
  const parser = createMarkdownIt({ html: true, linkify: true });
  parser.linkify
    .add('ftp:', null)
    .add('//', null)
    .add('www.', {
      validate: (text, at, linkify) => {
        const address = `//www.${text.slice(at, at + MAX_WWW_LENGTH)}`;
        return Math.max(0, linkify.testSchemaAt(address, 'http:', 0) - '//www.'.length);
      },
      normalize: (match) => {
        match.url = `http://${match.url}`;
      },
    });
  parser.core.ruler.push('task_items', checkTaskItems);
  parser.core.ruler.push('cell_alignment', alignCells);
  parser.core.ruler.push('link_budget', boundLinks);
  return parser;
}

/**
 * `- [x] done` → a checkbox. The plugin markdown-it-task-lists looks for the list again from every item: 300 KB of
 * task items took it 23 s, and this 0.3 s. Its class names would not survive the sanitiser anyway.
 */
function checkTaskItems({ tokens, Token }: StateCore): void {
  for (const [index, token] of tokens.entries()) {
    const isFirstInItem =
      token.type === 'inline' &&
      tokens[index - 1]?.type === 'paragraph_open' &&
      tokens[index - 2]?.type === 'list_item_open';
    const text = token.children?.[0];
    const mark = isFirstInItem && text?.type === 'text' && /^\[([ xX])\](?=\s)/.exec(text.content);
    if (!mark || text === undefined) continue;
    const checkbox = new Token('html_inline', '', 0);
    checkbox.content = `<input type="checkbox" disabled${mark[1] === ' ' ? '' : ' checked'}>`;
    text.content = text.content.slice(mark[0].length);
    token.children?.unshift(checkbox);
  }
}

/** markdown-it aligns table cells with a style attribute, which the sanitiser refuses; GitHub uses `align`. */
function alignCells({ tokens }: StateCore): void {
  for (const token of tokens) {
    if (token.type !== 'td_open' && token.type !== 'th_open') continue;
    const style = token.attrGet('style');
    if (style !== null) token.attrs = [['align', String(style).replace('text-align:', '')]];
  }
}

/**
 * Empties links once all of them together outgrow the source by far. One long definition used often (`[a]: <50 KB>`,
 * then `[a]` 12,500 times) would otherwise turn 100 KB into 625 MB; no real body comes near the bound.
 */
function boundLinks({ tokens, src }: StateCore): void {
  let budget = LINK_UNITS_ALWAYS + LINK_UNITS_PER_SOURCE_UNIT * src.length;
  for (const { children } of tokens) {
    for (const token of children ?? []) {
      budget -= linkLength(token);
      if (budget < 0) token.attrs = token.attrs?.filter(([name]) => name === 'alt') ?? null;
    }
  }
}

function linkLength({ attrs }: Token): number {
  return attrs?.reduce((length, [, value]) => length + String(value).length, 0) ?? 0;
}
