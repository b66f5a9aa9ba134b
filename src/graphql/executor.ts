import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getNamedType,
  GraphQLError,
  type GraphQLSchema,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';

/** How often a document is executed before it is compiled: compiling takes as long as executing it some ten times. */
const COMPILED_FROM = 10;

/**
 * Fields of one compiled document, and of all of an instance, those of fragments wherever they are spread: each takes 8 KB and
 * 0.1 ms, measured.
 */
const MOST_FIELDS_OF_ONE = 150;
const MOST_FIELDS = 5_000;

/** A valid document, to be executed. */
export interface Execution {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variableValues: Readonly<Record<string, unknown>>;
  readonly contextValue: unknown;
}

/** What became of a document that is asked for often. */
interface Compiled {
  /** Undefined: it is left to graphql-js. */
  readonly query: CompiledQuery['query'] | undefined;
  readonly operationName: string | undefined;
  readonly fields: number;
}

const NOT_COMPILED: Compiled = { query: undefined, operationName: undefined, fields: 1 };

/** Executes operations. */
export type Executor = (execution: Execution) => Promise<ExecutionResult> | ExecutionResult;

/** How many fields an operation selects, counted up to just above what is compiled: fragments in fragments may make it many. */
function fieldsOf({ definitions }: DocumentNode, { selectionSet }: OperationDefinitionNode): number {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
  let fields = 0;
  const count = (selected: SelectionSetNode | undefined): void => {
    for (const selection of selected?.selections ?? []) {
      fields += 1;
      if (fields > MOST_FIELDS_OF_ONE) return;
      count(
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments.get(selection.name.value)
          : selection.selectionSet,
      );
    }
  };
  count(selectionSet);
  return fields;
}

/** The only operation of a document. */
function onlyOperation({ definitions }: DocumentNode): OperationDefinitionNode | undefined {
  const [operation, another] = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return another === undefined && operation?.kind === Kind.OPERATION_DEFINITION ? operation : undefined;
}

/**
 * Whether the compiler does with a document what graphql-js does. It writes literals into its code as JSON, where a moment is
 * text; and answers in object literals, whose `__proto__` is no field.
 */
function isPlain(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let plain = true;
  const checkLiteral = (): void => {
    const type = getNamedType(types.getInputType());
    if (isScalarType(type) && !isSpecifiedScalarType(type)) plain = false;
  };
  visit(
    document,
    visitWithTypeInfo(types, {
      Name: ({ value }) => {
        if (value === '__proto__') plain = false;
      },
      StringValue: checkLiteral,
      IntValue: checkLiteral,
      FloatValue: checkLiteral,
      BooleanValue: checkLiteral,
    }),
  );
  return plain;
}

/** The errors of graphql-jit lack what those of graphql-js always have. */
const withErrors = ({ data, errors }: ExecutionResult): ExecutionResult =>
  errors === undefined
    ? { data: data ?? null }
    : {
        errors: errors.map(({ message, path, locations, originalError }) =>
          Object.assign(new GraphQLError(message, { path, originalError }), { locations }),
        ),
        data: data ?? null,
      };

/**
 * Executes by graphql-js; documents that are asked for often, compiled by graphql-jit. The answers are the same.
 *
 * @param compiledFrom how often a document is executed before it is compiled.
 */
export function createExecutor(schema: GraphQLSchema, compiledFrom = COMPILED_FROM): Executor {
  const uses = new WeakMap<DocumentNode, number>();
  const compiled = new LRUCache<DocumentNode, Compiled>({
    maxSize: MOST_FIELDS,
    sizeCalculation: ({ fields }) => fields,
  });

  const compile = (document: DocumentNode): Compiled => {
    const operation = onlyOperation(document);
    if (operation?.operation !== OperationTypeNode.QUERY) return NOT_COMPILED;
    const fields = fieldsOf(document, operation);
    if (fields > MOST_FIELDS_OF_ONE || !isPlain(schema, document)) return NOT_COMPILED;
    const made = compileQuery(schema, document, undefined, { disablingCapturingStackErrors: true });
    return isCompiledQuery(made)
      ? { query: made.query, operationName: operation.name?.value, fields }
      : NOT_COMPILED;
  };

  const compiledOf = (document: DocumentNode): Compiled => {
    const known = compiled.get(document);
    if (known !== undefined) return known;
    const times = (uses.get(document) ?? 0) + 1;
    uses.set(document, times);
    if (times < compiledFrom) return NOT_COMPILED;
    const made = compile(document);
    compiled.set(document, made);
    uses.delete(document);
    return made;
  };

  const interpret = ({ document, operationName, variableValues, contextValue }: Execution) =>
    execute({ schema, document, operationName: operationName ?? null, variableValues, contextValue });

  return (execution) => {
    const { query, operationName } = compiledOf(execution.document);
    // An operation that is not there is graphql-js's to miss.
    if (query === undefined || (execution.operationName ?? operationName) !== operationName)
      return interpret(execution);
    const result = query(undefined, execution.contextValue, execution.variableValues);
    if (result instanceof Promise) return result.then(withErrors);
    // Variables that do not fit: graphql-js says it better. Nothing was executed.
    return 'data' in result ? withErrors(result) : interpret(execution);
  };
}
