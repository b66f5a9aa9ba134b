/**
 * MDX as Markdown: what would be executed goes, what would be read stays.
 */
import { codeSpanEnd, createJavaScriptScanner, fenceEnd, type JavaScriptScanner } from './mdxScan.js';

/** Where something that is not plain Markdown may begin: fence, statement, code span, escape, expression, tag. */
const CANDIDATE =
  /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)]))*[ \t]*(?:`{3,}|~{3,})|^(?:import|export)\b|`+|\\|\{|<(?=\/?[A-Za-z>])/gm;

/** `import x from`, `import {`, `import '`, `export const`: a statement, and not a sentence about imports. */
const STATEMENT =
  /import\s*(?:['"{*]|[\w$]+\s*(?:,|from\b))|export\s*(?:[{*]|(?:default|const|let|var|function|async|class|type)\b)/y;

const STRING_EXPRESSION = /^(['"`])((?:\\.|(?!\1)[^\\])*)\1$/s;
const TAG_START = /<(\/?)([A-Za-z][\w$.:-]*)?/y;
const TAG_END = /\s*(\/?)>/y;
const ATTRIBUTE = /\s+([A-Za-z_$][\w$.:-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'{}<>=]+|(?=\{)))?|\s*(?=\{)/y;
const VOID_ELEMENT = /^(?:area|br|col|hr|img|input|source|track|wbr)$/;

/** What a stretch of the source becomes. */
interface Rewrite {
  readonly end: number;
  readonly markdown: string;
}

/**
 * Removes import and export statements, comments and the tags of components, whose children stay; unwraps string
 * expressions (`{'text'}`); drops the attributes of HTML tags whose value is an expression. Code stays as it is, and so
 * does any other expression: it may be all that the author left there to be read.
 *
 * @returns Markdown with raw HTML, in which indented lines are JSX children and no code
 */
export function mdxToMarkdown(source: string): string {
  const script = createJavaScriptScanner(source);
  let markdown = '';
  let end = 0;
  for (let found = nextCandidate(source, end); found !== null; found = nextCandidate(source, end)) {
    const { index: at } = found;
    const rewrite = rewriteAt(source, at, found[0], script) ?? keep(source, at, at + found[0].length);
    markdown += source.slice(end, at) + rewrite.markdown;
    end = rewrite.end;
  }
  return markdown + source.slice(end);
}

function nextCandidate(source: string, from: number): RegExpExecArray | null {
  CANDIDATE.lastIndex = from;
  return CANDIDATE.exec(source);
}

function keep(source: string, at: number, end: number): Rewrite {
  return { end, markdown: source.slice(at, end) };
}

/** The rewrite of what begins here; undefined when it turns out to be plain text. */
function rewriteAt(
  source: string,
  at: number,
  candidate: string,
  script: JavaScriptScanner,
): Rewrite | undefined {
  if (candidate === '{') return expression(source, at, script);
  if (candidate === '<') return tag(source, at, script);
  if (candidate === '\\') return keep(source, at, at + 2);
  if (candidate === 'import' || candidate === 'export') return statement(source, at, script);
  const end = fenceEnd(source, at, candidate) ?? codeSpanEnd(source, at, candidate);
  return end === undefined ? undefined : keep(source, at, end);
}

function statement(source: string, at: number, script: JavaScriptScanner): Rewrite | undefined {
  if (matchAt(STATEMENT, source, at) === null) return undefined;
  const endOfLine = source.indexOf('\n', at);
  const end = script.closingIndex(at, '\n') ?? (endOfLine < 0 ? source.length : endOfLine);
  return { end, markdown: '' };
}

function expression(source: string, at: number, script: JavaScriptScanner): Rewrite | undefined {
  const end = script.closingIndex(at + 1, '}');
  if (end === undefined) return undefined;
  const javaScript = source.slice(at + 1, end).trim();
  if (/^\/\*.*\*\/$/s.test(javaScript)) return { end: end + 1, markdown: '' };
  const content = STRING_EXPRESSION.exec(javaScript)?.[2];
  if (content === undefined || content.includes('${')) return undefined;
  const text = content.replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  // A string is not Markdown: character references keep it text, also inside raw HTML where a backslash would show.
  const markdown = text.replace(/[&<>*_`[\]~|\\{}]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return { end: end + 1, markdown };
}

function tag(source: string, at: number, script: JavaScriptScanner): Rewrite | undefined {
  const start = matchAt(TAG_START, source, at);
  if (start === null) return undefined;
  const [opening, slash, name = ''] = start;
  let end = at + opening.length;
  let attributes = '';
  for (let close = matchAt(TAG_END, source, end); ; close = matchAt(TAG_END, source, end)) {
    if (close !== null) {
      end += close[0].length;
      if (!isHtmlElement(name)) return { end, markdown: '' };
      const isEmpty = close[1] === '/' && !VOID_ELEMENT.test(name);
      return { end, markdown: `<${slash ?? ''}${name}${attributes}>${isEmpty ? `</${name}>` : ''}` };
    }
    const attribute = matchAt(ATTRIBUTE, source, end);
    if (attribute === null) return undefined;
    end += attribute[0].length;
    if (source[end] === '{') {
      const valueEnd = script.closingIndex(end + 1, '}');
      if (valueEnd === undefined) return undefined;
      end = valueEnd + 1;
    } else {
      attributes += attribute[0];
    }
  }
}

/** Components begin with a capital or are members of something; the nameless tag is a fragment. */
function isHtmlElement(name: string): boolean {
  return /^[a-z][^.]*$/.test(name);
}

function matchAt(sticky: RegExp, source: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(source);
}
