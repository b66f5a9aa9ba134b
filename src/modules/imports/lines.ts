import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { isCleanText } from '../../lib/text.js';

/** A line of a JSONL file: its value, or why it has none. */
export type Line = { readonly number: number } & (
  | { readonly value: unknown; readonly bytes: number }
  | { readonly problem: string }
);

/**
 * Bytes. Ten times the longest real line (853 KB). A record is in memory about ten times over: its line, its text, its
 * HTML, the statement that writes it.
 */
const LONGEST_LINE = 8 * 2 ** 20;

const NEWLINE = 10;

// Only these escapes can smuggle in what is no text, and hardly any line has one: look closer only then.
const SUSPICIOUS = /\\u(0000|d[89a-f])/i;

function isCleanValue(value: unknown): boolean {
  if (typeof value === 'string') return isCleanText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isCleanValue);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads a line; undefined for a blank one. */
function parse(number: number, bytes: Buffer): Line | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { number, problem: 'is not UTF-8' };
  }
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return SUSPICIOUS.test(text) && !isCleanValue(value)
      ? { number, problem: 'holds a NUL or half of a surrogate pair, which is no text' }
      : { number, value, bytes: bytes.length };
  } catch (error) {
    return {
      number,
      problem: `is not JSON: ${(error instanceof Error ? error.message : String(error)).slice(0, 120)}`,
    };
  }
}

/**
 * Gathers chunks into lines. Lines end at \n only: a JSON string may hold U+2028, at which Node's readline would cut
 * it. A line that is too long is left out, but counted.
 */
function createSplitter() {
  let number = 0;
  let parts: Buffer[] = [];
  let length = 0;

  const endLine = (): Line | undefined => {
    number += 1;
    const line =
      length > LONGEST_LINE
        ? { number, problem: `is longer than ${LONGEST_LINE} bytes` }
        : parse(number, parts.length === 1 ? (parts[0] ?? Buffer.of()) : Buffer.concat(parts));
    parts = [];
    length = 0;
    return line;
  };
  const add = (part: Buffer): void => {
    length += part.length;
    if (length > LONGEST_LINE) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  return {
    *split(chunk: Buffer): Generator<Line> {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        add(chunk.subarray(from, end));
        from = end + 1;
        const line = endLine();
        if (line) yield line;
      }
      add(chunk.subarray(from));
    },
    /** The last line, when it has no \n. */
    end: (): Line | undefined => (length > 0 ? endLine() : undefined),
    /** The line where the file breaks off. */
    broken: (error: unknown): Line => ({
      number: number + 1,
      problem: `cannot be read, nor what follows it: ${error instanceof Error ? error.message : String(error)}`,
    }),
  };
}

/**
 * The lines of a JSONL file, `.gz` or not, one at a time; blank ones are left out. A file that breaks off yields a last
 * line that says so.
 *
 * @param onBytes called with how many bytes of the file have been read so far.
 */
export async function* readLines(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Line> {
  const file = createReadStream(path, { highWaterMark: 2 ** 18 });
  let read = 0;
  file.on('data', (chunk) => onBytes((read += chunk.length)));
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip({ chunkSize: 2 ** 16 })) : file;
  file.on('error', (error) => stream.destroy(error));

  const lines = createSplitter();
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) yield* lines.split(chunk);
    const last = lines.end();
    if (last) yield last;
  } catch (error) {
    yield lines.broken(error);
  } finally {
    file.destroy();
  }
}

/** Bytes. */
export const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;
