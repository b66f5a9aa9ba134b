import { describe, expect, test } from 'vitest';
import { checkVariables } from '../../src/graphql/cleanText.js';

/** A value within so many lists. */
function nested(value: unknown, depth: number): unknown {
  let list = value;
  for (let left = depth; left > 0; left -= 1) list = [list];
  return list;
}

describe('checking the text of variables', () => {
  test('says where the bad text is', () => {
    const input = { tags: ['good', { name: 'a\0' }] };
    expect(() => checkVariables({ input })).toThrow('`$input.tags.1.name` holds a NUL');
    expect(() => checkVariables({ plain: '\ud800' })).toThrow('`$plain` holds a NUL');
    expect(() => checkVariables({ input: { tags: ['good', null, 1] } })).not.toThrow();
  });

  test('is BAD_USER_INPUT with a short message, however deep the bad text is', () => {
    const attempt = () => checkVariables({ ids: nested('\ud800', 300_000) });
    expect(attempt).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
    expect(attempt).toThrow(/^`\$ids\.0\.0\..{1,300}$/);
  });

  test('shortens long names without cutting a character in two', () => {
    const attempt = () => checkVariables({ input: { ['😀'.repeat(500_000)]: '\0' } });
    expect(attempt).toThrow(/^`\$input\.[^\ufffd]{1,300}$/u);
  });

  test('reads 600,000 numbers in a moment', () => {
    const ids = Array.from({ length: 600_000 }, (_, index) => index % 10);
    const started = performance.now();
    checkVariables({ ids });
    expect(performance.now() - started).toBeLessThan(200);
  });
});
