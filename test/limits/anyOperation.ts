import fc from 'fast-check';
import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isAbstractType,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** How many levels of objects an operation has, and how many fields on each. */
const DEEPEST = 5;
const MOST_FIELDS = 4;

/** Something of the demo publication for each argument that has to be there. */
const REQUIRED: Readonly<Record<string, string>> = {
  'post(by:)': '{ slug: "lighthouse-lens" }',
  'user(by:)': '{ username: "maren-holloway" }',
  'tag(slug:)': '"lighthouse"',
  'search(query:)': '"the or a or lens or harbour"',
};

const isAskable = (field: Field): boolean =>
  field.args.every(
    (argument) => !isRequiredArgument(argument) || `${field.name}(${argument.name}:)` in REQUIRED,
  );

/** Arguments for a field: what has to be there, and a size most of the time. */
function argumentsOf(field: Field): fc.Arbitrary<string> {
  const required = field.args
    .filter(isRequiredArgument)
    .map(({ name }) => `${name}: ${REQUIRED[`${field.name}(${name}:)`]}`);
  const ends = field.args.map(({ name }) => name).filter((name) => name === 'first' || name === 'last');
  const flags = field.args
    .map(({ name }) => name)
    .filter((name) => name === 'topLevelOnly' || name === 'keyOnly');
  const size = fc
    .tuple(fc.constantFrom(...ends, ''), fc.integer({ min: 1, max: 5 }))
    .map(([end, count]) => (end === '' ? [] : [`${end}: ${count}`]));
  return fc
    .tuple(
      ends.length === 0 ? fc.constant([]) : fc.oneof({ weight: 5, arbitrary: size }, fc.constant([])),
      fc.subarray(flags),
    )
    .map(([sized, set]) => [...required, ...sized, ...set.map((flag) => `${flag}: ${flag === 'keyOnly'}`)])
    .map((given) => (given.length === 0 ? '' : `(${given.join(', ')})`));
}

const anyField = (schema: GraphQLSchema, field: Field, depth: number): fc.Arbitrary<string> => {
  const named = getNamedType(field.type);
  const below = isLeafType(named) ? fc.constant('') : anySelection(schema, named, depth + 1);
  return fc
    .tuple(argumentsOf(field), below)
    .map(([given, selection]) => `${field.name}${given} ${selection}`);
};

function anyOfObject(schema: GraphQLSchema, type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields())
    .filter(isAskable)
    .filter((field: Field) => depth < DEEPEST || isLeafType(getNamedType(field.type)));
  return fc
    .subarray(fields, {
      minLength: Math.min(1, fields.length),
      maxLength: Math.min(MOST_FIELDS, fields.length),
    })
    .chain((chosen) => fc.tuple(...chosen.map((field) => anyField(schema, field, depth))))
    .map((chosen) => (chosen.length === 0 ? '__typename' : chosen.join(' ')));
}

function anySelection(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  if (isObjectType(type)) return anyOfObject(schema, type, depth).map((fields) => `{ ${fields} }`);
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  return fc
    .subarray([...types], { minLength: 1 })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((object) =>
          // The same name has to mean the same in each, so that each has names of its own.
          anyOfObject(schema, object, DEEPEST).map(
            (fields) => `... on ${object.name} { ${apart(object, fields)} }`,
          ),
        ),
      ),
    )
    .map((parts) => `{ __typename ${parts.join(' ')} }`);
}

const apart = ({ name }: GraphQLObjectType, fields: string): string =>
  fields.replaceAll(/\b([a-zA-Z]+)(?=[(\s]|$)/g, (whole, field: string, at: number) =>
    fields.lastIndexOf('(', at) > fields.lastIndexOf(')', at) ? whole : `${name}_${field}: ${whole}`,
  );

/** Any query, five levels deep, without fragments that are spread and without variables. */
export const anyQuery = (schema: GraphQLSchema): fc.Arbitrary<string> => {
  const type = schema.getQueryType();
  if (!type) throw new Error('The schema has no queries.');
  const fields = Object.values(type.getFields()).filter((field: Field) => isAskable(field));
  return fc
    .subarray(fields, { minLength: 1, maxLength: 2 })
    .chain((chosen) => fc.tuple(...chosen.map((field: Field) => anyField(schema, field, 0))))
    .map((chosen) => `{ ${chosen.join(' ')} }`);
};
