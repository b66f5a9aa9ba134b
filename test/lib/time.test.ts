import { describe, expect, it } from 'vitest';
import { formatMoment, parseMoment } from '../../src/lib/time.js';

describe('a moment', () => {
  it.each([
    ['2026-11-22T18:30:00Z', '2026-11-22T18:30:00.000Z'],
    ['2026-11-22t18:30:00z', '2026-11-22T18:30:00.000Z'],
    ['2026-11-22T18:30:00.123456789Z', '2026-11-22T18:30:00.123Z'],
    ['2026-11-22T18:30:00+05:30', '2026-11-22T13:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('is read from %s', (text, moment) => {
    expect(formatMoment(parseMoment(text) ?? new Date(0))).toBe(moment);
  });

  it.each([
    '',
    '2026-11-22',
    '2026-11-22T18:30:00',
    '2026-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '0000-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    'infinity',
    'now',
    '1700000000000',
  ])('is not read from %j', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });
});
