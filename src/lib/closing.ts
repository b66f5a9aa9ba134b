type Close = () => Promise<unknown>;

/**
 * Closes all that is open, whatever of it will not close.
 *
 * @param together is closed first, and at once: together it has the time of one.
 * @param inOrder was opened in this order; it is closed in the reverse one.
 * @throws AggregateError when something would not close.
 */
export async function closeAll(together: readonly Close[], inOrder: readonly Close[]): Promise<void> {
  const failures: unknown[] = [];
  const close = (one: Close): Promise<unknown> => one().catch((error: unknown) => failures.push(error));
  await Promise.all(together.map(close));
  for (const one of inOrder.toReversed()) await close(one);
  if (failures.length === 0) return;
  const reasons = failures.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new AggregateError(failures, `Not everything would close: ${reasons.join('; ')}`);
}
