import { causesOf, ownCode } from '../lib/causes.js';

const UNIQUE_VIOLATION = '23505';

/** The name of the unique constraint that an error speaks of; undefined for every other error. */
export function violatedConstraint(error: unknown): string | undefined {
  const violation = causesOf(error).find((cause) => ownCode(cause) === UNIQUE_VIOLATION);
  return violation && 'constraint_name' in violation ? String(violation.constraint_name) : undefined;
}
