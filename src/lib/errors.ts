/**
 * The one catalogue of error codes. Everything a client can meet in `extensions.code` is here or is one of GraphQL's own
 * `GRAPHQL_PARSE_FAILED` and `GRAPHQL_VALIDATION_FAILED`. A test holds it against docs/ERRORS.md.
 *
 * The number is the HTTP status of an answer that has no data because of this error.
 */
export const ERROR_STATUS = {
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

/**
 * A failure that the person who asked may read: the message says what is wrong, where, and what to do. Every other
 * error is masked on its way out.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DomainError';
    this.code = code;
  }
}

/** What a caller sent cannot be used as it is. */
export const badUserInput = (message: string): DomainError => new DomainError('BAD_USER_INPUT', message);
