import {
  type ASTNode,
  type DocumentNode,
  execute,
  type ExecutionResult,
  getNamedType,
  GraphQLError,
  type GraphQLSchema,
  isAbstractType,
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

/** Selections of a document that is compiled, those of fragments wherever they are spread: each takes 0.1 ms, measured. */
const MOST_SELECTIONS = 150;

/** Bytes of all compiled documents of an instance, and of one; measured: of a selection, and of a character with what was parsed of it. */
const MOST_BYTES = 40_000_000;
const MOST_BYTES_OF_ONE = 2_000_000;
const BYTES = { selection: 8_000, character: 200 };

/** A valid document, to be executed. */
export interface Execution {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** As sent, and found to fit by graphql-js: graphql-jit does not look whether a `@oneOf` input has one member. */
  readonly variableValues: Readonly<Record<string, unknown>>;
  readonly contextValue: unknown;
}

/** A document that is asked for often. */
interface Compiled {
  readonly query: CompiledQuery['query'];
  readonly operationName: string | undefined;
  readonly bytes: number;
}

/** How often a document was executed that is not compiled, and from which time on it is compiled; Infinity: never. */
interface Uses {
  readonly times: number;
  readonly from: number;
}

/** Executes operations. */
export type Executor = (execution: Execution) => Promise<ExecutionResult> | ExecutionResult;

/** How many selections an operation has, counted up to just above what is compiled: fragments in fragments may make it many. */
function selectionsOf({ definitions }: DocumentNode, { selectionSet }: OperationDefinitionNode): number {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
  let selections = 0;
  const count = (selected: SelectionSetNode | undefined): void => {
    for (const selection of selected?.selections ?? []) {
      selections += 1;
      if (selections > MOST_SELECTIONS) return;
      count(
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments.get(selection.name.value)
          : selection.selectionSet,
      );
    }
  };
  count(selectionSet);
  return selections;
}

/** The only operation of a document. */
function onlyOperation({ definitions }: DocumentNode): OperationDefinitionNode | undefined {
  const [operation, another] = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return another === undefined && operation?.kind === Kind.OPERATION_DEFINITION ? operation : undefined;
}

/** All that a document may be made of to be compiled. */
const COMPILABLE: ReadonlySet<string> = new Set([
  Kind.DOCUMENT,
  Kind.OPERATION_DEFINITION,
  Kind.VARIABLE_DEFINITION,
  Kind.VARIABLE,
  Kind.NAMED_TYPE,
  Kind.LIST_TYPE,
  Kind.NON_NULL_TYPE,
  Kind.SELECTION_SET,
  Kind.FIELD,
  Kind.ARGUMENT,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_SPREAD,
  Kind.FRAGMENT_DEFINITION,
  Kind.NAME,
  Kind.INT,
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.NULL,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/** Characters of a name: each is written into the code for whatever stands below it, several times. */
const LONGEST_NAME = 64;

/** Variables that always have a value. */
const surelyGiven = ({ variableDefinitions = [] }: OperationDefinitionNode): ReadonlySet<string> =>
  new Set(
    variableDefinitions
      .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
      .map(({ variable }) => variable.name.value),
  );

/**
 * Whether the compiler may have a document, and does with it what graphql-js does. What clients write goes into the code that it
 * makes, so only names and whole numbers do, never text: some texts it takes for code. Of what it gets wrong nothing may be there:
 * conditions on fragments; abstract types, as it does not catch what they throw; variables within a literal that may have no value;
 * aliases that look like a path to it; and `__proto__`, as its answers are object literals.
 */
function isPlain(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const types = new TypeInfo(schema);
  const given = surelyGiven(operation);
  const isOddName = (name: string): boolean => name.length > LONGEST_NAME || name === '__proto__';
  const isWithin = (ancestors: readonly (ASTNode | readonly ASTNode[])[]): boolean =>
    ancestors.some((one) => 'kind' in one && (one.kind === Kind.LIST || one.kind === Kind.OBJECT));
  let plain = true;
  visit(
    document,
    visitWithTypeInfo(types, {
      enter(node, _key, _parent, _path, ancestors) {
        const isOdd =
          !COMPILABLE.has(node.kind) ||
          (node.kind === Kind.NAME && isOddName(node.value)) ||
          (node.kind === Kind.FIELD && node.alias?.value.includes('_') === true) ||
          (node.kind === Kind.VARIABLE && !given.has(node.name.value) && isWithin(ancestors));
        if (isOdd || isAbstractType(getNamedType(types.getType()))) plain = false;
      },
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
 * Executes by graphql-js; documents that are asked for often, compiled by graphql-jit. The answers are the same; where several
 * fields fail, the order of errors may differ, and not all that are lost with their parent are told of.
 *
 * @param compiledFrom how often a document is executed before it is compiled.
 */
export function createExecutor(schema: GraphQLSchema, compiledFrom = COMPILED_FROM): Executor {
  const uses = new WeakMap<DocumentNode, Uses>();
  const compiled = new LRUCache<DocumentNode, Compiled>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });

  const compile = (document: DocumentNode): Compiled | undefined => {
    const operation = onlyOperation(document);
    if (operation?.operation !== OperationTypeNode.QUERY) return undefined;
    const selections = selectionsOf(document, operation);
    const characters = document.loc?.source.body.length ?? 0;
    const bytes = selections * BYTES.selection + characters * BYTES.character;
    if (selections > MOST_SELECTIONS || bytes > MOST_BYTES_OF_ONE) return undefined;
    if (!isPlain(schema, document, operation)) return undefined;
    const made = compileQuery(schema, document, undefined, { disablingCapturingStackErrors: true });
    return isCompiledQuery(made)
      ? { query: made.query, operationName: operation.name?.value, bytes }
      : undefined;
  };

  const compiledOf = (document: DocumentNode): Compiled | undefined => {
    const known = compiled.get(document);
    if (known !== undefined) return known;
    const { times, from } = uses.get(document) ?? { times: 0, from: compiledFrom };
    uses.set(document, { times: times + 1, from });
    if (times + 1 < from) return undefined;
    const made = compile(document);
    // Who is asked for, forgotten and asked for again has to be asked for more often each time.
    uses.set(document, { times: 0, from: made === undefined ? Infinity : 2 * from });
    if (made !== undefined) compiled.set(document, made);
    return made;
  };

  const interpret = ({ document, operationName, variableValues, contextValue }: Execution) =>
    execute({ schema, document, operationName: operationName ?? null, variableValues, contextValue });

  return (execution) => {
    const made = compiledOf(execution.document);
    // An operation that is not there is graphql-js's to miss.
    if (made === undefined || (execution.operationName ?? made.operationName) !== made.operationName)
      return interpret(execution);
    const result = made.query(undefined, execution.contextValue, execution.variableValues);
    if (result instanceof Promise) return result.then(withErrors);
    // Variables that do not fit: graphql-js says it better. Nothing was executed.
    return 'data' in result ? withErrors(result) : interpret(execution);
  };
}
