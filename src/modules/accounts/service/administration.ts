import type { Role } from '../../../auth/roles.js';
import type { Caller } from '../../../changes/caller.js';
import type { Change } from '../../../changes/change.js';
import { noSuch, refusal } from '../../../changes/refusal.js';
import { topicOf } from '../../../events/topics.js';
import { formatMoment } from '../../../lib/time.js';
import { isLastAdministrator, isOwnAccount, suspensionOf } from '../policy.js';
import type { UserRow } from '../repo/reading.js';
import { type AccountWriting, createAccountWriting } from '../repo/writing.js';
import { emitAccess, revokeSessions } from './granting.js';
import type { AccountParts } from './trying.js';

const LAST_ADMINISTRATOR = 'This is the last administrator. Make somebody else one first.';

const subjectOf = (change: Change, id: string) => ({
  type: 'User',
  id,
  isOwn: isOwnAccount(change.viewer, id),
  userId: id,
});

/** @throws Refusal NOT_FOUND */
async function holdUser(writing: AccountWriting, userId: string): Promise<UserRow> {
  const [user] = await writing.hold(userId);
  if (user === undefined) throw refusal('NOT_FOUND', noSuch('user'), 'userId');
  return user;
}

const changed = ([user]: readonly UserRow[]): UserRow => {
  if (user === undefined) throw new Error('A user who was held has gone.');
  return user;
};

/** What administrators do with other accounts. */
export function createAdministrationService({ changes }: AccountParts) {
  return {
    /** Gives a user another role, which holds from their next request on. */
    setRole: (caller: Caller, { userId, role }: { userId: string; role: Role }): Promise<UserRow> =>
      changes.run(caller, async (change) => {
        const writing = createAccountWriting(change.tx);
        // Before the user: two administrators who demote each other wait here, and the second one is the last.
        const administrators = await writing.holdAdministrators();
        const user = await holdUser(writing, userId);
        change.authorise('USER_SET_ROLE', subjectOf(change, userId), { from: user.role, to: role });
        if (user.role === role) return user;
        if (isLastAdministrator(userId, administrators)) {
          throw refusal('CONFLICT', LAST_ADMINISTRATOR, 'userId');
        }
        const payload = { userId, role, previousRole: user.role };
        emitAccess(change, { topic: topicOf.user(userId), type: 'user.roleSet', payload });
        return changed(await writing.setRole(userId, role));
      }),

    /** Keeps a user out, from now on, and ends their sessions. */
    suspend: (
      caller: Caller,
      { userId, until, reason }: { userId: string; until: Date | null; reason: string },
    ): Promise<UserRow> =>
      changes.run(caller, async (change) => {
        const writing = createAccountWriting(change.tx);
        const administrators = await writing.holdAdministrators();
        await holdUser(writing, userId);
        const end = until === null ? null : formatMoment(until);
        change.authorise('USER_SUSPEND', subjectOf(change, userId), { until: end, reason });
        if (until !== null && until <= new Date()) throw refusal('INVALID', 'Must be ahead.', 'until');
        if (isLastAdministrator(userId, administrators)) {
          throw refusal('CONFLICT', LAST_ADMINISTRATOR, 'userId');
        }
        const user = changed(await writing.suspend(userId, until, reason));
        const payload = { userId, until: end };
        emitAccess(change, { topic: topicOf.user(userId), type: 'user.suspended', payload });
        await revokeSessions(change, writing, userId);
        return user;
      }),

    /** Lifts a suspension, if there is one. */
    reinstate: (caller: Caller, { userId }: { userId: string }): Promise<UserRow> =>
      changes.run(caller, async (change) => {
        const writing = createAccountWriting(change.tx);
        const user = await holdUser(writing, userId);
        change.authorise('USER_SUSPEND', subjectOf(change, userId), { lifted: true });
        if (suspensionOf(user) === null) return user;
        emitAccess(change, { topic: topicOf.user(userId), type: 'user.reinstated', payload: { userId } });
        return changed(await writing.reinstate(userId));
      }),
  };
}
