import { type FieldNode, GraphQLError, type ValidationRule } from 'graphql';

/**
 * A document has at most one of the fields that `@once` marks, whatever their aliases: whoever guesses passwords needs a request
 * for each guess.
 */
export const onlyOnce: ValidationRule = (context) => {
  let first: FieldNode | undefined;
  return {
    Field(node) {
      const isMarked = context.getFieldDef()?.astNode?.directives?.some(({ name }) => name.value === 'once');
      if (!isMarked) return;
      first ??= node;
      if (first === node) return;
      const message = `A document may have one of the fields that are marked \`@once\`: not \`${node.name.value}\` beside \`${first.name.value}\`.`;
      context.reportError(
        new GraphQLError(message, { nodes: [first, node], extensions: { code: 'LIMIT_EXCEEDED' } }),
      );
    },
  };
};
