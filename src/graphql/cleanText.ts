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

/** A list or an object among the variables, and the way down to it. */
interface Place {
  readonly value: object;
  readonly key: string | number;
  readonly parent: Place | undefined;
}

/** Characters of each end of a path that a message shows: it is as deep, and its names as long, as somebody likes. */
const SHOWN = 100;

/** The way to a member, its middle left out when it is long. */
function pathOf(key: string | number, parent: Place | undefined): string {
  const keys = [key];
  for (let place = parent; place !== undefined; place = place.parent) keys.push(place.key);
  const path = keys.toReversed().join('.');
  if (path.length <= 2 * SHOWN) return path;
  // A character that a cut left half of is dropped.
  return `${path.slice(0, SHOWN)}…${path.slice(-SHOWN)}`.replace(/\p{Surrogate}/gu, '');
}

const membersOf = (value: object): Iterable<[string | number, unknown]> =>
  Array.isArray(value) ? value.entries() : Object.entries(value);

/**
 * The same for variables, however deep and long: not by recursion, because a body of 2 MB can nest a million lists, and
 * without an object for each member, because it can also be one list of a million numbers.
 *
 * @returns how many values there are, those in lists and objects among them.
 * @throws DomainError BAD_USER_INPUT that names the variable, and the place in it.
 */
export function checkVariables(variables: Readonly<Record<string, unknown>>): number {
  let count = 0;
  const left: Place[] = [];
  const check = (key: string | number, value: unknown, parent: Place | undefined): void => {
    count += 1;
    if (typeof value === 'string') {
      if (!isCleanText(value)) throw badUserInput(`\`$${pathOf(key, parent)}\` ${WHY}`);
    } else if (typeof value === 'object' && value !== null) left.push({ key, value, parent });
  };
  for (const [key, value] of Object.entries(variables)) check(key, value, undefined);
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    for (const [key, value] of membersOf(place.value)) check(key, value, place);
  }
  return count;
}
