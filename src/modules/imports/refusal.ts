import { causesOf, ownCode } from '../../lib/causes.js';

// Data exceptions, violated constraints, exceeded limits of the server.
const REFUSED = /^(22|23|54)/;

/**
 * Why PostgreSQL took exception to the data, in its own words; undefined for any other failure, such as a lost
 * connection, which the record has no part in.
 */
export const refusalOf = (error: unknown): string | undefined =>
  causesOf(error).find((cause) => REFUSED.test(ownCode(cause)))?.message;

/** The failure without drizzle's wrapping, whose message repeats the statement with its parameters: a batch of bodies. */
export const unwrapped = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? error.cause : error;
