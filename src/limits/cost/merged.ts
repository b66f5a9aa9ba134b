import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import type { Field } from './tariff.js';

/** A field that is answered under one name, however often and by whichever fragments it was asked for. */
export interface MergedField {
  /** The name that it is answered under. */
  readonly name: string;
  readonly field: Field;
  /** Its node in the document without fragments. */
  readonly node: FieldNode;
  /** What is asked of the objects that it answers, by their type; empty for a scalar. */
  readonly below: MergedSelections;
}

/** What is asked of the objects that a field may answer, by type. */
export type MergedSelections = ReadonlyMap<GraphQLObjectType, readonly MergedField[]>;

/** An operation in the one form that all of its forms have in common. */
export interface MergedOperation {
  /** The operation alone, without fragments and conditions. */
  readonly document: DocumentNode;
  readonly type: GraphQLObjectType;
  readonly fields: readonly MergedField[];
  /** Which field a node of the document stands directly below. */
  readonly above: ReadonlyMap<FieldNode, MergedField>;
}

export interface MergeOptions {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced; they decide what `@skip` and `@include` leave. */
  readonly variableValues: Readonly<Record<string, unknown>>;
}

const META_FIELDS: readonly Field[] = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef];

function fieldOf(type: GraphQLObjectType, name: string): Field {
  const field = META_FIELDS.find((one) => one.name === name) ?? type.getFields()[name];
  if (!field) throw new Error(`The type ${type.name} has no field ${name}: the document was not validated.`);
  return field;
}

const selectionSet = (selections: readonly SelectionNode[]): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections,
});

const nodesOf = (fields: readonly MergedField[]): readonly FieldNode[] => fields.map(({ node }) => node);

/** The selection of an object type as it is; those of an abstract type each under its condition. */
function asSelectionSet(type: GraphQLNamedType, below: MergedSelections): SelectionSetNode {
  if (isObjectType(type)) return selectionSet(nodesOf(below.get(type) ?? []));
  return selectionSet(
    [...below].map(([object, fields]) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: object.name } },
      selectionSet: selectionSet(nodesOf(fields)),
    })),
  );
}

/** Merges the selections of a valid operation as its execution will: the same fields, collected by the same function. */
export function mergeOperation(
  schema: GraphQLSchema,
  { document, operation, variableValues }: MergeOptions,
): MergedOperation {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments[one.name.value] = one;
  }
  const above = new Map<FieldNode, MergedField>();

  const mergeBelow = (type: GraphQLNamedType, nodes: readonly FieldNode[]): MergedSelections => {
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    return new Map(
      objects.map((object) => [
        object,
        merge(object, collectSubfields(schema, fragments, variableValues, object, nodes)),
      ]),
    );
  };

  const mergeField = (type: GraphQLObjectType, name: string, nodes: readonly FieldNode[]): MergedField[] => {
    const [first] = nodes;
    if (!first) return [];
    const field = fieldOf(type, first.name.value);
    const answered = getNamedType(field.type);
    const below = mergeBelow(answered, nodes);
    const { kind, name: fieldName, alias, arguments: given } = first;
    const node: FieldNode = {
      kind,
      name: fieldName,
      ...(alias && { alias }),
      ...(given && { arguments: given }),
      ...(below.size > 0 && { selectionSet: asSelectionSet(answered, below) }),
    };
    const merged = { name, field, node, below };
    for (const selection of below.values()) for (const one of selection) above.set(one.node, merged);
    return [merged];
  };

  const merge = (
    type: GraphQLObjectType,
    collected: ReadonlyMap<string, readonly FieldNode[]>,
  ): readonly MergedField[] => [...collected].flatMap(([name, nodes]) => mergeField(type, name, nodes));

  const type = schema.getRootType(operation.operation);
  if (!type) throw new Error(`The schema has no ${operation.operation}: the document was not validated.`);
  const fields = merge(type, collectFields(schema, fragments, variableValues, type, operation.selectionSet));
  const { directives: _, ...plain } = operation;
  return {
    document: {
      kind: Kind.DOCUMENT,
      definitions: [{ ...plain, selectionSet: selectionSet(nodesOf(fields)) }],
    },
    type,
    fields,
    above,
  };
}
