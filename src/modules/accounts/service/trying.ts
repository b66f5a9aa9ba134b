import type { AccessTokens } from '../../../auth/accessTokens.js';
import type { Attempts } from '../../../auth/attempts.js';
import type { Caller } from '../../../changes/caller.js';
import type { Change, Changes } from '../../../changes/change.js';
import type { Database } from '../../../db/client.js';

/** What the services of accounts work with. */
export interface AccountParts {
  readonly db: Database;
  readonly changes: Changes;
  readonly accessTokens: AccessTokens;
  readonly attempts: Attempts;
}

/**
 * For changes that need a proof first: checks it, then carries the change out. Checking a password takes 20 ms, so it is
 * done before the transaction. With a client's key it is done within: a repeat must get its first answer before anything
 * is checked, because the first time may have changed what is right. Either way what comes from one address is checked in
 * turn, and nobody waits for a turn with a connection to the database in hand.
 */
export const createTrying =
  ({ db, changes, attempts }: AccountParts) =>
  async <Checked, Answer>(
    caller: Caller,
    check: (db: Database) => Promise<Checked>,
    work: (change: Change, checked: Checked) => Promise<Answer>,
  ): Promise<Answer> => {
    if (caller.once !== undefined) {
      return attempts.inTurn(caller.address, () =>
        changes.run(caller, async (change) => work(change, await check(change.tx))),
      );
    }
    const checked = await attempts.inTurn(caller.address, () => check(db));
    return changes.run(caller, (change) => work(change, checked));
  };
