// Data exceptions, violated constraints, exceeded limits of the server.
const REFUSED = /^(22|23|54)/;

/**
 * Why PostgreSQL took exception to the data, in its own words; undefined for any other failure, such as a lost
 * connection, which the record has no part in.
 */
export function refusalOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && REFUSED.test(cause.code)) return cause.message;
  }
  return undefined;
}

/** The failure without drizzle's wrapping, whose message repeats the statement with its parameters: a batch of bodies. */
export const unwrapped = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? error.cause : error;
