import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequest,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { type FormattedExecutionResult, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { checkVariables, cleanLiterals } from '../graphql/cleanText.js';
import { codeOf, type Fault, faultBehind, isFault, presentError, retryAfterOf } from '../graphql/errors.js';
import { checkKeyHeader, idempotentOnMutations } from '../graphql/idempotencyKey.js';
import { unconditionalRoot } from '../graphql/subscriptionRoot.js';
import { badUserInput, DomainError, ERROR_STATUS } from '../lib/errors.js';
import { within } from '../lib/time.js';
import type { Subscription } from '../live/documents.js';

/** What the execution needs to know of an operation's context. */
export interface OperationContext {
  readonly requestId: string;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
  /** Present where subscriptions can be streamed: takes one that passed all checks. */
  taken?: {
    subscription?: Subscription;
    /** Whether nothing may be changed: what came by GET must be safe to send again. */
    readonly onlyReads: boolean;
  };
}

/** Tells the operator what went wrong, and in which request when it was in one. */
export type ReportFault = (fault: Fault, requestId?: string) => void;

export interface ExecutionOptions {
  readonly schema: GraphQLSchema;
  /** Whether clients may ask for the schema itself. */
  readonly introspection: boolean;
  /** Milliseconds until an operation of a connection that stays open is answered with UNAVAILABLE. */
  readonly timeout: number;
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

/** What became of an operation: an answer, or a subscription that passed all checks and may be opened. */
export type Outcome =
  | { readonly kind: 'answer'; readonly result: FormattedExecutionResult }
  | { readonly kind: 'subscription'; readonly subscription: Subscription };

/** The one path of an operation, whichever transport it came by: parse, validate, check, execute, present errors. */
export interface Execution {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Over HTTP, where nothing can be subscribed to. */
  http(request: HTTPGraphQLRequest, context: OperationContext): Promise<HTTPGraphQLResponse>;
  /** Over a transport that can stream. @param onlyReads whether nothing may be changed. */
  run(request: GraphQLRequest, context: OperationContext, onlyReads?: boolean): Promise<Outcome>;
}

/** Takes subscriptions out of the path after the last check, for `run` to hand them on; over HTTP they end here. */
const takeSubscriptions: ApolloServerPlugin<OperationContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation, contextValue }) {
      if (contextValue.taken?.onlyReads && operation?.operation === OperationTypeNode.MUTATION) {
        throw badUserInput('A mutation is sent by POST.');
      }
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION || contextValue.taken) return;
      throw badUserInput(
        'A subscription needs a connection that stays open: a WebSocket at /graphql (graphql-transport-ws), or server-sent events at /graphql/stream.',
      );
    },
    async responseForOperation({ operation, document, request, contextValue: { taken }, response }) {
      // There is none when the document has several and the request names none of them.
      const kind = (operation as typeof operation | undefined)?.operation;
      if (kind !== OperationTypeNode.SUBSCRIPTION || !taken) return null;
      taken.subscription = {
        document,
        operationName: request.operationName ?? undefined,
        variableValues: request.variables ?? {},
      };
      return { http: response.http, body: { kind: 'single', singleResult: {} } };
    },
  }),
};

/** @see Execution */
export function createExecution({ schema, introspection, timeout, report }: ExecutionOptions): Execution {
  const apollo = new ApolloServer<OperationContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: true,
    parseOptions: { maxTokens: MOST_TOKENS },
    validationRules: [cleanLiterals, idempotentOnMutations, unconditionalRoot],
    formatError: presentError,
    includeStacktraceInErrorResponses: false,
    // Signals are main.ts's.
    stopOnTerminationSignals: false,
    plugins: [
      // It wraps every resolver: a quarter of the CPU of a request.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      checkRequest,
      takeSubscriptions,
      reportFaults(report),
      statusOfRefusal,
      statusOfThrottled,
    ],
  });
  return {
    start: () => apollo.start(),
    stop: () => apollo.stop(),
    http: (httpGraphQLRequest, context) =>
      apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => context }),
    async run(request, contextValue, onlyReads = false) {
      const taken: NonNullable<OperationContext['taken']> = (contextValue.taken = { onlyReads });
      const executed = await within(timeout, apollo.executeOperation(request, { contextValue }), undefined);
      if (executed === undefined) {
        throw new DomainError('UNAVAILABLE', `The operation was not done after ${timeout} ms.`);
      }
      const { body } = executed;
      if (taken.subscription !== undefined) return { kind: 'subscription', subscription: taken.subscription };
      if (body.kind !== 'single') throw new Error('An answer in parts was not asked for.');
      return { kind: 'answer', result: body.singleResult };
    },
  };
}
