import {
  getDirectiveValues,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInputObjectType,
  isIntrospectionType,
  isListType,
  isLeafType,
  getNullableType,
} from 'graphql';
import { type IntrospectedSize, introspectedSizes } from './introspection.js';

export type Field = GraphQLField<unknown, unknown>;

/** The values of the arguments of a field, coerced. */
export type ArgumentValues = Readonly<Record<string, unknown>>;

/** `@listSize` of a field. */
export interface ListSize {
  readonly assumedSize?: number | null;
  readonly slicingArguments?: readonly string[] | null;
  readonly sizedFields?: readonly string[] | null;
  readonly requireOneSlicingArgument: boolean;
}

/** What the schema says about what things cost. */
export interface Tariff {
  /** Points for each object of a type, or each value of a scalar or an enum. */
  ofType(type: GraphQLNamedType): number;
  /** Points for each time that a field is asked for, whatever it answers. */
  ofField(field: Field, values: ArgumentValues): number;
  listSizeOf(field: Field): ListSize | undefined;
  /** How long a list is that tells of the schema itself. */
  introspected(type: GraphQLNamedType, field: Field): IntrospectedSize | undefined;
  /** What of the value of an argument changes what its field costs; undefined: nothing does. */
  relevanceOf(field: Field, argument: GraphQLArgument): Relevance | undefined;
}

/** The whole value, or only how many are asked for: of a list its length. */
export type Relevance = 'value' | 'size';

type Weighed = GraphQLNamedType | Field | GraphQLArgument | GraphQLInputField;

/** Points for each object that tells of the schema itself: nothing is read for it, it is as small as a tag. */
const INTROSPECTED = 0.1;

/** @throws Error when the schema does not have the directives. */
export function createTariff(schema: GraphQLSchema): Tariff {
  const directive = (name: string) => {
    const found = schema.getDirective(name);
    if (!found) throw new Error(`The schema has no directive @${name}.`);
    return found;
  };
  const [cost, listSize] = [directive('cost'), directive('listSize')];
  const introspected = introspectedSizes(schema);

  /** `@cost` as it stands in the schema. */
  const written = remembered((part: Weighed): number | undefined => {
    const values = part.astNode ? getDirectiveValues(cost, part.astNode) : undefined;
    if (!values) return undefined;
    const weight = Number(values['weight']);
    if (Number.isFinite(weight) && weight >= 0) return weight;
    throw new Error(
      `@cost of ${part.name} has the weight ${JSON.stringify(values['weight'])}, which is no number of points.`,
    );
  });

  const ofType = remembered((type: GraphQLNamedType): number => {
    if (isIntrospectionType(type)) return isLeafType(type) ? 0 : INTROSPECTED;
    if (isAbstractType(type)) return Math.max(0, ...schema.getPossibleTypes(type).map(ofType));
    return written(type) ?? (isLeafType(type) ? 0 : 1);
  });

  const listSizeOf = remembered((field: Field) =>
    field.astNode ? (getDirectiveValues(listSize, field.astNode) as ListSize | undefined) : undefined,
  );

  /** Whether something within an input is weighed. */
  const isWeighed = (type: GraphQLInputType, within: ReadonlySet<GraphQLNamedType> = new Set()): boolean => {
    const named = getNamedType(type);
    if (written(named) !== undefined) return true;
    if (!isInputObjectType(named) || within.has(named)) return false;
    const inside = new Set([...within, named]);
    return Object.values(named.getFields()).some(
      (field) => written(field) !== undefined || isWeighed(field.type, inside),
    );
  };

  const isArgumentWeighed = remembered(
    (argument: GraphQLArgument) => written(argument) !== undefined || isWeighed(argument.type),
  );

  const ofInput = (part: GraphQLArgument | GraphQLInputField, value: unknown): number =>
    value == null ? 0 : (written(part) ?? 0) + ofValue(part.type, value);

  const ofValue = (type: GraphQLInputType, value: unknown): number => {
    if (value == null) return 0;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const members = Array.isArray(value) ? value : [value];
      return members.reduce((sum: number, member: unknown) => sum + ofValue(nullable.ofType, member), 0);
    }
    const named = getNamedType(type);
    const own = written(named) ?? 0;
    if (!isInputObjectType(named)) return own;
    return Object.values(named.getFields()).reduce(
      (sum, field) => sum + ofInput(field, (value as ArgumentValues)[field.name]),
      own,
    );
  };

  return {
    ofType,
    ofField: (field, values) =>
      field.args
        .filter(isArgumentWeighed)
        .reduce((sum, argument) => sum + ofInput(argument, values[argument.name]), written(field) ?? 0),
    listSizeOf,
    introspected: (type, field) => introspected.get(`${type.name}.${field.name}`),
    relevanceOf(field, argument) {
      if (isArgumentWeighed(argument)) return 'value';
      return listSizeOf(field)?.slicingArguments?.includes(argument.name) ? 'size' : undefined;
    },
  };
}

/** A function that is asked again and again about the same parts of a schema. */
function remembered<Part extends object, Answer>(answer: (part: Part) => Answer): (part: Part) => Answer {
  const known = new Map<Part, Answer>();
  return (part) => {
    if (known.has(part)) return known.get(part) as Answer;
    const answered = answer(part);
    known.set(part, answered);
    return answered;
  };
}
