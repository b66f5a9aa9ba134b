import { randomBytes } from 'node:crypto';
import { DomainError } from '../lib/errors.js';
import type { Identity } from '../live/hub.js';
import { type ConnectionLimits, createPlaces } from '../live/limits.js';
import type { EventStream } from './eventStream.js';

/** Milliseconds that a place is kept for a reader. */
const LONGEST_WAIT = 10_000;

/** Places that are kept at a time, and those for one network address. */
const MOST_WAITING = 5_000;
const MOST_OF_ADDRESS = 100;

/** Streams that are found by a token, which nobody can guess. */
export interface Reservations {
  /** @throws DomainError THROTTLED when too many of its address wait, UNAVAILABLE when too many do. @returns the token. */
  add(stream: EventStream): string;
  /** @throws DomainError NOT_FOUND when there is none. */
  find(token: string): EventStream;
  /** Its reader came. @throws DomainError CONFLICT for a second one. */
  open(token: string): EventStream;
  remove(stream: EventStream): void;
}

/** A user's session, or one of their API tokens; null: nobody in particular. */
const speakerOf = ({ viewer, apiTokenId }: Identity): string | null =>
  viewer.userId === null ? null : `${viewer.userId} ${viewer.sessionId} ${apiTokenId}`;

/** Whether somebody is who reserved a stream: not just the same user, for one of their API tokens may do less. */
export const isOwner = ({ connection }: EventStream, identity: Identity): boolean =>
  speakerOf(connection) === speakerOf(identity);

/** The same for a token that was never good, is over, or is somebody else's. */
export const noSuchStream = (): DomainError =>
  new DomainError('NOT_FOUND', 'There is no such stream, or not any more. Reserve another one: PUT.');

/** @see Reservations */
export function createReservations(limits: ConnectionLimits): Reservations {
  const streams = new Map<string, EventStream>();
  const tokens = new WeakMap<EventStream, string>();
  const { ofAddress } = createPlaces({ ...limits, perAddress: MOST_OF_ADDRESS });
  /** How each ends its waiting. */
  const waiting = new Map<string, () => void>();

  const arrived = (token: string): boolean => {
    waiting.get(token)?.();
    return waiting.delete(token);
  };

  const find = (token: string): EventStream => {
    const stream = streams.get(token);
    if (stream === undefined || stream.isEnding) throw noSuchStream();
    return stream;
  };

  return {
    add(stream) {
      if (waiting.size >= MOST_WAITING) {
        throw new DomainError('UNAVAILABLE', 'Too many streams are reserved.', { retryAfter: 5 });
      }
      const leaveAddress = ofAddress(stream.connection.address);
      if (leaveAddress === undefined) {
        throw new DomainError('THROTTLED', 'Too many streams are reserved. Open some first.', {
          retryAfter: 5,
        });
      }
      const token = randomBytes(24).toString('base64url');
      streams.set(token, stream);
      tokens.set(stream, token);
      const timer = setTimeout(() => stream.leave(), LONGEST_WAIT).unref();
      waiting.set(token, () => {
        clearTimeout(timer);
        leaveAddress();
      });
      return token;
    },
    find,
    open(token) {
      const stream = find(token);
      if (!arrived(token)) throw new DomainError('CONFLICT', 'This stream is open already.');
      return stream;
    },
    remove(stream) {
      const token = tokens.get(stream);
      if (token === undefined) return;
      arrived(token);
      streams.delete(token);
    },
  };
}
