import { createHmac, timingSafeEqual } from 'node:crypto';
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
}

// 96 bits: out of reach for guessing over the network, and it keeps a cursor below 100 characters.
const SIGNATURE_BYTES = 12;

const sign = (secret: string, list: string, payload: Buffer): Buffer =>
  createHmac('sha256', secret)
    .update(`cursor\0${list}\0`)
    .update(payload)
    .digest()
    .subarray(0, SIGNATURE_BYTES);

/**
 * @param secret the server's secret; cursors of servers with the same secret are interchangeable.
 * @param previousSecret the one before: cursors that clients still hold can be opened.
 */
export function createCursorCodec(secret: string, previousSecret?: string): CursorCodec {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];

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
      if (!genuine) {
        throw new DomainError(
          'CURSOR_INVALID',
          'This cursor does not belong to this list. Use a cursor that the same field answered with the same arguments, or start without one.',
        );
      }
      return JSON.parse(payload.toString()) as Position;
    },
  };
}
