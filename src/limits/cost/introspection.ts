import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** How long a list is that tells of the schema itself. */
export interface IntrospectedSize {
  /** On average: who lists all types, or all their fields, gets just as much in all. */
  readonly average: number;
  readonly longest: number;
}

/** The fields whose members are everything that there is of a kind. */
const LISTINGS: ReadonlySet<string | undefined> = new Set(['types', 'directives', 'fields']);

/** Whether what stands below these fields, the lowest one first, is asked of everything that there is of a kind. */
export const isListing = ([above, ...higher]: readonly string[]): boolean =>
  above === '__schema' || (LISTINGS.has(above) && isListing(higher));

const sizeOf = (lengths: readonly number[]): IntrospectedSize => ({
  average: lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length),
  longest: Math.max(0, ...lengths),
});

const fieldsOf = (type: GraphQLNamedType) =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];

/** How long the lists of introspection are, by coordinate (`__Type.fields`). */
export function introspectedSizes(schema: GraphQLSchema): ReadonlyMap<string, IntrospectedSize> {
  const types = Object.values(schema.getTypeMap());
  const directives = schema.getDirectives();
  const ofTypes = (length: (type: GraphQLNamedType) => number) => sizeOf(types.map(length));
  return new Map([
    ['__Schema.types', sizeOf([types.length])],
    ['__Schema.directives', sizeOf([directives.length])],
    ['__Type.fields', ofTypes((type) => fieldsOf(type).length)],
    [
      '__Type.interfaces',
      ofTypes((type) => (isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().length : 0)),
    ],
    [
      '__Type.possibleTypes',
      ofTypes((type) => (isAbstractType(type) ? schema.getPossibleTypes(type).length : 0)),
    ],
    ['__Type.enumValues', ofTypes((type) => (isEnumType(type) ? type.getValues().length : 0))],
    [
      '__Type.inputFields',
      ofTypes((type) => (isInputObjectType(type) ? Object.keys(type.getFields()).length : 0)),
    ],
    ['__Field.args', sizeOf(types.flatMap(fieldsOf).map((field) => field.args.length))],
    ['__Directive.args', sizeOf(directives.map((directive) => directive.args.length))],
    ['__Directive.locations', sizeOf(directives.map((directive) => directive.locations.length))],
  ]);
}
