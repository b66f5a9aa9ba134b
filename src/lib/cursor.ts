import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { DomainError } from './errors.js';

/** A place in an ordered list: the sort key of a row, then its id. */
export type Position = readonly [key: string | number, id: string];

/**
 * Makes positions opaque, and proves on return that they are ours and belong to the list at hand. The list's name is
 * part of the signature but not of the cursor, so a cursor of another list, another parent, filter or order fails like
 * a forged one.
 */
export interface CursorCodec {
  seal(list: string, position: Position): string;
  /** @throws DomainError CURSOR_INVALID when the cursor is altered, foreign or not a cursor at all. */
  open(list: string, cursor: string): Position;
  /** A place in a topic: right after its event `seq`, 0 for the beginning. The same place is always the same cursor. */
  sealPlace(topic: string, seq: number): string;
  /** @throws DomainError CURSOR_INVALID as `open` does. */
  openPlace(topic: string, cursor: string): number;
}

// 96 bits: out of reach for guessing over the network, and it keeps a cursor below 100 characters.
const SIGNATURE_BYTES = 12;

const sign = (secret: string, list: string, payload: Buffer): Buffer =>
  createHmac('sha256', secret)
    .update(`cursor\0${list}\0`)
    .update(payload)
    .digest()
    .subarray(0, SIGNATURE_BYTES);

const invalid = (): DomainError =>
  new DomainError(
    'CURSOR_INVALID',
    'This cursor does not belong to this list. Use a cursor that the same field answered with the same arguments, or start without one.',
  );

/**
 * Places in topics are one encrypted block, half of it the topic's mark, half the number: how many events a topic has,
 * hidden ones among them, is nobody's business. A block that was altered or made up has the right mark once in 2^64 times.
 */
function createPlaces(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'tidings stream cursor key', 32));
  const markOf = (topic: string): Buffer =>
    createHmac('sha256', key).update(`topic\0${topic}`).digest().subarray(0, 8);
  return {
    seal(topic: string, seq: number): string {
      const block = Buffer.alloc(16);
      markOf(topic).copy(block);
      block.writeBigUInt64BE(BigInt(seq), 8);
      const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
    },
    open(topic: string, block: Buffer): number | undefined {
      const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      const plain = Buffer.concat([decipher.update(block), decipher.final()]);
      const isGenuine = timingSafeEqual(plain.subarray(0, 8), markOf(topic));
      return isGenuine ? Number(plain.readBigUInt64BE(8)) : undefined;
    },
  };
}

/**
 * @param secret the server's secret; cursors of servers with the same secret are interchangeable.
 * @param previousSecret the one before: cursors that clients still hold can be opened.
 */
export function createCursorCodec(secret: string, previousSecret?: string): CursorCodec {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  const places = createPlaces(secret);
  const allPlaces = previousSecret === undefined ? [places] : [places, createPlaces(previousSecret)];

  return {
    seal(list, position) {
      const payload = Buffer.from(JSON.stringify(position));
      return Buffer.concat([sign(secret, list, payload), payload]).toString('base64url');
    },
    open(list, cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const payload = bytes.subarray(SIGNATURE_BYTES);
      const genuine =
        bytes.length > SIGNATURE_BYTES &&
        // Node skips characters that are not base64url: only the canonical spelling counts.
        bytes.toString('base64url') === cursor &&
        secrets.some((one) => timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), sign(one, list, payload)));
      if (!genuine) throw invalid();
      return JSON.parse(payload.toString()) as Position;
    },
    sealPlace: (topic, seq) => places.seal(topic, seq),
    openPlace(topic, cursor) {
      const block = Buffer.from(cursor, 'base64url');
      if (block.length === 16 && block.toString('base64url') === cursor) {
        for (const one of allPlaces) {
          const seq = one.open(topic, block);
          if (seq !== undefined) return seq;
        }
      }
      throw invalid();
    },
  };
}
