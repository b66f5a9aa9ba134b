import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isAwayCode } from '../db/away.js';
import { nameOf } from '../db/statement.js';
import { ownCode } from '../lib/causes.js';
import { DomainError, type ErrorCode, isErrorCode } from '../lib/errors.js';

/** Codes that Apollo gives and the catalogue calls by another name. */
const RENAMED: Record<string, ErrorCode> = {
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
};

/** The error, what it wraps, what that wraps, and so on: innermost first, where the reason is. */
function layersOf(error: unknown): Error[] {
  const layers: Error[] = [];
  for (let layer = error; layer instanceof Error && !layers.includes(layer);) {
    layers.unshift(layer);
    layer = layer instanceof GraphQLError ? (layer.originalError ?? layer.cause) : layer.cause;
  }
  return layers;
}

/** Whether an error says that the database cannot be asked at the moment. */
export const isDatabaseAway = (error: unknown): boolean =>
  layersOf(error).some((layer) => !(layer instanceof GraphQLError) && isAwayCode(ownCode(layer)));

/** Whether PostgreSQL gave up a statement that took too long. */
export const isTimeout = (error: unknown): boolean =>
  layersOf(error).some((layer) => !(layer instanceof GraphQLError) && ownCode(layer) === '57014');

/** What graphql-js 16 says of the client's doing without giving it a code, or with one that tells less. */
const CLIENTS_FAULT = [
  // Apollo gives these a code where it executes; the variables of a subscription are read elsewhere.
  /^Variable "\$\w+" (got invalid value|of (required|non-null) type) /,
  // A null variable in a non-null place is found only when the operation executes.
  /^Argument "\w+" (of (required|non-null) type|has invalid value) /,
  /^Too many errors processing variables/,
  /^Schema is not configured to execute /,
  // Half of a surrogate pair, written as it is or as an escape: no text, as in a variable.
  /^Syntax Error: Invalid (Unicode escape sequence: "\\u\{?0*|character within String: U\+)D[89A-F]/i,
];

/** graphql-js 16 gives its token limit no code of its own. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

function isClientsFault(error: GraphQLError): boolean {
  const { http } = error.extensions;
  const status =
    typeof http === 'object' && http !== null && 'status' in http && typeof http.status === 'number'
      ? http.status
      : 0;
  // Apollo gives some refusals (a persisted query with another hash) a status but no code.
  return (status >= 400 && status < 500) || CLIENTS_FAULT.some((pattern) => pattern.test(error.message));
}

function codeOfLayer(error: Error): ErrorCode | undefined {
  if (error instanceof DomainError) return error.code;
  if (!(error instanceof GraphQLError)) return undefined;
  const given = error.extensions['code'];
  const code = typeof given === 'string' ? (RENAMED[given] ?? given) : undefined;
  if (TOO_MANY_TOKENS.test(error.message)) return 'LIMIT_EXCEEDED';
  if (isErrorCode(code)) return code;
  return isClientsFault(error) ? 'BAD_USER_INPUT' : undefined;
}

/** The code that a client sees for an error. */
export function codeOf(error: unknown): ErrorCode {
  for (const layer of layersOf(error)) {
    const code = codeOfLayer(layer);
    if (code !== undefined) return code;
  }
  return isDatabaseAway(error) ? 'UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
}

const MASKS = {
  UNAVAILABLE: 'The service is away for a moment. Try again shortly.',
  INTERNAL_SERVER_ERROR:
    'Something went wrong here, not with your request. Tell the operator the X-Request-Id of this answer.',
} as const;

const isMasked = (code: ErrorCode): code is keyof typeof MASKS => Object.hasOwn(MASKS, code);

/** Whether an error is none of the client's business: it is masked, and the operator must hear of it. */
export const isFault = (error: unknown): boolean => isMasked(codeOf(error));

/** What went wrong, for the operator. */
export interface Fault {
  /**
   * The innermost error, where the reason is. Not drizzle's around it: its message holds the whole statement with its
   * parameters, that is what people wrote, and what they keep secret.
   */
  readonly error: unknown;
  /** The name of the statement that failed, when one did. */
  readonly statement: string | undefined;
}

/** What to tell the operator of a fault. */
export function faultBehind(error: unknown): Fault {
  const layers = layersOf(error).filter((layer) => !(layer instanceof GraphQLError));
  const query = layers
    .map((layer) => ('query' in layer ? layer.query : undefined))
    .find((text) => typeof text === 'string');
  const innermost = layers[0] ?? error;
  // "Failing row contains (...)": what people wrote.
  if (innermost instanceof Error && 'detail' in innermost) delete innermost.detail;
  return { error: innermost, statement: typeof query === 'string' ? nameOf(query) : undefined };
}

/** Characters of a message: graphql-js repeats what a client sent, however long that is. */
const LONGEST_MESSAGE = 1_000;

/** "Did you mean" would let a client without introspection guess the schema word by word. It stands at the end. */
function withoutSuggestion(message: string): string {
  const at = message.indexOf('Did you mean ');
  const told = (at < 0 ? message : message.slice(0, at)).trimEnd();
  return told.length > LONGEST_MESSAGE ? `${told.slice(0, LONGEST_MESSAGE)}…` : told;
}

/**
 * What a client may read of an error.
 *
 * @param message the error's own words; not used when the error is a fault.
 */
function publicError(error: unknown, message: string): { message: string; code: ErrorCode } {
  const code = codeOf(error);
  return { code, message: isMasked(code) ? MASKS[code] : withoutSuggestion(message) };
}

/** The seconds after which a client may ask again, when the error knows. */
export function retryAfterOf(error: unknown): number | undefined {
  for (const layer of layersOf(error)) {
    if (layer instanceof DomainError && layer.retryAfter !== undefined) return layer.retryAfter;
  }
  return undefined;
}

/**
 * The one way of an error to a client: expected ones and GraphQL's own as they are, everything else masked. Nothing but
 * message, place, code and the time to wait goes out.
 *
 * @param formatted the error as the GraphQL executor would send it.
 * @param error the error itself.
 */
export function presentError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { message, code } = publicError(error, formatted.message);
  const retryAfter = retryAfterOf(error);
  return {
    message,
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions: { code, ...(retryAfter !== undefined && { retryAfter }) },
  };
}

/** Any failure as it goes out where no executor stands behind it. */
export const presentFailure = (error: unknown): GraphQLFormattedError =>
  presentError({ message: error instanceof Error ? error.message : 'Something went wrong.' }, error);
