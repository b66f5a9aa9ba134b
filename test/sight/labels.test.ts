import { describe, expect, it } from 'vitest';
import { createNames } from '../../src/sight/metrics/labels.js';

describe('the names of operations in metrics', () => {
  it('are those of the first, and other for all who come later', () => {
    const nameOf = createNames(2);
    expect(['A', 'B', 'C', 'A', 'B', 'C'].map((name) => nameOf(name))).toEqual([
      'A',
      'B',
      'other',
      'A',
      'B',
      'other',
    ]);
  });

  it('are never more than 200, however many clients think of', () => {
    const nameOf = createNames();
    const names = Array.from({ length: 10_000 }, (_, place) => nameOf(`Name${place}`));
    expect(new Set(names).size).toBe(201);
  });

  it('are never longer than 64 characters', () => {
    expect(createNames()('N'.repeat(65))).toBe('other');
  });

  it('is one for all operations without a name', () => {
    expect(createNames(0)(undefined)).toBe('unnamed');
  });

  it('are not taken by what was refused', () => {
    const nameOf = createNames(1);
    expect([nameOf('Refused', true), nameOf('HomePage'), nameOf('HomePage', true)]).toEqual([
      'other',
      'HomePage',
      'HomePage',
    ]);
  });
});
