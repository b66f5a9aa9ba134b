import { GraphQLError, Kind, OperationTypeNode, type SelectionSetNode, type ValidationRule } from 'graphql';

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include']);

/**
 * A subscription has exactly one field at its root, whatever its variables say. graphql-js 16 checks that without looking at
 * conditions, and fails on a root that is left out.
 */
export const unconditionalRoot: ValidationRule = (context) => {
  const check = ({ selections }: SelectionSetNode, entered: Set<string>): void => {
    for (const selection of selections) {
      const condition = selection.directives?.find(({ name }) => CONDITIONS.has(name.value));
      if (condition !== undefined) {
        const message = 'The root of a subscription can have neither `@skip` nor `@include`.';
        context.reportError(new GraphQLError(message, { nodes: condition }));
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet, entered);
      if (selection.kind !== Kind.FRAGMENT_SPREAD || entered.has(selection.name.value)) continue;
      entered.add(selection.name.value);
      const fragment = context.getFragment(selection.name.value);
      if (fragment) check(fragment.selectionSet, entered);
    }
  };
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation === OperationTypeNode.SUBSCRIPTION) check(selectionSet, new Set());
    },
  };
};
