import type { AccessTokens } from '../../../auth/accessTokens.js';
import type { Attempts, Tried } from '../../../auth/attempts.js';
import type { Caller } from '../../../changes/caller.js';
import type { Change, Changes } from '../../../changes/change.js';
import type { Database } from '../../../db/client.js';
import { DomainError } from '../../../lib/errors.js';

/** What the services of accounts work with. */
export interface AccountParts {
  readonly db: Database;
  readonly changes: Changes;
  readonly accessTokens: AccessTokens;
  readonly attempts: Attempts;
}

/** What a check found, and whether what was tried is right. */
export interface Checked<Found> {
  readonly isRight: boolean;
  readonly found: Found;
}

/** The key was used with another input. From nobody that input may have been another password, for a key that is known. */
const isGuess = (error: unknown, { viewer }: Caller): boolean =>
  viewer.userId === null && error instanceof DomainError && error.code === 'CONFLICT';

/**
 * For changes that need a proof first: checks it, then carries the change out. Checking a password takes 20 ms, so it is
 * done before the transaction. With a client's key it is done within: a repeat must get its first answer before anything
 * is checked, because the first time may have changed what is right. Either way what comes from one address is checked in
 * turn, nobody waits for a turn with a connection to the database in hand, and nothing is done for who tried too often:
 * not even a repeat is answered, because that tells as much as a right password.
 */
export function createTrying({ db, changes, attempts }: AccountParts) {
  const checkFirst = async <Found, Answer>(
    caller: Caller,
    tried: Tried,
    check: (db: Database) => Promise<Checked<Found>>,
    work: (change: Change, checked: Checked<Found>) => Promise<Answer>,
  ): Promise<Answer> => {
    const checked = await attempts.inTurn(caller.address, async () => {
      let made: Checked<Found> | undefined;
      await attempts.check(tried, async () => (made = await check(db)).isRight);
      return made;
    });
    if (checked === undefined) throw new Error('A try was counted, and not made.');
    return changes.run(caller, (change) => work(change, checked));
  };

  const checkWithin = async <Found, Answer>(
    caller: Caller,
    tried: Tried,
    check: (db: Database) => Promise<Checked<Found>>,
    work: (change: Change, checked: Checked<Found>) => Promise<Answer>,
  ): Promise<Answer> => {
    let outcome: Promise<Answer> | undefined;
    await attempts.check(tried, async () => {
      // Nothing is checked for a repeat, which is right: it is the same to the letter.
      let isRight = true;
      outcome = changes.run(caller, async (change) => {
        const checked = await check(change.tx);
        ({ isRight } = checked);
        return work(change, checked);
      });
      try {
        await outcome;
      } catch (error) {
        if (isGuess(error, caller)) return false;
        // What was right and is refused for another reason counts neither way.
        if (isRight) throw error;
      }
      return isRight;
    });
    if (outcome === undefined) throw new Error('A try was counted, and not made.');
    return outcome;
  };

  return <Found, Answer>(
    caller: Caller,
    tried: Tried,
    check: (db: Database) => Promise<Checked<Found>>,
    work: (change: Change, checked: Checked<Found>) => Promise<Answer>,
  ): Promise<Answer> =>
    caller.once === undefined
      ? checkFirst(caller, tried, check, work)
      : attempts.inTurn(caller.address, () => checkWithin(caller, tried, check, work));
}
