import type { FormattedExecutionResult } from 'graphql';
import { codeOf } from '../graphql/errors.js';
import { DomainError, type ErrorCode, isErrorCode } from '../lib/errors.js';

const PASSING: ReadonlySet<ErrorCode> = new Set(['THROTTLED', 'UNAVAILABLE']);

/** Whether the same request may go well in a moment. */
export const isPassing = (error: unknown): boolean => PASSING.has(codeOf(error));

/** Why an operation was refused, when the same one may go well in a moment. */
export function passingRefusalIn({ errors }: FormattedExecutionResult): DomainError | undefined {
  const [error] = errors ?? [];
  const { code, retryAfter } = error?.extensions ?? {};
  if (error === undefined || !isErrorCode(code) || !PASSING.has(code)) return undefined;
  return new DomainError(code, error.message, typeof retryAfter === 'number' ? { retryAfter } : {});
}
