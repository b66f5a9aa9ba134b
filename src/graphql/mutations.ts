import type { GraphQLResolveInfo } from 'graphql';
import type { z } from 'zod';
import type { Viewer } from '../auth/viewer.js';
import type { Caller } from '../changes/caller.js';
import type { IdempotencyStore } from '../changes/idempotency.js';
import { type Problem, type ProblemCode, Refusal } from '../changes/refusal.js';
import { idempotencyKeyOf } from './idempotencyKey.js';

/** What a mutation needs to know of its operation. */
export interface MutationContext {
  readonly viewer: Viewer;
  /** The client's network address. */
  readonly address: string;
  readonly requestId: string;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
  readonly idempotency: IdempotencyStore;
  /** Forgets what the operation has read so far: after a change it may be another thing. */
  renewLoaders(): void;
}

/** The answer to a mutation: what it made, or what stood in the way. */
type Answer<Payload> = Payload & { readonly userErrors: readonly Problem[] };

/** The answer to one that was refused: everything else is null. */
interface Refused {
  readonly userErrors: readonly Problem[];
}

/** What zod says of a value, in the codes of the schema; `params.code` of an issue says it more precisely. */
function problemOf(issue: z.core.$ZodIssue): Problem {
  const given = issue.code === 'custom' ? (issue.params?.['code'] as ProblemCode | undefined) : undefined;
  const code = given ?? (issue.code === 'too_big' && issue.origin === 'string' ? 'TOO_LONG' : 'INVALID');
  return { code, message: issue.message, field: ['input', ...issue.path.map(String)] };
}

/**
 * The resolver of a mutation field: the door. It checks the form of the input, all of it at once, asks the service, and
 * turns what stood in the way into `userErrors`.
 *
 * @param schema the input's form; what it makes of it is the command that the service understands.
 * @param carryOut asks the service, and answers the payload without its `userErrors`.
 */
export const mutation =
  <Schema extends z.ZodType, Context extends MutationContext, Payload extends object>(
    schema: Schema,
    carryOut: (command: z.output<Schema>, caller: Caller, context: Context) => Promise<Payload>,
  ) =>
  async (
    _parent: unknown,
    { input }: { readonly input: unknown },
    context: Context,
    info: GraphQLResolveInfo,
  ): Promise<Refused | Answer<Payload>> => {
    const key = idempotencyKeyOf(info, context.idempotencyKey);
    const command = schema.safeParse(input);
    if (!command.success) return { userErrors: command.error.issues.map(problemOf) };
    const { viewer, address, requestId, idempotency } = context;
    const operation = info.fieldName;
    const caller: Caller = {
      viewer,
      operation,
      address,
      requestId,
      ...(key !== undefined && { once: { key, fingerprints: idempotency.fingerprints(operation, input) } }),
    };
    try {
      return { ...(await carryOut(command.data, caller, context)), userErrors: [] };
    } catch (error) {
      if (error instanceof Refusal) return { userErrors: error.problems };
      throw error;
    } finally {
      context.renewLoaders();
    }
  };
