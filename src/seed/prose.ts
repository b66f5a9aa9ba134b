/**
 * Made-up English: plain words, sentences and paragraphs, without anything that Markdown, HTML or search takes for more than
 * letters.
 */
import { longTailed, type Random, zipf } from './random.js';

/** The most frequent first, as in a language: search leaves most of these out. */
const COMMON =
  'the of and to a in is that it for was on are as with they be at one have this from by not but what all were when we there can an your which their said if do will each about how up out them then many some so these would other into has more two like time no make than first been its who now people over only new may after most also did many before must through';

/** What publications write about. */
const THEMES =
  'harbour weather council market school election bridge river station library garden season village festival report budget museum railway hospital garage concert theatre language software network release update version archive history science climate energy water forest mountain island ocean storm winter summer travel recipe kitchen bread coffee music painting camera letter interview opinion review design community research student teacher police court traffic tunnel airport ferry lighthouse football tennis rowing champion record victory match league stadium survey question answer minister government party citizen neighbour family children parents doctor medicine health virus vaccine farmer harvest orchard cattle horse sheep pigeon sparrow butterfly beetle mushroom meadow valley desert volcano planet comet satellite rocket mission crew captain engine battery signal circuit computer keyboard screen server database protocol compiler memory thread garbage pattern function library module package window terminal';

const SYLLABLES = {
  onsets: ['b', 'br', 'd', 'f', 'g', 'gr', 'k', 'l', 'm', 'n', 'p', 'r', 's', 'st', 't', 'v'],
  vowels: ['a', 'e', 'i', 'o', 'u', 'ea'],
  codas: ['', 'l', 'n', 'r', 'nd', 'm'],
};

const SYLLABLE_COUNT = SYLLABLES.onsets.length * SYLLABLES.vowels.length * SYLLABLES.codas.length;

function syllable(number: number): string {
  const { onsets, vowels, codas } = SYLLABLES;
  const onset = onsets[number % onsets.length] ?? '';
  const rest = Math.floor(number / onsets.length);
  return onset + (vowels[rest % vowels.length] ?? '') + (codas[Math.floor(rest / vowels.length)] ?? '');
}

/** Words that nobody has used: there have to be so many that an index of them looks like one of a language. */
const INVENTED = Array.from({ length: 20_000 }, (_, place) => {
  const number = (place * 7_919) % (SYLLABLE_COUNT * SYLLABLE_COUNT);
  return syllable(number % SYLLABLE_COUNT) + syllable(Math.floor(number / SYLLABLE_COUNT));
});

const themes = [...new Set(THEMES.split(' '))];

/** Words that say what something is about; those of a language before the invented ones. */
export const SUBJECTS: readonly string[] = [...new Set([...themes, ...INVENTED])];

const WORDS: readonly string[] = [...new Set([...COMMON.split(' '), ...SUBJECTS])];

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const CAPITALS = WORDS.map(capital);

const pick = (words: readonly string[], random: Random): string => words[zipf(words.length, random)] ?? '';

const SENTENCE = { least: 4, more: 18 } as const;
const SENTENCES = { least: 2, more: 6 } as const;

/** A sentence of so many words. */
function sentence(words: number, random: Random): string {
  let text = pick(CAPITALS, random);
  for (let place = 1; place < words; place += 1) text += ` ${pick(WORDS, random)}`;
  return `${text}.`;
}

/** Sentences of so many words together. */
function paragraph(words: number, random: Random): string {
  const sentences: string[] = [];
  for (let left = words; left > 0;) {
    const length = Math.min(left, SENTENCE.least + Math.floor(random() * SENTENCE.more));
    sentences.push(sentence(length, random));
    left -= length;
  }
  return sentences.join(' ');
}

/** How long texts are, in words: a median and a long tail, and a most. */
export interface Length {
  readonly median: number;
  readonly spread: number;
  readonly most: number;
}

/** A text as it was typed and as the renderer would give it. */
export interface Text {
  readonly body: string;
  readonly html: string;
  readonly text: string;
}

/** Paragraphs of Markdown. */
export function proseOf({ median, spread, most }: Length, random: Random): Text {
  let left = Math.min(most, Math.max(1, Math.round(longTailed(median, spread, random))));
  const paragraphs: string[] = [];
  while (left > 0) {
    const sentences = SENTENCES.least + Math.floor(random() * SENTENCES.more);
    const words = Math.min(left, sentences * (SENTENCE.least + SENTENCE.more / 2));
    paragraphs.push(paragraph(words, random));
    left -= words;
  }
  return {
    body: paragraphs.join('\n\n'),
    html: paragraphs.map((one) => `<p>${one}</p>\n`).join(''),
    text: paragraphs.join('\n'),
  };
}

/** A line of so many words, without a full stop. */
export function lineOf(words: number, random: Random): string {
  const rest = Array.from({ length: words - 1 }, () => pick(random() < 0.5 ? WORDS : SUBJECTS, random));
  return [capital(pick(SUBJECTS, random)), ...rest].join(' ');
}

/** A first and a last name. */
export function nameOf(random: Random): { readonly first: string; readonly last: string } {
  const two = () => syllable(Math.floor(random() * SYLLABLE_COUNT));
  return { first: capital(two() + two()), last: capital(two() + two()) };
}
