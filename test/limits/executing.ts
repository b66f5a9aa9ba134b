import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { ANONYMOUS } from '../../src/auth/viewer.js';
import { createDocumentGate } from '../../src/limits/documents.js';
import { createPersistedDocuments } from '../../src/limits/persistedDocuments.js';
import { createThrottle, type Payer, type Throttle } from '../../src/limits/throttle.js';
import { createSchema } from '../../src/schema.js';
import { createExecution, type Outcome } from '../../src/server/execution.js';
import type { OperationContext } from '../../src/server/operationContext.js';
import { ALICE, TIERS } from './tiers.js';

/** An execution without a database: for operations that ask for nothing but the schema, and for those that are refused. */
export interface Executing {
  readonly throttle: Throttle;
  run(request: GraphQLRequest, payer?: Payer): Promise<Outcome>;
  /** The answer to a document. */
  ask(query: string, variables?: Record<string, unknown>): Promise<FormattedExecutionResult>;
  stop(): Promise<void>;
}

/** The same as in src/app.ts. */
export async function startExecuting(
  options: {
    readonly tiers?: typeof TIERS;
    readonly plugins?: readonly ApolloServerPlugin<OperationContext>[];
  } = {},
): Promise<Executing> {
  const fail = (error: unknown): void => {
    throw error;
  };
  const schema = createSchema();
  const throttle = createThrottle({
    redis: undefined,
    secret: 'unused without Redis',
    tiers: options.tiers ?? TIERS,
    report: fail,
  });
  const execution = createExecution({
    schema,
    gate: createDocumentGate({ schema, introspection: true }),
    mostCost: 1_000,
    timeout: 15_000,
    throttle,
    persisted: await createPersistedDocuments({ redis: undefined }),
    report: fail,
    plugins: options.plugins ?? [],
  });
  await execution.start();
  const run = (request: GraphQLRequest, payer: Payer = ALICE): Promise<Outcome> =>
    execution.run(request, {
      requestId: 'of a test',
      viewer: ANONYMOUS,
      effort: { statements: 0, posts: new Set() },
      asked: { fields: undefined },
      idempotencyKey: undefined,
      payer,
    });
  return {
    throttle,
    run,
    async ask(query, variables = {}) {
      const outcome = await run({ query, variables });
      if (outcome.kind === 'subscription') throw new Error('It was subscribed to.');
      return outcome.result;
    },
    stop: () => execution.stop(),
  };
}
