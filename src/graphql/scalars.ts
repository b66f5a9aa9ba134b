import { type ASTNode, GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { formatMoment, parseMoment } from '../lib/time.js';

function read(value: unknown, node?: ASTNode): Date {
  const moment = typeof value === 'string' ? parseMoment(value) : undefined;
  if (moment === undefined) {
    throw new GraphQLError(
      'A DateTime is an RFC 3339 string with an offset, such as "2026-11-22T18:30:00Z", in the years 1 to 9999.',
      // The same code whether the value stands in the document or comes as a variable.
      { ...(node && { nodes: node }), extensions: { code: 'BAD_USER_INPUT' } },
    );
  }
  return moment;
}

/** RFC 3339 on the wire, a Date inside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  // Given here as well as in the SDL, whose scalar this one replaces.
  description:
    'A moment in time, RFC 3339 (`2026-11-22T18:30:00Z`). Any offset is read, UTC is answered, with milliseconds.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize: (value) => formatMoment(value as Date),
  parseValue: (value) => read(value),
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined, node),
});
