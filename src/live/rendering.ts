import { execute, type ExecutionResult, type GraphQLError, type GraphQLSchema } from 'graphql';
import pLimit from 'p-limit';
import type { Viewer } from '../auth/viewer.js';
import { isDatabaseAway, isFault, isTimeout, presentError } from '../graphql/errors.js';
import type { Subscription } from './subscription.js';

/** One answer to many subscriptions. Frozen, as all of them share it. */
export interface Answer {
  /** The execution result as JSON. */
  readonly json: string;
  /** The cursor of the event that it tells of; null for values, which have no place in a topic. */
  readonly cursor: string | null;
}

/** The answer cannot be made at the moment: the database is away. It is to be tried again, not to be skipped. */
export class NotNow extends Error {}

/** A statement for the answer took too long: because of what else the database has to do, or of what is asked for. */
export class TooSlow extends NotNow {}

/**
 * Executes a subscription for a viewer, with something new at its root.
 *
 * @param field the field of `Subscription`.
 * @param read what stands there, read in the context of the execution. What it throws is thrown on.
 * @param isMissed whether it tells those who come back of what they missed: that leaves room for what happens now.
 * @throws NotNow
 */
export type Render = (
  subscription: Subscription,
  field: string,
  read: (context: object) => object | Promise<object>,
  viewer: Viewer,
  isMissed?: boolean,
) => Promise<Answer>;

export interface RenderingOptions {
  readonly schema: GraphQLSchema;
  /** The context of one execution, with loaders of its own: nothing that was read for an earlier event is known any more. */
  readonly contextOf: (viewer: Viewer) => object;
  /** Hears of faults behind what a client sees masked. */
  readonly report: (error: GraphQLError) => void;
  /** Called for each execution. */
  readonly count: () => void;
  /** Executions at a time: the rest of the database's connections is for whoever asks. */
  readonly atOnce: number;
}

/** An execution result as it goes out: errors as over every other way. */
function present({ data, errors }: ExecutionResult): object {
  return {
    ...(errors && { errors: errors.map((error) => presentError(error.toJSON(), error)) }),
    ...(data !== undefined && { data }),
  };
}

/** What a failure to read means: to try again later, or what it says itself. */
function meaningOf(error: unknown): unknown {
  if (isTimeout(error)) return new TooSlow('A statement took too long.', { cause: error });
  return isDatabaseAway(error) ? new NotNow('The database is away.', { cause: error }) : error;
}

/** @see Render */
export function createRendering({ schema, contextOf, report, count, atOnce }: RenderingOptions): Render {
  const render = async (
    { document, operationName, variableValues }: Subscription,
    field: string,
    read: Parameters<Render>[2],
    viewer: Viewer,
  ): Promise<Answer> => {
    count();
    const contextValue = contextOf(viewer);
    const value = await Promise.resolve(read(contextValue)).catch((error: unknown) => {
      throw meaningOf(error);
    });
    const result = await execute({
      schema,
      document,
      ...(operationName !== undefined && { operationName }),
      variableValues,
      contextValue,
      rootValue: { [field]: value },
    });
    for (const error of result.errors ?? []) {
      const meaning = meaningOf(error);
      if (meaning !== error) throw meaning;
      if (isFault(error)) report(error);
    }
    const cursor = 'cursor' in value ? String(value.cursor) : null;
    return Object.freeze({ json: JSON.stringify(present(result)), cursor });
  };
  const limit = pLimit(atOnce);
  const limitMissed = pLimit(Math.max(1, Math.floor(atOnce / 2)));
  return (subscription, field, read, viewer, isMissed = false) => {
    const work = (): Promise<Answer> => limit(render, subscription, field, read, viewer);
    return isMissed ? limitMissed(work) : work();
  };
}
