import { promisify } from 'node:util';
import { constants, crc32, gzip } from 'node:zlib';

const zip = promisify(gzip);

/** A block of deflate that is the last one, and stored as it is: at most so many bytes (RFC 1951, 3.2.4). */
const LAST_AND_STORED = 1;
const LONGEST_STORED = 65_535;
const BLOCK_HEAD = 5;

/** The end of gzip: a checksum and the length (RFC 1952, 2.3.1). */
const TRAILER = 8;

/** A text packed with gzip that goes on: it lacks its end. */
export interface Packed {
  readonly bytes: Buffer;
  /** Of the text. */
  readonly checksum: number;
  readonly length: number;
}

/** Packs a text that many get, each with an end of their own. */
export async function pack(text: Buffer): Promise<Packed> {
  // It ends with a whole byte, and with no last block.
  const bytes = await zip(text, { finishFlush: constants.Z_SYNC_FLUSH });
  return { bytes, checksum: crc32(text), length: text.length };
}

/** What follows a packed text, and ends it. @param end at most 65,535 bytes; they are not packed. */
export function endOf({ checksum, length }: Packed, end: Buffer): Buffer {
  if (end.length > LONGEST_STORED) throw new RangeError(`${end.length} bytes are more than one block.`);
  const bytes = Buffer.allocUnsafe(BLOCK_HEAD + end.length + TRAILER);
  bytes.writeUInt8(LAST_AND_STORED, 0);
  bytes.writeUInt16LE(end.length, 1);
  bytes.writeUInt16LE(0xff_ff - end.length, 3);
  end.copy(bytes, BLOCK_HEAD);
  bytes.writeUInt32LE(crc32(end, checksum), BLOCK_HEAD + end.length);
  bytes.writeUInt32LE((length + end.length) % 2 ** 32, BLOCK_HEAD + end.length + 4);
  return bytes;
}
