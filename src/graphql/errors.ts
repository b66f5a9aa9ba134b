import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError, ERROR_STATUS, type ErrorCode } from '../lib/errors.js';

/** Codes that GraphQL servers give and the catalogue calls by another name. */
const RENAMED: Record<string, ErrorCode> = {
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
};

/** Codes of GraphQL itself: their messages speak of the document only. */
const OF_GRAPHQL = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** What the network or PostgreSQL says when the database is away or giving up, by `code`. */
const DATABASE_AWAY = /^(ECONN|EPIPE|ENOTFOUND|CONNECT|57P0[1-3]|57014|53300|08)/;

function isDatabaseAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && DATABASE_AWAY.test(cause.code)) return true;
  }
  return false;
}

/** "Did you mean" would let a client without introspection guess the schema word by word. */
const withoutSuggestion = (message: string): string => message.replace(/ ?Did you mean [^?]*\?/g, '');

/** The code that a client sees for an error. */
export function codeOf(error: unknown): string {
  const cause = unwrapResolverError(error);
  if (cause instanceof DomainError) return cause.code;
  const given =
    cause instanceof GraphQLError && typeof cause.extensions['code'] === 'string'
      ? cause.extensions['code']
      : '';
  const code = RENAMED[given] ?? given;
  if (OF_GRAPHQL.has(code) || code in ERROR_STATUS) return code;
  return isDatabaseAway(cause) ? 'UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
}

/** Whether an error is none of the client's business: it is masked, and the operator must hear of it. */
export const isFault = (error: unknown): boolean =>
  ['UNAVAILABLE', 'INTERNAL_SERVER_ERROR'].includes(codeOf(error));

const MASKS: Record<string, string> = {
  UNAVAILABLE: 'The service is away for a moment. Try again shortly.',
  INTERNAL_SERVER_ERROR:
    'Something went wrong here, not with your request. Tell the operator the X-Request-Id of this answer.',
};

/**
 * The one way of an error to a client: expected ones and GraphQL's own as they are, everything else masked. Nothing but
 * message, place and code goes out.
 *
 * @param formatted the error as the GraphQL executor would send it.
 * @param error the error itself.
 */
export function presentError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const code = codeOf(error);
  return {
    message: MASKS[code] ?? withoutSuggestion(formatted.message),
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions: { code },
  };
}
