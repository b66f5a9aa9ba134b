import { DomainError } from '../lib/errors.js';

/** Why a stream ends whose viewer may not go on. */
export const lost = (): DomainError => new DomainError('FORBIDDEN', 'You may not listen to this any more.');

/** Why a stream ends that no wait would let go on: its viewer got another role. */
export const tooDear = (points: number, maximum: number): DomainError =>
  new DomainError(
    'LIMIT_EXCEEDED',
    `One answer may cost ${points} points, and you never have more than ${maximum}. Ask for less.`,
  );

/** Why a stream cannot go on from where its reader is. */
export const expired = (): DomainError =>
  new DomainError(
    'CURSOR_EXPIRED',
    'What came after this cursor is not kept any more. Read the list again, and go on from its streamCursor.',
  );
