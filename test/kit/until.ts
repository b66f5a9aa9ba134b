import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until something is so, with a deadline; also where there is no vitest, as in the soak.
 *
 * @param check what throws is not so yet.
 * @param what completes "It never came to be that ...".
 */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  milliseconds = 20_000,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  let reason: unknown;
  while (performance.now() < deadline) {
    try {
      if (await check()) return;
    } catch (error) {
      reason = error;
    }
    await pause(20);
  }
  throw new Error(`It never came to be that ${what}.`, { cause: reason });
}
