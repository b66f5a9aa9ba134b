import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import { checkVariables, cleanLiterals } from '../graphql/cleanText.js';
import { codeOf, type Fault, faultBehind, isFault, presentError, retryAfterOf } from '../graphql/errors.js';
import { checkKeyHeader, idempotentOnMutations } from '../graphql/idempotencyKey.js';
import { ERROR_STATUS } from '../lib/errors.js';

/** What the execution needs to know of an operation's context. */
export interface OperationContext {
  readonly requestId: string;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
}

/** Tells the operator what went wrong, and in which request when it was in one. */
export type ReportFault = (fault: Fault, requestId?: string) => void;

export interface ExecutionOptions {
  readonly schema: GraphQLSchema;
  /** Whether clients may ask for the schema itself. */
  readonly introspection: boolean;
  readonly report: ReportFault;
}

/**
 * The status of an operation that was sent properly but is refused: it does not parse, validate, or fit its variables.
 * Never sent: what HTTP calls it depends on the media type, which is not known here (see http.ts).
 */
export const REFUSED_OPERATION = 422;

/**
 * Tokens of a document. The longest of test/operations has 150, GraphiQL's introspection 300; each of thousands of
 * aliases would run its statements.
 */
const MOST_TOKENS = 1_000;

/** The operator hears of what the client sees only masked. */
const reportFaults = (report: ReportFault): ApolloServerPlugin<OperationContext> => ({
  unexpectedErrorProcessingRequest: async ({ error, requestContext }) =>
    report(faultBehind(error), requestContext.contextValue.requestId),
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue: { requestId } }) => {
      for (const error of errors) if (isFault(error)) report(faultBehind(error), requestId);
    },
  }),
});

const checkRequest: ApolloServerPlugin<OperationContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ request, document, operationName, contextValue }) {
      checkVariables(request.variables ?? {});
      checkKeyHeader(contextValue.idempotencyKey, document, operationName);
    },
  }),
};

/** What was asked too often answers 429 when it was all that was asked, and says when to come again in any case. */
const statusOfThrottled: ApolloServerPlugin<OperationContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body, http }, errors = [] }) => {
      const throttled = errors.filter((error) => codeOf(error) === 'THROTTLED');
      if (throttled.length === 0 || body.kind !== 'single') return;
      http.headers.set(
        'retry-after',
        String(Math.max(...throttled.map((error) => retryAfterOf(error) ?? 1))),
      );
      if (body.singleResult.data == null) http.status = ERROR_STATUS.THROTTLED;
    },
  }),
};

/** Gives an answer without `data` the status that the catalogue says, unless Apollo has a better one (405, 415). */
const statusOfRefusal: ApolloServerPlugin<OperationContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body, http }, errors, source }) => {
      const [error] = errors ?? [];
      if (error === undefined || body.kind !== 'single' || body.singleResult.data !== undefined) return;
      const code = codeOf(error);
      const status = ERROR_STATUS[code];
      const isOperation = source !== undefined || code === 'PERSISTED_QUERY_NOT_FOUND';
      if (status !== 400) http.status = status;
      else if (isOperation && http.status !== 405) http.status = REFUSED_OPERATION;
    },
  }),
};

/** The one path of an operation: parse, validate, check, execute, present errors. */
export function createExecution({
  schema,
  introspection,
  report,
}: ExecutionOptions): ApolloServer<OperationContext> {
  return new ApolloServer<OperationContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: true,
    parseOptions: { maxTokens: MOST_TOKENS },
    validationRules: [cleanLiterals, idempotentOnMutations],
    formatError: presentError,
    includeStacktraceInErrorResponses: false,
    // Signals are main.ts's.
    stopOnTerminationSignals: false,
    plugins: [
      // It wraps every resolver: a quarter of the CPU of a request.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      checkRequest,
      reportFaults(report),
      statusOfRefusal,
      statusOfThrottled,
    ],
  });
}
