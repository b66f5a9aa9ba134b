import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLSchema } from 'graphql';
import { checkVariables, cleanLiterals } from '../graphql/cleanText.js';
import { isFault, presentError } from '../graphql/errors.js';

/** What the execution needs to know of an operation's context. */
export interface OperationContext {
  readonly requestId: string;
}

/** Tells the operator what went wrong in which request. */
export type ReportFault = (fault: unknown, requestId: string) => void;

export interface ExecutionOptions {
  readonly schema: GraphQLSchema;
  /** Whether clients may ask for the schema itself. */
  readonly introspection: boolean;
  readonly report: ReportFault;
}

/** The operator hears of what the client sees only masked. */
const reportFaults = (report: ReportFault): ApolloServerPlugin<OperationContext> => ({
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue: { requestId } }) => {
      for (const error of errors) if (isFault(error)) report(unwrapResolverError(error), requestId);
    },
  }),
});

const checkText: ApolloServerPlugin<OperationContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ request }) => checkVariables(request.variables ?? {}),
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
    validationRules: [cleanLiterals],
    formatError: presentError,
    includeStacktraceInErrorResponses: false,
    // Signals are main.ts's.
    stopOnTerminationSignals: false,
    plugins: [
      // It wraps every resolver: a quarter of the CPU of a request.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      checkText,
      reportFaults(report),
    ],
  });
}
