import { GraphQLError, type ValidationRule } from 'graphql';
import { badUserInput } from '../lib/errors.js';
import { isCleanText } from '../lib/text.js';

const WHY = 'holds a NUL or half of a surrogate pair, which is no text. Send well-formed Unicode.';

/** Validation rule: string literals are text that PostgreSQL can keep as it is. */
export const cleanLiterals: ValidationRule = (context) => ({
  StringValue(node) {
    if (!isCleanText(node.value)) {
      context.reportError(
        new GraphQLError(`A string in the document ${WHY}`, {
          nodes: node,
          extensions: { code: 'BAD_USER_INPUT' },
        }),
      );
    }
  },
});

/**
 * The same for variables, however deep.
 *
 * @throws DomainError BAD_USER_INPUT that names the variable.
 */
export function checkVariables(variables: Readonly<Record<string, unknown>>): void {
  const check = (value: unknown, path: string): void => {
    if (typeof value === 'string') {
      if (!isCleanText(value)) throw badUserInput(`\`$${path}\` ${WHY}`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) check(member, path === '' ? key : `${path}.${key}`);
    }
  };
  check(variables, '');
}
