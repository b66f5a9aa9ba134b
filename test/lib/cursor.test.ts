import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCursorCodec } from '../../src/lib/cursor.js';

const codec = createCursorCodec('a secret that signs cursors');
const position = fc.tuple(
  fc.oneof(
    fc.integer(),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  ),
  fc.uuid(),
);

describe('a cursor', () => {
  it('opens to the position it was sealed with, for the list it was sealed for', () => {
    fc.assert(
      fc.property(fc.string(), position, (list, place) => {
        expect(codec.open(list, codec.seal(list, place))).toEqual(JSON.parse(JSON.stringify(place)));
      }),
    );
  });

  it('is refused by every other list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), position, (list, other, place) => {
        fc.pre(list !== other);
        expect(() => codec.open(other, codec.seal(list, place))).toThrow(/does not belong/);
      }),
    );
  });

  it('is refused when any character is altered', () => {
    const cursor = codec.seal('posts', [1_700_000_000_000, '01939f5e-7c4a-7b3e-9d1f-2a6b8c0d4e5f']);
    for (let place = 0; place < cursor.length; place += 1) {
      const altered = `${cursor.slice(0, place)}${cursor[place] === 'A' ? 'B' : 'A'}${cursor.slice(place + 1)}`;
      expect(() => codec.open('posts', altered), altered).toThrow(/does not belong/);
    }
  });

  it('outlives its secret as long as that is the previous one', () => {
    const before = createCursorCodec('yesterday');
    const after = createCursorCodec('today', 'yesterday');
    const place = [1, '01939f5e-7c4a-7b3e-9d1f-2a6b8c0d4e5f'] as const;
    expect(after.open('posts', before.seal('posts', place))).toEqual(place);
    expect(() => before.open('posts', after.seal('posts', place))).toThrow(/does not belong/);
  });

  it('is refused by a server with another secret', () => {
    const cursor = codec.seal('posts', [1, 'x']);
    expect(() => createCursorCodec('another secret').open('posts', cursor)).toThrow(/does not belong/);
  });

  it('takes any text for what it is: no cursor', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => codec.open('posts', text)).toThrow(/does not belong/);
      }),
    );
  });

  it('stays below 120 characters', () => {
    expect(
      codec.seal('posts', [1_700_000_000_000, '01939f5e-7c4a-7b3e-9d1f-2a6b8c0d4e5f']).length,
    ).toBeLessThan(120);
  });
});
