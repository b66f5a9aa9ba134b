import { type Config, ConfigError } from '../config.js';
import { isDatabaseAway } from '../graphql/errors.js';
import { causesOf, ownCode } from '../lib/causes.js';
import { ImportError } from '../modules/imports/public.js';

/** What PostgreSQL says to somebody it does not let in: wrong password, no such role, no right to the database. */
const NOT_LET_IN = /^(28|42501)/;

/** Where the database is, without who we are there. */
export function databaseAddress(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}

/** A refused connection to several addresses of one name has a code and no message. */
const reasonOf = (error: Error): string => (error.message || ownCode(error)).split('\n', 1).join('');

/** The error itself or what it wraps, whichever has a code. */
const codedLayer = (error: Error): Error => causesOf(error).find((cause) => ownCode(cause) !== '') ?? error;

/**
 * What to tell somebody at a terminal about a failure: one line that says what to do when it is one that happens, the
 * whole stack when it is a bug.
 */
export function explain(error: unknown, config: Config | undefined): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || error instanceof ImportError) return error.message;
  const layer = codedLayer(error);
  const code = ownCode(layer);
  if (code === 'EADDRINUSE') {
    return `Port ${config?.port} is taken: something else listens there. Stop it, or set PORT to another one.`;
  }
  if (code === 'EACCES' && 'syscall' in layer && layer.syscall === 'listen') {
    return `Port ${config?.port} is not ours to listen on. Set PORT to one above 1023.`;
  }
  if (config?.databaseUrl !== undefined) {
    const address = databaseAddress(config.databaseUrl);
    if (NOT_LET_IN.test(code)) {
      return `The database at ${address} does not let us in: ${reasonOf(layer)}. Check DATABASE_URL.`;
    }
    if (isDatabaseAway(error)) {
      return `The database at ${address} cannot be reached: ${reasonOf(layer)}. Check DATABASE_URL, and that PostgreSQL runs there.`;
    }
  }
  // Errors that are thrown in words for people are plain ones; a TypeError is a bug and is worth its stack.
  return error.constructor === Error ? error.message : (error.stack ?? error.message);
}
