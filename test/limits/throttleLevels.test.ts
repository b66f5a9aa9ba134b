import { describe, expect, it } from 'vitest';
import { beginTelling, fullLevel, learn, move, takeHere, unlearn } from '../../src/limits/throttle/levels.js';

/** Full after ten seconds. */
const SIZE = { maximum: 1_000, restoreRate: 100 };

describe('what Redis is told of a bucket', () => {
  it('is what was taken since, less what was given back', () => {
    const level = fullLevel('a key', SIZE, 0);
    takeHere(level, 500);
    move(level, -200);
    expect(beginTelling(level, 0)).toBe(300);
    expect(beginTelling(level, 0)).toBe(0);
    move(level, -300);
    expect(beginTelling(level, 0)).toBe(-300);
  });

  it('is not what has come back since it was taken', () => {
    const level = fullLevel('a key', SIZE, 0);
    takeHere(level, 1_000);
    expect(beginTelling(level, 4_000)).toBe(600);
    takeHere(level, 400);
    expect(beginTelling(level, 60_000)).toBe(0);
  });

  it('is told again, with what was taken meanwhile, when nobody knows whether it was heard', () => {
    const level = fullLevel('a key', SIZE, 0);
    takeHere(level, 300);
    const told = beginTelling(level, 0);
    takeHere(level, 100);
    unlearn(level, told);
    expect(beginTelling(level, 0)).toBe(400);
  });

  it('is not forgotten here when Redis answers with what it knows', () => {
    const level = fullLevel('a key', SIZE, 0);
    takeHere(level, 300);
    const told = beginTelling(level, 0);
    takeHere(level, 50);
    const toldLater = beginTelling(level, 0);
    takeHere(level, 20);
    // Another instance took 400.
    learn(level, told, 700, 0);
    expect(level.used).toBe(770);
    learn(level, toldLater, 750, 0);
    expect(level.used).toBe(770);
    expect(takeHere(level, 231)).toBe(false);
  });
});
