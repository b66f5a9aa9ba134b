import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { isCleanText } from '../../lib/text.js';

/** A line of a JSONL file: its value, or why it has none. */
export type Line = { readonly number: number } & ({ readonly value: unknown } | { readonly problem: string });

/** Bytes. No record of a publication comes near; a file without line ends must not fill the memory. */
const LONGEST_LINE = 64 * 2 ** 20;

const NEWLINE = 10;

// Only these escapes can smuggle in what is no text, and hardly any line has one: look closer only then.
const SUSPICIOUS = /\\u(0000|d[89a-f])/i;

function isCleanValue(value: unknown): boolean {
  if (typeof value === 'string') return isCleanText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isCleanValue);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function parse(number: number, bytes: Buffer): Line {
  try {
    const text = decoder.decode(bytes);
    const value: unknown = JSON.parse(text);
    return SUSPICIOUS.test(text) && !isCleanValue(value)
      ? { number, problem: 'holds a NUL or half of a surrogate pair, which is no text' }
      : { number, value };
  } catch (error) {
    return {
      number,
      problem: error instanceof SyntaxError ? `is not JSON: ${error.message.slice(0, 120)}` : 'is not UTF-8',
    };
  }
}

/**
 * The lines of a JSONL file, `.gz` or not, one at a time. Lines end at \n only: a JSON string may hold U+2028, at which
 * Node's readline would cut it. A file that breaks off yields a last line that says so.
 *
 * @param onBytes called with how many bytes of the file have been read so far.
 */
export async function* readLines(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Line> {
  const file = createReadStream(path, { highWaterMark: 2 ** 20 });
  let read = 0;
  file.on('data', (chunk) => onBytes((read += chunk.length)));
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => stream.destroy(error));

  let number = 0;
  let rest: Buffer[] = [];
  let restLength = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        const bytes =
          restLength === 0 ? chunk.subarray(from, end) : Buffer.concat([...rest, chunk.subarray(from, end)]);
        rest = [];
        restLength = 0;
        from = end + 1;
        number += 1;
        if (bytes.length > 0) yield parse(number, bytes);
      }
      if (from < chunk.length) {
        rest.push(chunk.subarray(from));
        restLength += chunk.length - from;
      }
      if (restLength > LONGEST_LINE) {
        yield {
          number: number + 1,
          problem: `is longer than ${LONGEST_LINE} bytes; the file is not read further`,
        };
        return;
      }
    }
    if (restLength > 0) yield parse(number + 1, Buffer.concat(rest));
  } catch (error) {
    yield {
      number: number + 1,
      problem: `cannot be read, the file is damaged from here on: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    file.destroy();
  }
}

/** Bytes. */
export const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;
