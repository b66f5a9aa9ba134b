import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
  isListType,
} from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { isListing } from './introspection.js';
import type { MergedOperation } from './merged.js';
import type { ArgumentValues, Field, ListSize, Tariff } from './tariff.js';

/** How long a list is taken to be of which the schema does not say it. A test sees to it that there is none. */
const UNSIZED = 100;

/** What an operation takes at most, and what each of its fields takes each time that it is asked for. */
export interface Estimate {
  readonly points: number;
  readonly ownPoints: ReadonlyMap<FieldNode, number>;
}

/** As a client may send them, and as they were coerced. */
export interface Variables {
  readonly sent: Readonly<Record<string, unknown>>;
  readonly coerced: ArgumentValues;
}

/** So many are asked for by a number, or by naming each of them. */
const countIn = (value: unknown): number => (Array.isArray(value) ? value.length : Number(value));

function sliced(
  field: Field,
  { assumedSize, slicingArguments, requireOneSlicingArgument }: ListSize,
  values: ArgumentValues,
): number {
  const slicing = slicingArguments ?? [];
  const given = slicing.filter((name) => values[name] != null);
  if (requireOneSlicingArgument && slicing.length > 0 && given.length !== 1) {
    throw new GraphQLError(`${field.name} takes exactly one of the arguments ${slicing.join(', ')}.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  if (given.length === 0) return assumedSize ?? UNSIZED;
  return Math.max(0, ...given.map((name) => countIn(values[name])));
}

/**
 * What an operation takes at most: each field its own points each time that it is asked for, and for each object that it may
 * answer the points of its type and of what is asked of it.
 *
 * @throws GraphQLError for variables that do not fit.
 */
export function estimate(
  schema: GraphQLSchema,
  tariff: Tariff,
  { document, type: root, above }: MergedOperation,
  { sent, coerced }: Variables,
): Estimate {
  const ownPoints = new Map<FieldNode, number>();

  /** The fields that a node stands below, the lowest one first. */
  const namesAbove = (node: FieldNode): string[] => {
    const parent = above.get(node);
    return parent ? [parent.field.name, ...namesAbove(parent.node)] : [];
  };

  /** A list is sized by the field above when that names it, as a connection does its edges; otherwise by its own. */
  const sizeOf = (type: GraphQLNamedType, field: Field, node: FieldNode, values: ArgumentValues): number => {
    if (!isListType(getNullableType(field.type))) return 1;
    const parent = above.get(node);
    const sizing = parent && tariff.listSizeOf(parent.field);
    if (parent && sizing?.sizedFields?.includes(field.name)) {
      return sliced(parent.field, sizing, getArgumentValues(parent.field, parent.node, coerced));
    }
    const own = tariff.listSizeOf(field);
    if (own) return sliced(field, own, values);
    const introspected = tariff.introspected(type, field);
    if (!introspected) return UNSIZED;
    return isListing(namesAbove(node)) ? introspected.average : introspected.longest;
  };

  const byDirectives: ComplexityEstimator = ({ type, field, node, args, childComplexity }) => {
    const own = tariff.ofField(field, args);
    ownPoints.set(node, own);
    return (
      own + sizeOf(type, field, node, args) * (tariff.ofType(getNamedType(field.type)) + childComplexity)
    );
  };

  const below = getComplexity({
    schema,
    query: document,
    variables: { ...sent },
    estimators: [byDirectives],
    // How large a document may be was said before (documents.ts).
    maxQueryNodes: Number.POSITIVE_INFINITY,
  });
  return { points: tariff.ofType(root) + below, ownPoints };
}
