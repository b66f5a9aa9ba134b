import { describe, expect, it } from 'vitest';
import { highlightOf, withoutNegated } from '../../src/modules/search/highlight.js';
import { createSearchLoaders } from '../../src/modules/search/loaders.js';
import { MARK_END, MARK_START } from '../../src/modules/search/repo.js';

/** The highlight of a text; `[` and `]` stand for PostgreSQL's marks in the headline. */
const highlight = (headline: string, runs: string | null, text: string | null = headline): string =>
  highlightOf({
    id: 'a',
    headline: headline.replaceAll('[', MARK_START).replaceAll(']', MARK_END),
    runs,
    text: text?.replaceAll(/[[\]]/g, '') ?? null,
  });

describe('a highlight', () => {
  it('is the headline when the query has no runs', () => {
    expect(highlight('a [ferry] <b>', null, null)).toBe('a <mark>ferry</mark> &lt;b&gt;');
  });

  it('marks words and runs of the same query', () => {
    expect(highlight('[React] 的性能优化', '性能')).toBe('<mark>React</mark> 的<mark>性能</mark>优化');
  });

  it('shows the words and then the run that stands elsewhere', () => {
    const text = `[React] ${'x '.repeat(200)}性能 end`;
    const marked = highlightOf({
      id: 'a',
      headline: `${MARK_START}React${MARK_END} x x`,
      runs: '性能',
      text: text.replaceAll(/[[\]]/g, ''),
    });
    expect(marked).toMatch(/^<mark>React<\/mark> x x … x .*<mark>性能<\/mark> end$/);
  });

  it('keeps the words when no run is in the text', () => {
    expect(highlight('[rust] is here', '中文')).toBe('<mark>rust</mark> is here');
  });

  it('does not mark within a mark', () => {
    expect(highlight('[x-性能] 性能', '性能')).toBe('<mark>x-性能</mark> <mark>性能</mark>');
  });

  it('shows the surroundings of the run when no word is marked', () => {
    const text = `${'あ'.repeat(100)}灯台${'い'.repeat(100)}`;
    expect(highlight('あああ', '灯台', text)).toBe(
      `… ${'あ'.repeat(60)}<mark>灯台</mark>${'い'.repeat(60)} …`,
    );
  });

  it.each([
    ['vowel signs and tatweel', 'المناره', 'هنا المَنـــارَة هنا', 'هنا <mark>المَنـــارَة</mark> هنا'],
    ['alef variants', 'اسلام', 'الإسلام', 'ال<mark>إسلام</mark>'],
    ['presentation forms', 'لا', 'x ﻻ y', 'x <mark>ﻻ</mark> y'],
    ['half-width kana with a sound mark', 'ガス', 'x ｶﾞｽ y', 'x <mark>ｶﾞｽ</mark> y'],
    [
      'Hangul in parts',
      '한글',
      `x ${'한글'.normalize('NFD')} y`,
      `x <mark>${'한글'.normalize('NFD')}</mark> y`,
    ],
  ])('finds a run through %s', (_, run, text, marked) => {
    expect(highlight(text, run)).toBe(marked);
  });

  it('marks no pairs of a run that stands there whole', () => {
    expect(highlight('能力 性能优化 优先', '性能优化')).toBe('能力 <mark>性能优化</mark> 优先');
  });

  it('marks pairs, joined where they overlap, when the whole run is absent', () => {
    expect(highlight('性能优 先 能优', '性能优化')).toBe('<mark>性能优</mark> 先 <mark>能优</mark>');
    expect(highlight('قط', 'المنارة')).toBe('قط');
  });

  it('never cuts a character in two', () => {
    expect(highlight('𠀁𠀂 𠀁', '𠀀𠀁')).toBe('𠀁𠀂 𠀁');
    expect(highlight('𠀀𠀁x', '𠀂𠀀𠀁')).toBe('<mark>𠀀𠀁</mark>x');
    const emoji = `${'😀'.repeat(100)}x灯台y${'😀'.repeat(100)}`;
    expect(highlight(emoji, '灯台')).not.toContain('\ufffd');
    expect(highlight(`x${'😀'.repeat(100)}`, '灯台')).not.toContain('\ufffd');
  });

  it('is quick for a long text', () => {
    const text = `${'بِسْمِ ٱللَّهِ '.repeat(4_000)}灯台`;
    const started = performance.now();
    expect(highlight('', '灯台', text)).toContain('<mark>灯台</mark>');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('what is marked of a query', () => {
  it.each([
    ['-中文 rust', 'rust'],
    ['rust -"中文 字" 性能', 'rust 性能'],
    ['rust - 中文', 'rust'],
    ['"a -中文" b', '"a -中文" b'],
    ['x-中文', 'x-中文'],
    ['-', '-'],
  ])('leaves out what must not be there: %s', (query, rest) => {
    expect(withoutNegated(query).replace(/\s+/g, ' ').trim()).toBe(rest);
  });

  it('is what the database is asked to mark', async () => {
    const asked: string[] = [];
    const loaders = createSearchLoaders({
      matches: async () => [],
      count: async () => 0,
      passages: async (query) => {
        asked.push(query.trim());
        return [];
      },
    });
    await loaders.highlight('-中文 rust', { kind: 'POST', id: 'a', rank: 1 });
    expect(asked).toEqual(['rust']);
  });
});
