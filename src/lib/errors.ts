/**
 * The one catalogue of error codes. Everything a client can meet in `extensions.code` is here; docs/ERRORS.md says what
 * each means and what to do about it, and a test holds the two against each other.
 *
 * The number is the HTTP status of an answer that has no `data` entry because of this error.
 */
export const ERROR_STATUS = {
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  LIMIT_EXCEEDED: 400,
  THROTTLED: 429,
  CURSOR_INVALID: 400,
  CURSOR_EXPIRED: 400,
  PERSISTED_QUERY_NOT_FOUND: 400,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
} as const;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERROR_STATUS;

/** Whether the catalogue has this code. */
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERROR_STATUS, code);

/**
 * A failure that the person who asked may read: the message says what is wrong, where, and what to do. Every other
 * error is masked on its way out.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  /** Seconds after which it makes sense to ask again, when that is known. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { readonly retryAfter?: number }) {
    super(message, options);
    this.name = 'DomainError';
    this.code = code;
    this.retryAfter = options?.retryAfter;
  }
}

/** What a caller sent cannot be used as it is. */
export const badUserInput = (message: string): DomainError => new DomainError('BAD_USER_INPUT', message);
