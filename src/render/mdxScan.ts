/**
 * Finds the ends of code and of JavaScript in MDX, without parsing either.
 */

/** How often each unit of the source may be looked at; without a bound 100 KB of `{` took 6 s. */
const LOOKS_PER_UNIT = 10;

/** What follows in JavaScript that matters to brackets. */
const SIGNIFICANT = /[()[\]{}'"`\n]|\/\*/g;

/** Of the quotes only templates span lines. The lengths bound the look for a partner that is not there. */
const QUOTED: Readonly<Record<string, RegExp>> = {
  "'": /'(?:[^'\\\n]|\\.){0,2000}'/y,
  '"': /"(?:[^"\\\n]|\\.){0,2000}"/y,
  '`': /`(?:[^`\\]|\\.){0,2000}`/sy,
};

/** Finds the end of what begins in a source; remembers how much looking that has cost. */
export interface JavaScriptScanner {
  /**
   * The index of the first `stop` outside brackets, quotes and comments; the end of the source counts as a line's end.
   *
   * @returns undefined when there is none, when a bracket closes that was not opened, and after ten times the length of
   * the source has been looked at: then what is left is taken for text
   */
  closingIndex(from: number, stop: '}' | '\n'): number | undefined;
}

/** A scanner for one source; it counts what its caller has made it look at. */
export function createJavaScriptScanner(source: string): JavaScriptScanner {
  let looksLeft = source.length * LOOKS_PER_UNIT;

  const scan = (from: number, stop: '}' | '\n'): { end?: number; looked: number } => {
    let depth = 0;
    let at = from;
    for (let sign = signAt(at); sign !== undefined; sign = signAt(at)) {
      if (at - from > looksLeft) return { looked: at - from };
      if (depth === 0 && sign.text === stop) return { end: sign.at, looked: sign.at - from };
      if ('([{'.includes(sign.text)) depth += 1;
      if (')]}'.includes(sign.text)) depth -= 1;
      if (depth < 0) return { looked: sign.at - from };
      at = endOf(sign);
    }
    const looked = source.length - from;
    return stop === '\n' && depth === 0 ? { end: source.length, looked } : { looked };
  };

  const signAt = (from: number) => {
    SIGNIFICANT.lastIndex = from;
    const found = SIGNIFICANT.exec(source);
    return found === null ? undefined : { at: found.index, text: found[0] };
  };

  /** Behind a whole comment or quote, else behind the sign: an apostrophe has no partner on its line. */
  const endOf = ({ at, text }: { at: number; text: string }): number => {
    if (text === '/*') {
      const end = source.indexOf('*/', at + 2);
      return end < 0 ? source.length : end + 2;
    }
    const quoted = QUOTED[text];
    if (quoted === undefined) return at + 1;
    quoted.lastIndex = at;
    return quoted.test(source) ? quoted.lastIndex : at + 1;
  };

  return {
    closingIndex(from, stop) {
      if (looksLeft <= 0) return undefined;
      const { end, looked } = scan(from, stop);
      looksLeft -= looked;
      return end;
    },
  };
}

/** The end of the fenced code block that begins with this fence; undefined when it is no fence. */
export function fenceEnd(source: string, at: number, opening: string): number | undefined {
  const fence = /(?:`{3,}|~{3,})$/.exec(opening)?.[0];
  if (fence === undefined) return undefined;
  const lineEnd = source.indexOf('\n', at);
  if (lineEnd < 0) return source.length;
  const info = source.slice(at + opening.length, lineEnd);
  if (fence.startsWith('`') && info.includes('`')) return undefined;
  const closing = new RegExp(`^[ \\t>]*${fence.charAt(0)}{${fence.length},}[ \\t]*$`, 'gm');
  closing.lastIndex = lineEnd + 1;
  const found = closing.exec(source);
  return found === null ? source.length : found.index + found[0].length;
}

/** The end of the code span that begins with these backticks; undefined when its paragraph has no such run again. */
export function codeSpanEnd(source: string, at: number, opening: string): number | undefined {
  const run = opening.trimStart();
  const runs = /`+|\n[ \t]*\n/g;
  runs.lastIndex = at + opening.length;
  for (let found = runs.exec(source); found !== null; found = runs.exec(source)) {
    if (found[0].startsWith('\n')) return undefined;
    if (found[0] === run) return found.index + run.length;
  }
  return undefined;
}
