import fc from 'fast-check';
import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** How deep a selection goes, and how many fields it has on a level. */
const DEEPEST = 5;
const MOST_FIELDS = 5;

/** Arguments for a field, some of the time. */
const argumentsOf = (field: Field): fc.Arbitrary<string> => {
  const has = (name: string): boolean => field.args.some((argument) => argument.name === name);
  const size = fc.integer({ min: 1, max: 3 });
  if (has('length')) return size.map((length) => `(length: ${length * 20})`);
  if (!has('first')) return fc.constant('');
  const flat = has('topLevelOnly') ? [' topLevelOnly: false'] : has('keyOnly') ? [' keyOnly: true'] : [];
  return fc
    .tuple(fc.constantFrom('first', 'last'), size, fc.constantFrom('', ...flat))
    .map(([end, count, more]) => `(${end}: ${count}${more})`);
};

/** Those types that a field of a type may be asked of: itself, and what stands behind an interface or a union. */
const conditionsOf = (schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] => {
  if (isObjectType(type)) return [type];
  return isInterfaceType(type) || isUnionType(type) ? schema.getPossibleTypes(type) : [];
};

function fieldIn(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  depth: number,
  place: number,
): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter(
    (field) => depth < DEEPEST || isLeafType(getNamedType(field.type)),
  );
  const deeper = fields.filter((field) => !isLeafType(getNamedType(field.type)));
  // What has fields of its own is where cohorts could differ.
  const chosen = fc.oneof(
    fc.constantFrom(...fields),
    fc.constantFrom(...(deeper.length > 0 ? deeper : fields)),
  );
  return chosen.chain((field) => {
    const named = getNamedType(field.type);
    const below = isLeafType(named) ? fc.constant('') : selectionIn(schema, named, depth + 1);
    // An alias each: the same field may be chosen again, with other arguments and another selection.
    return fc
      .tuple(argumentsOf(field), below)
      .map(([given, selection]) => `f${place}: ${field.name}${given} ${selection}`);
  });
}

function selectionIn(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  const one = (object: GraphQLObjectType): fc.Arbitrary<string> =>
    fc
      .integer({ min: 1, max: MOST_FIELDS })
      .chain((count) =>
        fc.tuple(...Array.from({ length: count }, (_, place) => fieldIn(schema, object, depth, place))),
      )
      .chain((fields) =>
        fc.constantFrom(
          `{ __typename ${fields.join(' ')} }`,
          `{ __typename ... on ${object.name} { ${fields.join(' ')} } }`,
        ),
      );
  if (isObjectType(type)) return one(type);
  return fc
    .tuple(
      ...conditionsOf(schema, type).map((object) => one(object).map((text) => [object.name, text] as const)),
    )
    .map((parts) => `{ __typename ${parts.map(([name, text]) => `... on ${name} ${text}`).join(' ')} }`);
}

/** Any selection of an object type, as far down as five levels; half of them have a fragment around. */
export const anySelection = (schema: GraphQLSchema, name: string): fc.Arbitrary<Selected> => {
  const type = schema.getType(name);
  if (type === undefined) throw new Error(`There is no type ${name}.`);
  return fc
    .tuple(selectionIn(schema, type, 1), fc.boolean())
    .map(([selection, isNamed]) =>
      isNamed
        ? { selection: '{ ...Chosen }', fragments: `fragment Chosen on ${name} ${selection}` }
        : { selection, fragments: '' },
    );
};

/** A selection, and the fragments that it spreads. */
export interface Selected {
  readonly selection: string;
  readonly fragments: string;
}
