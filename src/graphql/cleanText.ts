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

/** A value among the variables, and the way down to it. */
interface Place {
  readonly value: unknown;
  readonly key: string;
  readonly parent?: Place;
}

const pathOf = ({ key, parent }: Place): string => (parent === undefined ? key : `${pathOf(parent)}.${key}`);

/**
 * The same for variables, however deep: not by recursion, because a body of 2 MB can nest a million lists.
 *
 * @throws DomainError BAD_USER_INPUT that names the variable, and the place in it.
 */
export function checkVariables(variables: Readonly<Record<string, unknown>>): void {
  const left: Place[] = Object.entries(variables).map(([key, value]) => ({ key, value }));
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const { value } = place;
    if (typeof value === 'string') {
      if (!isCleanText(value)) throw badUserInput(`\`$${pathOf(place)}\` ${WHY}`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) left.push({ key, value: member, parent: place });
    }
  }
}
