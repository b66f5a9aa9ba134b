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

/**
 * What folds to itself, in bulk; else one character with what goes with it when a text is folded: marks, half-width sound
 * marks, parts of a syllable. A highlight of 60,000 characters so takes 4 ms in Latin script, 24 ms in vowelled Arabic.
 */
const FOLDED_TOGETHER =
  /[\0-\x9f\u0627\u0628\u062a-\u063f\u0641-\u0648\u064a\u3041-\u3096\u30a1-\u30fe\u3400-\u9fff\uac00-\ud7a3]+(?![\p{M}\uff9e\uff9f\u1160-\u11ff])|.[\p{M}\uff9e\uff9f\u1160-\u11ff]{0,8}/gsu;

const ARABIC_VARIANTS: Readonly<Record<string, string>> = {
  '\u0622': '\u0627',
  '\u0623': '\u0627',
  '\u0625': '\u0627',
  '\u0671': '\u0627',
  '\u0649': '\u064a',
  '\u06cc': '\u064a',
  '\u0629': '\u0647',
  '\u06a9': '\u0643',
};

/** As search_runs() of the database folds, which the runs of a query have been through. */
const fold = (character: string): string =>
  character
    .normalize('NFKC')
    .replace(/[\u064b-\u065f\u0670\u0640]/g, '')
    .replace(
      /[\u0622\u0623\u0625\u0671\u0649\u06cc\u0629\u06a9]/g,
      (letter) => ARABIC_VARIANTS[letter] ?? '',
    );

/** Part of a text, in UTF-16 units. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A text as runs are compared with it; for each of its units, what it was made of in the original. */
interface Folded {
  readonly text: string;
  readonly origins: readonly Span[];
}

function foldText(original: string): Folded {
  const origins: Span[] = [];
  let text = '';
  for (const { 0: part, index: from } of original.matchAll(FOLDED_TOGETHER)) {
    const folded = fold(part);
    const whole = { from, to: from + part.length };
    for (let unit = 0; unit < folded.length; unit += 1) {
      origins.push(folded === part ? { from: from + unit, to: from + unit + 1 } : whole);
    }
    text += folded;
  }
  return { text, origins };
}

/** Every place of a needle, as parts of the original. */
function placesOf(needle: string, { text, origins }: Folded): Span[] {
  const places: Span[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    const [first, last] = [origins[at], origins[at + needle.length - 1]];
    if (first !== undefined && last !== undefined) places.push({ from: first.from, to: last.to });
  }
  return places;
}

/** The pairs of neighbours in a run, which is how the database compares it. */
function pairsOf(run: string): string[] {
  const characters = Array.from(run);
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

/** What to mark in a text: the runs that it holds, then the pairs of those that it does not hold whole. */
function needlesFor({ text }: Folded, runs: readonly string[]): string[] {
  const whole = runs.filter((run) => text.includes(run));
  const pairs = runs.filter((run) => !text.includes(run)).flatMap(pairsOf);
  return [...new Set([...whole, ...pairs])];
}

/** In the order of the text; those that overlap or touch become one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || span.from > last.to) result.push(span);
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return result;
}

/** A part of a text, with marks around the spans that are inside of it. */
function markSpans(text: string, spans: readonly Span[], part: Span): string {
  const pieces: string[] = [];
  let done = part.from;
  for (const { from, to } of joined(spans.filter((span) => span.from >= part.from && span.to <= part.to))) {
    pieces.push(text.slice(done, from), MARK_START, text.slice(from, to), MARK_END);
    done = to;
  }
  return [...pieces, text.slice(done, part.to)].join('');
}

/** Where to cut a text near a place, so that no character is cut in two. */
const cutAt = (text: string, place: number): number =>
  /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(place - 1, place + 1)) ? place - 1 : place;

/** The surroundings of the first needle's first place; undefined when the text holds none. */
function aroundNeedle(text: string, folded: Folded, needles: readonly string[]): string | undefined {
  const spans = needles.flatMap((needle) => placesOf(needle, folded));
  const [anchor] = spans;
  if (anchor === undefined) return undefined;
  const from = cutAt(text, Math.max(0, anchor.from - CONTEXT));
  const to = cutAt(text, Math.min(text.length, anchor.to + CONTEXT));
  return `${from > 0 ? '… ' : ''}${markSpans(text, spans, { from, to })}${to < text.length ? ' …' : ''}`;
}

/** A headline with marked words, with marks around the needles as well; undefined when it holds none. */
function markHeadline(headline: string, needles: readonly string[]): string | undefined {
  const folded = foldText(headline);
  const spans = needles.flatMap((needle) => placesOf(needle, folded));
  if (spans.length === 0) return undefined;
  const isMarked = ({ from }: Span): boolean =>
    headline.lastIndexOf(MARK_START, from) > headline.lastIndexOf(MARK_END, from);
  return markSpans(
    headline,
    spans.filter((span) => !isMarked(span)),
    { from: 0, to: headline.length },
  );
}

/** The passage of a query that has runs: the words that PostgreSQL marked, if any, and the runs, wherever they are. */
function markedPassage(headline: string, original: string, runs: readonly string[]): string {
  const text = original.replaceAll(MARK_START, '').replaceAll(MARK_END, '');
  const folded = foldText(text);
  const needles = needlesFor(folded, runs);
  const hasWords = headline.includes(MARK_START);
  const marked = hasWords ? markHeadline(headline, needles) : undefined;
  if (marked !== undefined) return marked;
  const around = aroundNeedle(text, folded, needles);
  if (around === undefined) return hasWords ? headline : text.slice(0, cutAt(text, 2 * CONTEXT));
  return hasWords ? `${headline} … ${around.replace(/^… /, '')}` : around;
}

/**
 * A query in web search syntax without what must not be found (`-word`, `-"some words"`): nothing of that is marked.
 * Within quotes a dash is no sign. (ts_headline marks negated words too, where "or" lets them through.)
 */
export const withoutNegated = (query: string): string =>
  query.replace(/(?<=^|\s)-\s*(?:"[^"]*"?|\S+)|"[^"]*"/g, (part) => (part.startsWith('-') ? ' ' : part));

/**
 * A passage as HTML: everything is escaped, then the matching words get `<mark>`. PostgreSQL marks words; what is written
 * without spaces is marked here, because its parser takes a whole run for one word.
 */
export function highlightOf({ headline, runs, text }: Passage): string {
  const marked = runs === null || text === null ? headline : markedPassage(headline, text, runs.split(' '));
  return escapeHtml(stripBidiControls(marked).replace(/\s+/g, ' ').trim())
    .replaceAll(MARK_START, '<mark>')
    .replaceAll(MARK_END, '</mark>');
}
