import { v7 } from 'uuid';
import type { AccessTokens } from '../../../auth/accessTokens.js';
import { createRefreshToken } from '../../../auth/opaqueTokens.js';
import type { Change } from '../../../changes/change.js';
import { type Refusal, refusal } from '../../../changes/refusal.js';
import type { AccessEvent } from '../../../events/catalogue.js';
import { topicOf } from '../../../events/topics.js';
import { formatMoment } from '../../../lib/time.js';
import { suspensionOf } from '../policy.js';
import type { UserRow } from '../repo/reading.js';
import { type AccountWriting, createAccountWriting } from '../repo/writing.js';

/** What a client holds to speak for a user. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

/** A session, and whom it is for. */
export interface Granted {
  readonly session: Session;
  readonly viewer: UserRow;
}

/** The tokens of a session. */
export async function tokensFor(
  accessTokens: AccessTokens,
  userId: string,
  sessionId: string,
  refreshToken: string,
): Promise<Session> {
  const { token, expiresAt } = await accessTokens.sign({ userId, sessionId });
  return { accessToken: token, refreshToken, expiresAt };
}

/** Opens a session for a user who has proved who they are. */
export async function openSession(
  change: Change,
  accessTokens: AccessTokens,
  user: UserRow,
): Promise<Granted> {
  const sessionId = v7();
  change.authorise('SESSION_OPEN', { type: 'Session', id: sessionId, isOwn: true, userId: user.id });
  const { token, digest } = createRefreshToken(sessionId);
  await createAccountWriting(change.tx).openSession(sessionId, user.id, digest);
  change.emit({
    topic: topicOf.user(user.id),
    type: 'session.opened',
    payload: { userId: user.id, sessionId },
  });
  return { session: await tokensFor(accessTokens, user.id, sessionId, token), viewer: user };
}

/** Tells what an account may do no more, or again: its own topic, and the one that decides on open connections. */
export function emitAccess(change: Change, event: AccessEvent): void {
  change.emit(event);
  change.emit({ ...event, topic: topicOf.access() });
}

/** Tells that sessions are over, if there were any. */
export function emitRevoked(
  change: Change,
  userId: string,
  revoked: readonly { readonly id: string }[],
): void {
  if (revoked.length === 0) return;
  const sessionIds = revoked.map(({ id }) => id);
  emitAccess(change, {
    topic: topicOf.user(userId),
    type: 'session.revoked',
    payload: { userId, sessionIds },
  });
}

/** Ends all sessions of a user, but for one when one is named. */
export async function revokeSessions(
  change: Change,
  writing: AccountWriting,
  userId: string,
  exceptId: string | null = null,
): Promise<void> {
  emitRevoked(change, userId, await writing.revokeSessionsOf(userId, exceptId));
}

/** Why a suspended user is not let in; undefined when the user is not suspended. */
export function suspensionRefusal(user: UserRow): Refusal | undefined {
  const suspension = suspensionOf(user);
  if (suspension === null) return undefined;
  const { until, reason } = suspension;
  const end = until === null ? '' : ` until ${formatMoment(until)}`;
  return refusal('FORBIDDEN', `This account is suspended${end}: ${reason}`);
}
