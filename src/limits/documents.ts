import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import depthLimit from 'graphql-depth-limit';
import { cleanLiterals } from '../graphql/cleanText.js';
import { codeOf } from '../graphql/errors.js';
import { idempotentOnMutations } from '../graphql/idempotencyKey.js';
import { unconditionalRoot } from '../graphql/subscriptionRoot.js';
import { onlyOnce } from './onlyOnce.js';
import { type Shape, shapesOf } from './shape.js';

/**
 * Tokens of a document. The longest of test/operations has 150, GraphiQL's introspection 300. Held by the parser, so that no
 * more than these are ever read.
 */
export const MOST_TOKENS = 1_000;

/** How large a document may be before anybody asks whether it makes sense. */
const MOST: Shape = { selections: 2_000, aliases: 30, rootFields: 20, directives: 50, repetitions: 30 };

/** What the numbers count, in the order in which they are looked at. */
const WORDS: { readonly [Name in keyof Shape]: string } = {
  selections: 'selections, its fragments counted where they are spread',
  aliases: 'aliases',
  rootFields: 'fields at its root',
  directives: 'directives',
  repetitions: 'fields of the same name in one selection',
};

/** Levels of fields with selections; what introspection may nest, graphql-js says itself. */
const MOST_DEPTH = 10;

/** What a document is told at most is wrong with it. */
const MOST_ERRORS = 5;

/** Says what is wrong with a document. */
export interface DocumentGate {
  /** @returns nothing for a document that may run, as far as can be said without its variables. */
  check(document: DocumentNode): readonly GraphQLError[];
}

export interface DocumentGateOptions {
  readonly schema: GraphQLSchema;
  /** Whether clients may ask for the schema itself. */
  readonly introspection: boolean;
}

/** @param limit its name, for operators. */
const limitExceeded = (limit: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED', limit } });

function checkShape(document: DocumentNode): GraphQLError | undefined {
  const shapes = shapesOf(document);
  for (const name of Object.keys(WORDS) as (keyof Shape)[]) {
    const count = Math.max(0, ...shapes.map((shape) => shape[name]));
    if (count > MOST[name]) {
      return limitExceeded(
        name,
        `An operation may have at most ${MOST[name]} ${WORDS[name]}; this one has ${count}.`,
      );
    }
  }
  return undefined;
}

/** Of a document that is valid: the library does not survive unknown fragments, or those that spread themselves. */
function checkDepth(
  schema: GraphQLSchema,
  { definitions, ...document }: DocumentNode,
): GraphQLError | undefined {
  let depth = 0;
  // It keeps operations by their names in an object, where some names mean something else.
  const renamed = definitions.map((one, place) =>
    one.kind === Kind.OPERATION_DEFINITION
      ? { ...one, name: { kind: Kind.NAME, value: `operation${place}` } as const }
      : one,
  );
  const measure = depthLimit(MOST.selections, {}, (depths: Record<string, number>) => {
    depth = Math.max(...Object.values(depths));
  }) as ValidationRule;
  validate(schema, { ...document, definitions: renamed }, [measure]);
  if (depth <= MOST_DEPTH) return undefined;
  return limitExceeded(
    'depth',
    `An operation may be at most ${MOST_DEPTH} levels deep; this one is ${depth}.`,
  );
}

/** Validation gives its errors no code. */
const withCode = (error: GraphQLError): GraphQLError =>
  codeOf(error) === 'INTERNAL_SERVER_ERROR'
    ? new GraphQLError(error.message, {
        ...(error.nodes && { nodes: error.nodes }),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      })
    : error;

/**
 * The first of the two passes that a document takes: what can be said of it without its variables. Cheap questions first: its
 * size, then whether it is valid, then its depth. What was said of a document is kept as long as the document.
 */
export function createDocumentGate({ schema, introspection }: DocumentGateOptions): DocumentGate {
  const verdicts = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const all = [
    ...specifiedRules,
    cleanLiterals,
    idempotentOnMutations,
    unconditionalRoot,
    onlyOnce,
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];

  const judge = (document: DocumentNode): readonly GraphQLError[] => {
    const tooLarge = checkShape(document);
    if (tooLarge) return [tooLarge];
    const errors = validate(schema, document, all, { maxErrors: MOST_ERRORS, hideSuggestions: true });
    if (errors.length > 0) return errors.map(withCode);
    const tooDeep = checkDepth(schema, document);
    return tooDeep ? [tooDeep] : [];
  };

  return {
    check(document) {
      let verdict = verdicts.get(document);
      if (verdict === undefined) verdicts.set(document, (verdict = judge(document)));
      return verdict;
    },
  };
}
