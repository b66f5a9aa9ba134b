import {
  type DocumentNode,
  getDirectiveValues,
  getOperationAST,
  GraphQLError,
  type GraphQLResolveInfo,
  Kind,
  OperationTypeNode,
  type ValidationRule,
} from 'graphql';
import { badUserInput } from '../lib/errors.js';

const LONGEST_KEY = 255;

/** Validation rule: only what changes something can be made safe to repeat. */
export const idempotentOnMutations: ValidationRule = (context) => ({
  Directive(node) {
    if (node.name.value !== 'idempotent') return;
    if (context.getParentType() === context.getSchema().getMutationType()) return;
    context.reportError(
      new GraphQLError('@idempotent belongs on the fields of a mutation: nothing else changes anything.', {
        nodes: node,
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    );
  },
});

/**
 * The header speaks of the request, so the request must be one mutation field.
 *
 * @throws DomainError BAD_USER_INPUT
 */
export function checkKeyHeader(
  header: string | undefined,
  document: DocumentNode,
  operationName: string | null | undefined,
): void {
  const operation = getOperationAST(document, operationName);
  if (header === undefined || operation?.operation !== OperationTypeNode.MUTATION) return;
  const { selections } = operation.selectionSet;
  if (selections.length !== 1 || selections[0]?.kind !== Kind.FIELD) {
    throw badUserInput(
      'The header Idempotency-Key is for documents with one mutation field, written without a fragment. Give each field a key of its own: @idempotent(key: "...").',
    );
  }
}

/**
 * The key under which a mutation field is to be carried out once: from its directive, or from the header.
 *
 * @throws DomainError BAD_USER_INPUT for a key that is empty or too long, and for two different ones.
 */
export function idempotencyKeyOf(info: GraphQLResolveInfo, header: string | undefined): string | undefined {
  const directive = info.schema.getDirective('idempotent');
  const given = info.fieldNodes.flatMap((node) => {
    const values = directive ? getDirectiveValues(directive, node, info.variableValues) : undefined;
    return values === undefined ? [] : [String(values['key'])];
  });
  const [key, another] = new Set([...given, ...(header === undefined ? [] : [header])]);
  if (another !== undefined) {
    throw badUserInput('One mutation field is given two different idempotency keys.');
  }
  if (key !== undefined && (key === '' || key.length > LONGEST_KEY)) {
    throw badUserInput(`An idempotency key has 1 to ${LONGEST_KEY} characters, not ${key.length}.`);
  }
  return key;
}
