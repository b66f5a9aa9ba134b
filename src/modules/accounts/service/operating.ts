import { v7 } from 'uuid';
import { hashPassword, isCommonPassword } from '../../../auth/passwords.js';
import type { Role } from '../../../auth/roles.js';
import { ANONYMOUS, type SignedInViewer } from '../../../auth/viewer.js';
import type { Caller } from '../../../changes/caller.js';
import type { Change, Changes } from '../../../changes/change.js';
import { collectProblems, refusal } from '../../../changes/refusal.js';
import type { Database } from '../../../db/client.js';
import { topicOf } from '../../../events/topics.js';
import { claimNames } from '../../../lib/names.js';
import type { SignUp } from '../inputs.js';
import { suspensionOf } from '../policy.js';
import { createAccountRepo, type UserRow } from '../repo/reading.js';
import { createAccountWriting } from '../repo/writing.js';
import { emitAccess, revokeSessions } from './granting.js';
import { COMMON_PASSWORD } from './sessions.js';

const LIST_STEP = 1_000;

/** Whoever runs the server: nobody's right is asked for, and the audit log names no account. */
const operator = (operation: string): Caller => ({
  viewer: ANONYMOUS,
  operation,
  address: null,
  requestId: null,
});

/** Writes down that an account was made, and tells. */
function announce(change: Change, { id, role }: UserRow): void {
  change.audit('USER_SET_ROLE', { type: 'User', id, userId: id }, { from: null, to: role });
  change.emit({ topic: topicOf.user(id), type: 'user.created', payload: { userId: id, role } });
}

/** Whom the server is when it writes by itself. */
interface HouseAccount {
  readonly id: string;
  /** With a number behind it when somebody has it. */
  readonly username: string;
  readonly name: string;
  readonly role: Role;
}

/** What the command line, and the server by itself, do with accounts. */
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
      announce(change, user);
      return user;
    });
  },

  /**
   * The account in whose name the server itself writes, made when it is missing. Without an address and a password nobody
   * can sign in to it; it may what its role may, as long as no administrator takes the role away or suspends it.
   *
   * @returns who that is, able to publish and to nothing else.
   * @throws Refusal when it is suspended.
   */
  async houseViewer({ id, username, ...who }: HouseAccount): Promise<SignedInViewer> {
    const user = await changes.run(operator('house account'), async (change) => {
      const repo = createAccountRepo(change.tx);
      const [there] = await repo.byIds([id]);
      if (there !== undefined) return there;
      const [free = username] = await claimNames([username], async (names) =>
        (await repo.byUsernames(names)).map((other) => other.username),
      );
      const account = { id, username: free, ...who, email: null, passwordHash: null };
      const [made] = await createAccountWriting(change.tx).add(account);
      if (made !== undefined) {
        announce(change, made);
        return made;
      }
      // Another process made it at the same moment; or a user took the name.
      const [theirs] = await repo.byIds([id]);
      if (theirs !== undefined) return theirs;
      throw refusal('TAKEN', `Somebody has just taken the user name ${free}. Try again.`);
    });
    if (suspensionOf(user) !== null) {
      throw refusal('FORBIDDEN', `The account ${user.username} is suspended. Reinstate it first.`);
    }
    return { userId: user.id, role: user.role, sessionId: null, scopes: ['PUBLISH'] };
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
        emitAccess(change, { topic: topicOf.user(id), type: 'apiToken.revoked', payload });
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
