import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeEntities,
  excerpt,
  isBlank,
  isCleanText,
  slugify,
  stripBidiControls,
} from '../../src/lib/text.js';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const count = (text: string) => [...graphemes.segment(text)].length;
const FAMILY = '👨‍👩‍👧‍👦';

describe('excerpt', () => {
  it('keeps a text that fits, with white space collapsed', () => {
    expect(excerpt('  a\n\n b\tc ', 5)).toBe('a b c');
  });

  it('cuts at a word and says so', () => {
    expect(excerpt('The quick brown fox jumps', 19)).toBe('The quick brown…');
    expect(excerpt('The quick brown fox jumps', 20)).toBe('The quick brown fox…');
  });

  it('cuts a long word where it must', () => {
    expect(excerpt(`I ${'a'.repeat(50)}`, 10)).toBe(`I ${'a'.repeat(7)}…`);
  });

  it('cuts scripts without spaces anywhere', () => {
    expect(excerpt('これは日本語の文章です。とても長い。', 8)).toBe('これは日本語の…');
  });

  it('cuts no emoji and no accent apart', () => {
    expect(excerpt(FAMILY.repeat(10), 4)).toBe(`${FAMILY.repeat(3)}…`);
    expect(excerpt('e\u0301'.repeat(10), 3)).toBe('e\u0301e\u0301…');
    expect(excerpt('🇩🇪🇫🇷🇯🇵🇧🇷', 3)).toBe('🇩🇪🇫🇷…');
  });

  it('cuts right-to-left text at a word', () => {
    expect(excerpt('مرحبا بكم في هذه الصفحة الجميلة', 20)).toBe('مرحبا بكم في هذه…');
  });

  it.each([
    [0, ''],
    [-1, ''],
    [1, '…'],
  ])('of length %i is %j', (length, expected) => {
    expect(excerpt('hello world', length)).toBe(expected);
  });

  it('is never longer than asked for, in graphemes', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (sample, length) => {
        expect(count(excerpt(sample, length))).toBeLessThanOrEqual(length);
      }),
    );
  });

  it('reads only the beginning of a long text', () => {
    const text = 'word '.repeat(170_000);
    const start = performance.now();
    for (let run = 0; run < 100; run += 1) excerpt(text, 200);
    // Segmenting all of it takes 100 ms and more each time.
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('slugify', () => {
  it.each([
    ['Hello, World!', 'hello-world'],
    ['C++', 'cplusplus'],
    ['C# & F#', 'csharp-and-fsharp'],
    ['Q&A', 'q-and-a'],
    ['Node.js v22.1', 'node-js-v22-1'],
    ['Ünïcode Straße', 'ünïcode-straße'],
    ['ＦＵＬＬ ｗｉｄｔｈ ①', 'full-width-1'],
    ['日本語 のタグ', '日本語-のタグ'],
    ['简体中文', '简体中文'],
    ['Привет, мир', 'привет-мир'],
    ['مرحبا بالعالم', 'مرحبا-بالعالم'],
    ['नमस्ते दुनिया', 'नमस्ते-दुनिया'],
    ['สวัสดี', 'สวัสดี'],
    ['한국어', '한국어'],
    ['e\u0301te\u0301', 'été'],
    ['❤️ love 🎉', 'love'],
    ['--a__b//c--', 'a-b-c'],
    ['…', ''],
    ['', ''],
  ])('of %j is %j', (text, slug) => {
    expect(slugify(text)).toBe(slug.normalize('NFKC'));
  });

  it('is cut at a dash, or between graphemes when none is near', () => {
    expect(slugify('one two three', 9)).toBe('one-two');
    expect(slugify('one two three', 7)).toBe('one-two');
    expect(slugify('a'.repeat(200))).toHaveLength(100);
    expect(slugify('नमस्ते'.repeat(3), 4)).toBe('नम');
  });

  it('holds letters, marks, digits and single dashes only, and is its own slug', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const slug = slugify(text, 30);
        expect(slug).toMatch(/^(?:[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*)?$/u);
        expect(slug.length).toBeLessThanOrEqual(30);
        expect(slugify(slug, 30)).toBe(slug);
      }),
    );
  });
});

describe('isCleanText', () => {
  it.each([
    ['', true],
    ['é 👍 \u202E \t\n', true],
    ['a\uD800', false],
    ['\uDC00a', false],
    ['a\0b', false],
  ])('of %j is %s', (text, isClean) => {
    expect(isCleanText(text)).toBe(isClean);
  });
});

describe('isBlank', () => {
  it.each([
    ['', true],
    [' \r\n\u2028\u0085', true],
    ['\u200b\u200d\ufeff', true],
    ['\u3164\u034f\ufe0f', true],
    ['\u2800', true],
    ['\u200b.', false],
    ['👩‍👩‍👧', false],
    ['می‌خواهم', false],
  ])('of %j is %s', (text, blank) => {
    expect(isBlank(text)).toBe(blank);
  });
});

describe('decodeEntities', () => {
  it.each([
    ['It&#8217;s &#x201C;5 &lt; 6&#X201D; &amp; more', 'It’s “5 < 6” & more'],
    ['&eacute;&nbsp;&hellip;', 'é\u00A0…'],
    ['&amp;lt;', '&lt;'],
    ['AT&T &unknown; &copy', 'AT&T &unknown; &copy'],
    ['a\\*b\\&amp;', 'a\\*b\\&'],
    ['&#0;&#xD800;&#x110000;', '&#0;&#xD800;&#x110000;'],
  ])('of %j is %j', (text, decoded) => {
    expect(decodeEntities(text)).toBe(decoded);
  });
});

describe('stripBidiControls', () => {
  it('removes embeddings, overrides and isolates, and keeps the marks', () => {
    expect(stripBidiControls('a\u202Ab\u202Ec\u2066d\u2069e\u200F')).toBe('abcde\u200F');
  });
});
