import {
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type Count, createCount } from './cost/actual.js';
import { estimate } from './cost/estimate.js';
import { type MergedField, type MergedOperation, mergeOperation } from './cost/merged.js';
import { createTariff, type Relevance, type Tariff } from './cost/tariff.js';

/** An operation of which is asked what it costs. */
export interface CostedOperation {
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  /** As sent. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What one operation costs, in points. */
export interface Price {
  /** The estimate, where it need not be worked out any more; undefined where it must. */
  readonly remembered: number | undefined;
  /** Points, at most, that it takes. */
  estimate(): number;
  /**
   * Points that it took, by what it answered: the data of an operation, or of one event. Never more than the estimate, and all
   * of it without data. An answer with errors hides what was read for it: it is not for this function.
   */
  actual(data: unknown): number;
}

/** What operations cost: docs/adr/014-cost.md says how much a point is. */
export interface Costs {
  /** Of an operation whose document was validated. @throws GraphQLError for variables that do not fit. */
  of(operation: CostedOperation): Price;
  /** Bytes, about, of what is kept as long as a document: it grows with what is asked of it. */
  bytesFor(document: DocumentNode): number;
}

/** How many outcomes of one document are kept: for its operations and their conditions, and for each of them by the sizes asked for. */
const MOST_DECIDED = 32;
const MOST_SIZES = 50;

/** Values that take more room are not kept: somebody's whole text, where inputs have weights. */
const LONGEST_KEY = 200;

/** Bytes, measured. */
const BYTES = { document: 500, decided: 1_000, field: 200, price: 300 };

type Values = Readonly<Record<string, unknown>>;

/** What is kept of an operation with its conditions decided. */
interface Decided {
  /** The variables that the sizes of its lists, and weights, depend on. */
  readonly variables: ReadonlyMap<string, Relevance>;
  /** Fields that it has, those of fragments wherever they are spread. */
  readonly fields: number;
  /** Points, by the values of these variables. */
  readonly prices: Map<string, number>;
  /** Where no value has a weight, all sizes are counted alike, and one function serves them all. */
  count?: Count;
}

/** What is kept of a document. */
interface Known {
  /** The variables that `@skip` and `@include` depend on. */
  readonly conditions: readonly string[];
  /** By the name of the operation, and the values of these variables. */
  readonly decided: Map<string, Decided>;
}

const NO_VALUES: Values = {};
const NO_VARIABLES: Decided['variables'] = new Map();

/** What is asked of a document. */
interface Asked {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly sent: Values;
  readonly values: Values;
  readonly known: Known;
  /** Names what is kept of it. */
  readonly key: string;
}

/** Parts of a point, above which it counts: sums of tenths are not quite what they should be. */
const LEAST = 0.000_001;

/** Whole points. */
const whole = (points: number): number => Math.ceil(points - LEAST);

/** Tells values apart, and one that is absent from null. */
const keyOf = (names: readonly string[], values: Values): string =>
  names.length === 0 ? '' : JSON.stringify(names.map((name) => (name in values ? [values[name]] : [])));

/** The same for variables of which some are lists that only their length matters of. */
const keyOfSizes = (variables: ReadonlyMap<string, Relevance>, values: Values): string => {
  if (variables.size === 0) return '';
  const parts: unknown[] = [];
  for (const [name, relevance] of variables) {
    const value = values[name];
    const isLength = relevance === 'size' && Array.isArray(value);
    parts.push(name in values ? [isLength ? value.length : value] : []);
  }
  return JSON.stringify(parts);
};

/** The variables of a document that decide what is left out. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      if (node.name.value !== 'skip' && node.name.value !== 'include') return;
      visit(node, { Variable: ({ name }) => void names.add(name.value) });
    },
  });
  return [...names].toSorted();
}

/** The variables that change what fields cost. */
function sizesOf(
  tariff: Tariff,
  fields: readonly MergedField[],
  variables = new Map<string, Relevance>(),
): Map<string, Relevance> {
  for (const { field, node, below } of fields) {
    for (const given of node.arguments ?? []) {
      const argument = field.args.find(({ name }) => name === given.name.value);
      const relevance = argument && tariff.relevanceOf(field, argument);
      if (!relevance) continue;
      visit(given, {
        // A list that is written down is as long as it is, whatever its members are.
        ListValue: () => (relevance === 'size' ? false : undefined),
        Variable({ name: { value: name } }) {
          if (variables.get(name) !== 'value') variables.set(name, relevance);
        },
      });
    }
    for (const selection of below.values()) sizesOf(tariff, selection, variables);
  }
  return variables;
}

const bytesOf = ({ fields, prices }: Decided): number =>
  BYTES.decided + fields * BYTES.field + prices.size * BYTES.price;

/** Keeps at most so many: the oldest one goes. */
function remember<Value>(known: Map<string, Value>, most: number, key: string, value: Value): void {
  known.set(key, value);
  const [oldest] = known.keys();
  if (known.size > most && oldest !== undefined) known.delete(oldest);
}

/** Knows the costs of a schema with the directives `@cost` and `@listSize`. What it finds out is kept as long as the document. */
export function createCosts(schema: GraphQLSchema): Costs {
  const tariff = createTariff(schema);
  const documents = new WeakMap<DocumentNode, Known>();

  const knownOf = (document: DocumentNode): Known => {
    let known = documents.get(document);
    if (!known) documents.set(document, (known = { conditions: conditionsOf(document), decided: new Map() }));
    return known;
  };

  const coerce = ({ variableDefinitions = [] }: OperationDefinitionNode, sent: Values): Values => {
    if (variableDefinitions.length === 0) return NO_VALUES;
    const { coerced, errors } = getVariableValues(
      schema,
      variableDefinitions,
      { ...sent },
      // Each error prints what was sent: as many as somebody likes would take as long as they like.
      { maxErrors: 1 },
    );
    if (coerced) return coerced;
    const [{ message, nodes } = new GraphQLError('The variables do not fit.')] = errors;
    throw new GraphQLError(message, { ...(nodes && { nodes }), extensions: { code: 'BAD_USER_INPUT' } });
  };

  /** What is asked of a document, as far as it matters what it costs. */
  const askedOf = ({ document, operationName, variables }: CostedOperation): Asked => {
    const operation = getOperationAST(document, operationName);
    if (!operation)
      throw new GraphQLError('Say by `operationName` which operation of the document is meant.', {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    const known = knownOf(document);
    const values = coerce(operation, variables);
    const key = `${operation.name?.value ?? ''} ${keyOf(known.conditions, values)}`;
    return { document, operation, sent: variables, values, known, key };
  };

  const decidedOf = ({ known, key }: Asked): Decided | undefined => known.decided.get(key);

  const workOut = ({ document, operation, sent, values }: Asked) => {
    const merged = mergeOperation(schema, { document, operation, variableValues: values });
    return { merged, estimated: estimate(schema, tariff, merged, { sent, coerced: values }) };
  };

  const remembered = (asked: Asked): number | undefined => {
    const decided = decidedOf(asked);
    return decided?.prices.get(keyOfSizes(decided.variables, asked.values));
  };

  const decide = (asked: Asked, { fields, above }: MergedOperation): Decided => {
    const variables = sizesOf(tariff, fields);
    const decided: Decided = {
      variables: variables.size === 0 ? NO_VARIABLES : variables,
      fields: fields.length + above.size,
      prices: new Map(),
    };
    remember(asked.known.decided, MOST_DECIDED, asked.key, decided);
    return decided;
  };

  const calculate = (asked: Asked): number => {
    const { merged, estimated } = workOut(asked);
    const points = whole(estimated.points);
    const { variables, prices } = decidedOf(asked) ?? decide(asked, merged);
    const sizes = keyOfSizes(variables, asked.values);
    if (sizes.length <= LONGEST_KEY) remember(prices, MOST_SIZES, sizes, points);
    return points;
  };

  /** Made when the first answer is counted: who is refused has none. What it is made from takes more room, and is not kept. */
  const countOf = (asked: Asked): Count => {
    const decided = decidedOf(asked);
    if (decided?.count) return decided.count;
    const { merged, estimated } = workOut(asked);
    const count = createCount(tariff, merged, estimated);
    const isCommon = decided && ![...decided.variables.values()].includes('value');
    if (isCommon) decided.count = count;
    return count;
  };

  return {
    of(operation) {
      const asked = askedOf(operation);
      // Somebody else may have worked it out since it was asked.
      let own: number | undefined;
      const points = (): number => (own ??= remembered(asked) ?? calculate(asked));
      return {
        remembered: remembered(asked),
        estimate: points,
        actual: (data) => (data == null ? points() : Math.min(points(), whole(countOf(asked)(data)))),
      };
    },
    bytesFor(document) {
      const known = documents.get(document);
      if (!known) return 0;
      return [...known.decided.values()].reduce((sum, decided) => sum + bytesOf(decided), BYTES.document);
    },
  };
}
