import { DomainError } from './errors.js';

/** Somebody who waits for an answer, and may give up. */
export interface Asking {
  readonly hasGivenUp: boolean;
  /** @throws DomainError UNAVAILABLE when they gave up. */
  check(): void;
  /** Calls `stop` when they give up. @returns makes it forgotten. */
  whenGivenUp(stop: (reason: Error) => void): () => void;
  /** Nobody waits any more. What only reads may stop then; a change that began goes on. */
  giveUp(this: void): void;
}

const givenUp = (): DomainError =>
  new DomainError('UNAVAILABLE', 'The request was given up before it was answered.');

/** For one operation alone. An AbortController would do as well, for as much as the throttle and the log together. */
export function createAsking(): Asking {
  let stops: Set<(reason: Error) => void> | undefined;
  let hasGivenUp = false;
  return {
    get hasGivenUp() {
      return hasGivenUp;
    },
    check() {
      if (hasGivenUp) throw givenUp();
    },
    whenGivenUp(stop) {
      const own = (stops ??= new Set());
      own.add(stop);
      return () => own.delete(stop);
    },
    giveUp() {
      hasGivenUp = true;
      for (const stop of stops ?? []) stop(givenUp());
      stops?.clear();
    },
  };
}
