import { v7 } from 'uuid';
import { hashPassword, isCommonPassword } from '../../../auth/passwords.js';
import type { Role } from '../../../auth/roles.js';
import { ANONYMOUS } from '../../../auth/viewer.js';
import type { Caller } from '../../../changes/caller.js';
import type { Changes } from '../../../changes/change.js';
import { collectProblems, refusal } from '../../../changes/refusal.js';
import type { Database } from '../../../db/client.js';
import { topicOf } from '../../../events/topics.js';
import type { SignUp } from '../inputs.js';
import { createAccountRepo, type UserRow } from '../repo/reading.js';
import { createAccountWriting } from '../repo/writing.js';
import { revokeSessions } from './granting.js';
import { COMMON_PASSWORD } from './sessions.js';

const LIST_STEP = 1_000;

/** Whoever runs the server: nobody's right is asked for, and the audit log names no account. */
const operator = (operation: string): Caller => ({
  viewer: ANONYMOUS,
  operation,
  address: null,
  requestId: null,
});

/** What the command line does with accounts. */
export const createOperatingService = (db: Database, changes: Changes) => ({
  /** Makes an account of any role. @throws Refusal */
  async createUser({ role, password, ...who }: SignUp & { readonly role: Role }): Promise<UserRow> {
    const { username, email } = who;
    const [passwordHash, isCommon] = await Promise.all([hashPassword(password), isCommonPassword(password)]);
    return changes.run(operator('user create'), async (change) => {
      const taken = await createAccountRepo(change.tx).taken(username, email);
      const problems = collectProblems();
      if (taken.some(({ isEmail }) => isEmail)) {
        problems.add('TAKEN', `There is an account with the e-mail address ${email}.`, 'email');
      }
      if (taken.some(({ isUsername }) => isUsername)) {
        problems.add('TAKEN', `Somebody has the user name ${username}.`, 'username');
      }
      if (isCommon) problems.add('INVALID', COMMON_PASSWORD, 'password');
      problems.refuse();
      const id = v7();
      const [user] = await createAccountWriting(change.tx).add({ id, ...who, role, passwordHash });
      if (user === undefined) throw refusal('TAKEN', 'Somebody has just taken the user name or the address.');
      change.audit('USER_SET_ROLE', { type: 'User', id, userId: id }, { from: null, to: role });
      change.emit({ topic: topicOf.user(id), type: 'user.created', payload: { userId: id, role } });
      return user;
    });
  },

  /** Gives an account another password, ends its sessions and revokes its API tokens. @throws Refusal */
  async setPassword(email: string, password: string): Promise<UserRow> {
    const [passwordHash, isCommon] = await Promise.all([hashPassword(password), isCommonPassword(password)]);
    return changes.run(operator('user set-password'), async (change) => {
      if (isCommon) throw refusal('INVALID', COMMON_PASSWORD, 'password');
      const [found] = await createAccountRepo(change.tx).credentialsByEmail(email);
      const writing = createAccountWriting(change.tx);
      const [user] = found === undefined ? [] : await writing.setPassword(found.id, passwordHash);
      if (user === undefined) {
        throw refusal('NOT_FOUND', `There is no account with the e-mail address ${email}.`, 'email');
      }
      const { id } = user;
      change.audit('PASSWORD_CHANGE', { type: 'User', id, userId: id });
      change.emit({ topic: topicOf.user(id), type: 'user.passwordChanged', payload: { userId: id } });
      await revokeSessions(change, writing, id);
      for (const { id: apiTokenId } of await writing.removeApiTokensOf(id)) {
        const payload = { userId: id, apiTokenId };
        change.emit({ topic: topicOf.user(id), type: 'apiToken.revoked', payload });
      }
      return user;
    });
  },

  /** All accounts in the order of their names, some at a time. */
  async *list(): AsyncGenerator<readonly UserRow[]> {
    const repo = createAccountRepo(db);
    for (let after = ''; ;) {
      const rows = await repo.list(after, LIST_STEP);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.username;
    }
  },
});
