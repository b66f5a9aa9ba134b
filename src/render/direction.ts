/**
 * Left to right or right to left, for texts as a whole and for the blocks of a page.
 */

import { CODE, DIRECTED_BLOCKS, elementOf } from './elements.js';

/** The direction in which a text is read. */
export type TextDirection = 'LTR' | 'RTL';

/** JavaScript does not know Bidi_Class; these are the scripts whose letters have class R or AL. */
const RTL_SCRIPTS = (
  'Hebrew Arabic Syriac Thaana Nko Samaritan Mandaic Adlam Hanifi_Rohingya Yezidi Mende_Kikakui Old_Hungarian ' +
  'Imperial_Aramaic Phoenician Old_South_Arabian Avestan Cypriot'
).split(' ');
const RTL_LETTER = `(?=\\p{L})[${RTL_SCRIPTS.map((script) => `\\p{Script=${script}}`).join('')}]`;
const FIRST_RTL_LETTER = new RegExp(RTL_LETTER, 'u');
const RTL_LETTERS = new RegExp(RTL_LETTER, 'gu');
const LETTERS = /\p{L}/gu;

/** Enough of a text to know its direction, in UTF-16 units. */
const SAMPLE_LENGTH = 2_000;

/**
 * The direction of most letters in the first 2,000 UTF-16 units; LTR when there are none or as many of both.
 *
 * The majority, and not the first letter as `dir="auto"` has it: titles such as "React ۱۹" and comments that begin with a
 * mention (`@Aram: سڵاو …`) start with a Latin word in an Arabic or Kurdish sentence.
 */
export function directionOf(text: string): TextDirection {
  return balanceOf(text.slice(0, SAMPLE_LENGTH)) > 0 ? 'RTL' : 'LTR';
}

/** Right-to-left letters minus all others. */
function balanceOf(text: string): number {
  const rtl = text.match(RTL_LETTERS)?.length ?? 0;
  return 2 * rtl - (text.match(LETTERS)?.length ?? 0);
}

/** An element that is open, or the body itself. */
interface OpenElement {
  readonly name: string;
  /** Where its opening tag is in the list of pieces; -1 for the body. */
  readonly at: number;
  hasBlockInside: boolean;
  /** Right-to-left letters minus all others so far, code left out. */
  balance: number;
}

/**
 * Gives the blocks of a body their direction, when the body has any right-to-left letter: `dir="auto"` to those that hold
 * text, the direction itself to those that hold other blocks, `dir="ltr"` to code, which then has no say in the direction of its block. Text outside any block gets a `div`.
 * A body without right-to-left letters comes back as it is.
 *
 * A block of blocks cannot be `auto`: HTML then leaves out every descendant that has a `dir` of its own, so that such a
 * list would always be LTR, its bullets on the wrong side of Arabic items.
 *
 * @param html output of `sanitize`: well-formed, without `dir`
 */
export function markDirections(html: string): string {
  if (!FIRST_RTL_LETTER.test(html)) return html;
  const pieces = html.split(/(<[^>]*>)/);
  const body: OpenElement = { name: 'div', at: -1, hasBlockInside: false, balance: 0 };
  const open: OpenElement[] = [body];
  let codeDepth = 0;
  let hasTextOutsideBlocks = false;

  for (const [at, piece] of pieces.entries()) {
    const current = open.at(-1) ?? body;
    if (!piece.startsWith('<')) {
      if (codeDepth > 0) continue;
      current.balance += balanceOf(piece);
      hasTextOutsideBlocks ||= piece.trim() !== '' && !open.some(isBlock);
    } else if (piece.startsWith('</')) {
      open.pop();
      if (CODE.has(current.name)) codeDepth -= 1;
      const parent = open.at(-1) ?? body;
      parent.balance += current.balance;
      parent.hasBlockInside ||= current.hasBlockInside || isBlock(current);
      const dir = codeDepth === 0 ? directionOfElement(current) : undefined;
      if (dir !== undefined) pieces[current.at] = pieces[current.at]?.replace(/>$/, ` dir="${dir}">`) ?? '';
    } else if (!piece.endsWith('/>')) {
      const name = elementOf(piece);
      if (CODE.has(name)) codeDepth += 1;
      open.push({ name, at, hasBlockInside: false, balance: 0 });
    }
  }
  const marked = pieces.join('');
  if (!hasTextOutsideBlocks) return marked;
  return `<div dir="${body.hasBlockInside ? explicit(body) : 'auto'}">${marked}</div>`;
}

function isBlock({ name, at }: OpenElement): boolean {
  return at >= 0 && DIRECTED_BLOCKS.has(name);
}

function directionOfElement(element: OpenElement): string | undefined {
  if (CODE.has(element.name)) return 'ltr';
  if (!DIRECTED_BLOCKS.has(element.name)) return undefined;
  return element.hasBlockInside ? explicit(element) : 'auto';
}

function explicit({ balance }: OpenElement): string {
  return balance > 0 ? 'rtl' : 'ltr';
}
