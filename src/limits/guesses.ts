import { DomainError } from '../lib/errors.js';
import { networkOf } from '../lib/networks.js';
import { signals } from '../lib/signals.js';
import type { Payer, Throttle } from './throttle.js';

/** Points that it takes to look for a token in the database which may be none. */
const GUESS = 10;

/**
 * Lets somebody look for a token that may be none.
 *
 * @param address the network address that it comes from.
 * @returns what is called when it was good after all.
 * @throws DomainError THROTTLED: too many from there were not.
 */
export type LetGuess = (address: string) => () => void;

/**
 * Keeps anybody from having tokens looked up without end: that comes before all other limits, as nobody knows yet who would pay.
 * Guesses have a bucket of their own, as large as that of an anonymous viewer: who reads from the same address is not in their way.
 */
export const limitGuesses =
  (throttle: Pick<Throttle, 'giveBack' | 'look' | 'spend' | 'waitFor'>): LetGuess =>
  (address) => {
    const payer: Payer = { key: `guesses:${networkOf(address)}`, tier: 'ANONYMOUS' };
    if (!throttle.spend(payer, GUESS)) {
      signals.throttled.say({ tier: payer.tier, what: 'token' });
      throw new DomainError('THROTTLED', 'Too many tokens from this network address were not good.', {
        retryAfter: Math.max(1, Math.ceil(throttle.waitFor(payer, GUESS) / 1_000)),
      });
    }
    return () => void throttle.giveBack(payer, GUESS, throttle.look(payer));
  };
