/** Milliseconds that a timer can wait at most. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Tells when a token is over. */
export interface Expiry {
  /** @param expiresAt when; null: never. Takes the place of what was set before. */
  set(expiresAt: Date | null): void;
  stop(): void;
}

/** @param over called when the token is over. */
export function createExpiry(over: () => void): Expiry {
  let timer: NodeJS.Timeout | undefined;
  const wait = (end: number): void => {
    const left = end - Date.now();
    timer =
      left > LONGEST_TIMER
        ? setTimeout(() => wait(end), LONGEST_TIMER).unref()
        : setTimeout(over, left).unref();
  };
  const stop = (): void => clearTimeout(timer);
  return {
    set(expiresAt) {
      stop();
      if (expiresAt !== null) wait(expiresAt.getTime());
    },
    stop,
  };
}
