import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { ruleOf } from '../auth/actions.js';
import { actionOf, type GuardContext } from './guard.js';

/**
 * Whether an operation of a document may be answered differently to two viewers of the same class. `operationName` as in a
 * request.
 */
export type ViewerDependence = (document: DocumentNode, operationName?: string | null) => boolean;

type Field = GraphQLField<unknown, GuardContext>;
type Fielded = GraphQLObjectType | GraphQLInterfaceType;

function isMarked(schema: GraphQLSchema, { astNode }: Field): boolean {
  const directive = schema.getDirective('viewerDependent');
  if (!directive) throw new Error('The schema has no directive @viewerDependent.');
  return astNode != null && getDirectiveValues(directive, astNode) !== undefined;
}

/** Whether a field is, for some role, for what is the viewer's own. */
function isForOwn(schema: GraphQLSchema, type: GraphQLObjectType, field: Field): boolean {
  const action = actionOf(schema, type, field);
  return action !== undefined && Object.values(ruleOf(action).roles).includes('own');
}

/** The types whose fields may answer when a field of this one is asked for, itself included. */
const answering = (schema: GraphQLSchema, type: Fielded): readonly Fielded[] =>
  isInterfaceType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];

/**
 * Whether the answer of a field depends on who asks for it, and not only on their role and scopes, for an object that both
 * see: `@viewerDependent`, or an action of which some role has the extent `own`. A field of an interface is as dependent as
 * the most dependent one that answers it. A field that is not there counts as dependent.
 */
export const isViewerDependent = (schema: GraphQLSchema, type: Fielded, name: string): boolean =>
  answering(schema, type).some((one) => {
    const field = one.getFields()[name];
    return (
      field === undefined || isMarked(schema, field) || (isObjectType(one) && isForOwn(schema, one, field))
    );
  });

/**
 * Knows from the schema which operations may be answered differently to two viewers of the same class. Whatever it does not
 * know counts: a mutation, a field or a fragment that is not there, an operation that the name does not single out. A
 * selection that `@skip` or `@include` leaves out counts as well.
 */
export function createViewerDependence(schema: GraphQLSchema): ViewerDependence {
  return (document, operationName) => {
    const operation = getOperationAST(document, operationName);
    const fragments = new Map(
      document.definitions
        .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    );
    // What a fragment selects is of the type it names, wherever it is spread: once is enough.
    const entered = new Set<string>();

    const fieldDepends = (type: GraphQLNamedType, name: string, below: SelectionSetNode | undefined) => {
      if (name === '__typename') return false;
      if (!isObjectType(type) && !isInterfaceType(type)) return true;
      const field = type.getFields()[name];
      if (field === undefined || isViewerDependent(schema, type, name)) return true;
      return below !== undefined && depends(getNamedType(field.type), below);
    };

    const fragmentDepends = (name: string): boolean => {
      if (entered.has(name)) return false;
      entered.add(name);
      const fragment = fragments.get(name);
      return fragment === undefined || depends(typeNamed(fragment.typeCondition), fragment.selectionSet);
    };

    const typeNamed = ({ name }: FragmentDefinitionNode['typeCondition']) => schema.getType(name.value);

    const depends = (type: GraphQLNamedType | undefined, { selections }: SelectionSetNode): boolean =>
      type === undefined ||
      selections.some((selection) => {
        if (selection.kind === Kind.FIELD) {
          return fieldDepends(type, selection.name.value, selection.selectionSet);
        }
        if (selection.kind === Kind.FRAGMENT_SPREAD) return fragmentDepends(selection.name.value);
        const { typeCondition, selectionSet } = selection;
        return depends(typeCondition ? typeNamed(typeCondition) : type, selectionSet);
      });

    if (!operation || operation.operation === OperationTypeNode.MUTATION) return true;
    return depends(schema.getRootType(operation.operation) ?? undefined, operation.selectionSet);
  };
}
