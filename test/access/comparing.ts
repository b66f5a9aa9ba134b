import { isDeepStrictEqual } from 'node:util';
import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { isViewerDependent } from '../../src/graphql/viewerDependence.js';
import { createSchema } from '../../src/schema.js';

export const schema = createSchema();

type Field = GraphQLField<unknown, unknown>;
type Answer = Readonly<Record<string, unknown>>;

/** Arguments by their names, as literals, for the fields that require some. */
export type Arguments = Readonly<Record<string, string>>;

export const objectType = (name: string): GraphQLObjectType => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type.`);
  return type;
};

const fieldsOf = (type: GraphQLObjectType): readonly Field[] => Object.values(type.getFields());

const isNode = (type: GraphQLObjectType): boolean => type.getInterfaces().some(({ name }) => name === 'Node');

const coordinateOf = (type: GraphQLObjectType, field: Field): string => `${type.name}.${field.name}`;

/** All fields that depend on the viewer; what mutations answer is nobody else's. */
export const DEPENDENT: ReadonlySet<string> = new Set(
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter((type) => type !== schema.getMutationType() && !type.name.startsWith('__'))
    .flatMap((type) =>
      fieldsOf(type)
        .filter((field) => isViewerDependent(schema, type, field.name))
        .map((field) => coordinateOf(type, field)),
    ),
);

/** All types of objects that a query can reach. */
export const READABLE: ReadonlySet<string> = reached(objectType('Query'));

function reached(type: GraphQLObjectType, known: Set<string> = new Set()): Set<string> {
  if (known.has(type.name)) return known;
  known.add(type.name);
  for (const field of fieldsOf(type)) {
    const named = getNamedType(field.type);
    if (isObjectType(named)) reached(named, known);
  }
  return known;
}

/** The types of the objects in an answer. */
export function typesIn(type: GraphQLObjectType, answer: Answer): string[] {
  const below = fieldsOf(type).flatMap((field) => {
    const named = getNamedType(field.type);
    const parts = [answer[field.name]].flat().filter((part) => part != null);
    return isObjectType(named) ? parts.flatMap((part) => typesIn(named, part as Answer)) : [];
  });
  return [type.name, ...below];
}

function argumentsOf(field: Field, values: Arguments): string {
  const required = field.args.filter((argument) => isRequiredArgument(argument));
  const given = required.map(({ name }) => {
    const value = values[name];
    if (value === undefined) throw new Error(`What to give ${field.name} as its \`${name}\`?`);
    return `${name}: ${value}`;
  });
  return given.length === 0 ? '' : `(${given.join(' ')})`;
}

/**
 * Every field of a type. Of a node below: its own plain fields, because each node is looked at by itself; of what is no node,
 * such as a page, everything.
 */
export function selectionOf(type: GraphQLObjectType, values: Arguments = {}): string {
  const below = (field: Field): string => {
    const named = getNamedType(field.type);
    if (isLeafType(named)) return '';
    if (!isObjectType(named)) return '{ __typename ... on Node { id } }';
    return `{ ${isNode(named) ? plainFieldsOf(named) : selectionOf(named)} }`;
  };
  return fieldsOf(type)
    .map((field) => `${field.name}${argumentsOf(field, values)} ${below(field)}`)
    .join(' ');
}

/** The fields of a type that are no objects. */
const plainFieldsOf = (type: GraphQLObjectType): string =>
  fieldsOf(type)
    .filter((field) => isLeafType(getNamedType(field.type)))
    .map(({ name }) => name)
    .join(' ');

/** The fields of a type that are no objects and that all viewers of a class are answered alike. */
export const sharedFieldsOf = (type: GraphQLObjectType): string =>
  fieldsOf(type)
    .filter((field) => isLeafType(getNamedType(field.type)) && !DEPENDENT.has(coordinateOf(type, field)))
    .map(({ name }) => name)
    .join(' ');

/**
 * The fields of an object that two viewers are answered differently, as `Type.field`: of the object itself, and of the
 * nodes below it. A page, or anything else that is no node, is a part of the field that answers it; what depends on
 * the viewer within it stands for itself.
 */
export function differences(type: GraphQLObjectType, one: Answer, other: Answer): string[] {
  return fieldsOf(type).flatMap((field) => {
    const found = within(field, one[field.name], other[field.name]);
    const own = found.filter((name) => name === HERE || isPart(name));
    const others = found.filter((name) => name !== HERE && !isPart(name));
    return own.length > 0 ? [coordinateOf(type, field), ...others] : others;
  });
}

/** Stands for the field that is being looked at. */
const HERE = '';

const isPart = (coordinate: string): boolean =>
  !DEPENDENT.has(coordinate) && !isNode(objectType(coordinate.split('.')[0] ?? ''));

/** What differs in one field's answers: the field itself, or fields below it. */
function within(field: Field, one: unknown, other: unknown): string[] {
  const type = getNamedType(field.type);
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) return [HERE];
    return one.flatMap((part: unknown, place) => within(field, part, other[place]));
  }
  if (!isObjectType(type) || one == null || other == null) return isDeepStrictEqual(one, other) ? [] : [HERE];
  const [left, right] = [one as Answer, other as Answer];
  if (left['id'] !== right['id']) return [HERE];
  return differences(type, left, right);
}
