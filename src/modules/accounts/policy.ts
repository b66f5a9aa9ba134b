import type { Role } from '../../auth/roles.js';
import type { Viewer } from '../../auth/viewer.js';
import type { UserRow } from './repo/reading.js';

/** Whether an account is the viewer's. */
export const isOwnAccount = (viewer: Viewer, userId: string): boolean => viewer.userId === userId;

/** That a user may not come in. */
export interface Suspension {
  readonly since: Date;
  /** Null: for good. */
  readonly until: Date | null;
  readonly reason: string;
}

/** The suspension of a user, unless it is over; `notSuspended` in repo/reading.ts says the same in SQL. */
export function suspensionOf(
  { suspendedAt, suspendedUntil, suspensionReason }: UserRow,
  now: Date = new Date(),
): Suspension | null {
  if (suspendedAt === null || (suspendedUntil !== null && suspendedUntil <= now)) return null;
  return { since: suspendedAt, until: suspendedUntil, reason: suspensionReason ?? '' };
}

/**
 * Whether a change of this user would leave nobody to administer.
 *
 * @param administrators who can, at the moment.
 */
export const isLastAdministrator = (
  userId: string,
  administrators: readonly { readonly id: string }[],
): boolean => administrators.length > 0 && administrators.every(({ id }) => id === userId);

/** What somebody may be who has just signed up. */
export const NEW_ROLE: Role = 'READER';
