import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type GraphQLRequest,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { createAskedFields } from '../graphql/asked.js';
import { faultBehind, presentError } from '../graphql/errors.js';
import { createExecutor } from '../graphql/executor.js';
import { DomainError } from '../lib/errors.js';
import { within } from '../lib/time.js';
import { createCosts } from '../limits/cost.js';
import { type DocumentGate, MOST_TOKENS } from '../limits/documents.js';
import { createDocumentStore } from '../limits/documentStore.js';
import type { PersistedDocuments } from '../limits/persistedDocuments.js';
import type { Throttle } from '../limits/throttle.js';
import type { Subscription } from '../live/subscription.js';
import { type AdmissionOptions, createAdmissions } from './admission.js';
import { type ReportFault, reportFaults, setStatus } from './failures.js';
import type { OperationContext } from './operationContext.js';
import { tellOfOperation } from './telling.js';

export interface ExecutionOptions {
  readonly schema: GraphQLSchema;
  readonly gate: DocumentGate;
  /** Points that one operation may cost. */
  readonly mostCost: number;
  /** Milliseconds until an operation of a connection that stays open is answered with UNAVAILABLE. */
  readonly timeout: number;
  readonly throttle: Throttle;
  readonly persisted: PersistedDocuments;
  readonly report: ReportFault;
  /** What else watches operations, for operators. */
  readonly plugins?: readonly ApolloServerPlugin<OperationContext>[];
}

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

/** What executes for Apollo, which knows an executor of one's own as a gateway. */
export function gatewayTo(
  schema: GraphQLSchema,
): NonNullable<ApolloServerOptions<OperationContext>['gateway']> {
  const execute = createExecutor(schema);
  const askedFields = createAskedFields(schema);
  return {
    onSchemaLoadOrUpdate(hear) {
      hear({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: async () => ({
      executor: async ({ document, request, context }) => {
        (context as OperationContext).asked.fields = askedFields(document);
        return execute({
          document,
          operationName: request.operationName,
          variableValues: request.variables ?? {},
          contextValue: context,
        });
      },
    }),
    stop: async () => undefined,
  };
}

/** All that is done around the execution of an operation. One plugin: Apollo makes promises for each, at each step. */
function around(options: AdmissionOptions, report: ReportFault): ApolloServerPlugin<OperationContext> {
  const admissionOf = createAdmissions(options);
  return {
    unexpectedErrorProcessingRequest: async ({ error, requestContext }) =>
      report(faultBehind(error), requestContext.contextValue.requestId),
    async requestDidStart({ contextValue: { payer } }) {
      const began = performance.now();
      const admission = admissionOf(payer);
      return {
        parsingDidStart: admission.parse,
        didResolveOperation: admission.enter,
        responseForOperation: async (request) => admission.answer(request),
        didEncounterErrors: async (request) => reportFaults(report, request),
        async willSendResponse(request) {
          try {
            admission.settle(request);
            setStatus(request);
          } finally {
            tellOfOperation(request, began);
          }
        },
      };
    },
  };
}

/** @see Execution */
export function createExecution(options: ExecutionOptions): Execution {
  const { schema, gate, mostCost, timeout, throttle, persisted, report } = options;
  const documents = createDocumentStore();
  const apollo = new ApolloServer<OperationContext>({
    gateway: gatewayTo(schema),
    documentStore: documents,
    hideSchemaDetailsFromClientErrors: true,
    parseOptions: { maxTokens: MOST_TOKENS },
    // The gate validates: after cheaper questions, and before dearer ones.
    dangerouslyDisableValidation: true,
    persistedQueries: { cache: persisted.cache, ttl: persisted.ttl },
    formatError: presentError,
    includeStacktraceInErrorResponses: false,
    // Signals are main.ts's.
    stopOnTerminationSignals: false,
    plugins: [
      // It wraps every resolver: a quarter of the CPU of a request.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      around({ gate, documents, costs: createCosts(schema), mostCost, throttle, persisted }, report),
      ...(options.plugins ?? []),
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
