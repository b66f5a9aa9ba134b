import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { endOf, pack } from '../../src/server/packing.js';

describe('a text that is packed before its end is known', () => {
  it.each([
    ['a usual answer', '{"data":{"title":"Überraschung 日本語"}', ',"extensions":{}}\n'],
    ['one that is long', 'all the same '.repeat(100_000), ',"extensions":{"cost":{}}}\n'],
    ['nothing before its end', '', 'the end'],
    ['no end', 'the text', ''],
    ['the longest end', 'the text', 'x'.repeat(65_535)],
  ])('is one gzip file with it: %s', async (_, text, end) => {
    const packed = await pack(Buffer.from(text));
    // It checks the sum and the length.
    const unpacked = gunzipSync(Buffer.concat([packed.bytes, endOf(packed, Buffer.from(end))]));
    expect(unpacked.toString()).toBe(text + end);
  });

  it('takes any number of ends', async () => {
    const packed = await pack(Buffer.from('the text'));
    for (const end of [' of one', ' of another']) {
      const file = Buffer.concat([packed.bytes, endOf(packed, Buffer.from(end))]);
      expect(gunzipSync(file).toString()).toBe(`the text${end}`);
    }
  });

  it('refuses an end that is longer than it can hold', async () => {
    const packed = await pack(Buffer.from('the text'));
    expect(() => endOf(packed, Buffer.alloc(65_536))).toThrow(RangeError);
  });
});
