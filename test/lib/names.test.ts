import { describe, expect, it } from 'vitest';
import { canonicalLanguage, claimNames, foldCase } from '../../src/lib/names.js';

const claim = (bases: string[], taken: string[] = []): Promise<string[]> =>
  claimNames(bases, (names) => Promise.resolve(names.filter((name) => taken.includes(name))));

describe('claimed names', () => {
  it('are the wanted ones when nobody has them', async () => {
    expect(await claim(['a', 'b'])).toEqual(['a', 'b']);
  });

  it('number equal ones in the order they come', async () => {
    expect(await claim(['a', 'a', 'b', 'a'])).toEqual(['a', 'a-2', 'b', 'a-3']);
  });

  it('pass over names that are in use, numbered ones too', async () => {
    expect(await claim(['a', 'a'], ['a', 'a-2', 'a-4'])).toEqual(['a-3', 'a-5']);
  });

  it('are all different when a wanted name looks like a numbered one', async () => {
    const names = await claim(['a', 'a', 'a-2']);
    expect(new Set(names).size).toBe(3);
    expect(names[0]).toBe('a');
  });

  it('need as many questions as a name has takers, not as many as there are names', async () => {
    let questions = 0;
    const bases = Array.from({ length: 1_000 }, (_, place) => `n${place}`);
    await claimNames(bases, (names) => {
      questions += 1;
      return Promise.resolve(questions < 3 ? names.slice(0, 1) : []);
    });
    expect(questions).toBe(3);
  });
});

describe('folded case', () => {
  it('makes spellings that look alike one', () => {
    expect(foldCase('ＡＢＣ')).toBe('abc');
    expect(foldCase('Straße')).toBe('straße');
    expect(foldCase('cafe\u0301')).toBe('café');
    expect(foldCase('J\u030c')).toBe('\u01f0');
  });
});

describe('a canonical language', () => {
  it.each([
    ['zh-hans', 'zh-Hans'],
    ['EN-gb', 'en-GB'],
    ['de', 'de'],
    ['no such language', 'no such language'],
    ['', ''],
  ])('of %j is %j', (tag, canonical) => {
    expect(canonicalLanguage(tag)).toBe(canonical);
  });
});
