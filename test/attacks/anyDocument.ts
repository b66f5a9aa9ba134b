import fc from 'fast-check';
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

/** A document as it might be typed by a monkey who has read the schema, and what goes with it. */
export interface AnyRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

/** Few, so that one part of a document meets names of another. */
const FRAGMENTS = ['A', 'B', 'C', '__proto__'];
const VARIABLES = ['a', 'b', 'c'];
const STRANGE = [
  'nothing',
  '__typename',
  '__schema',
  '__type',
  'constructor',
  '_',
  'x'.repeat(300),
  'on',
  'null',
];

const LONGEST_SELECTION = 3;

/** All names that the schema has, apart by what they name. */
function namesIn(schema: GraphQLSchema) {
  const types = Object.values(schema.getTypeMap());
  const composite = types.filter((type) => isObjectType(type) || isInterfaceType(type));
  const fields = composite.flatMap((type) => Object.values(type.getFields()));
  const inputs = types.filter(isInputObjectType);
  return {
    types: types.map(({ name }) => name),
    fields: fields.map(({ name }) => name),
    args: [...fields.flatMap(({ args }) => args.map(({ name }) => name)), 'if', 'reason'],
    members: inputs.flatMap((type) => Object.keys(type.getFields())),
    values: types.filter(isEnumType).flatMap((type) => type.getValues().map(({ name }) => name)),
    directives: [...schema.getDirectives().map(({ name }) => name), 'nothing'],
    roots: [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map((type) =>
      Object.keys(type?.getFields() ?? {}),
    ),
  };
}

const oneOf = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGE) },
  );

const optional = (part: fc.Arbitrary<string>, weight = 1): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight, arbitrary: part });

const joined = (part: fc.Arbitrary<string>, maxLength: number, minLength = 0): fc.Arbitrary<string> =>
  fc.array(part, { minLength, maxLength }).map((parts) => parts.join(' '));

const SCALARS = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom(
      '0',
      '1',
      '-1',
      '100',
      '1000000',
      '2147483648',
      '1e400',
      '-0',
      '0.1',
      'true',
      'null',
      '$nobody',
    ),
  },
  {
    weight: 10,
    arbitrary: fc.constantFrom('""', '"x"', '"lighthouse-lens"', '"""block\n  """', `"' or 1=1"`),
  },
  // One of them is enough to refuse a document.
  { weight: 1, arbitrary: fc.constantFrom(String.raw`"\u0000"`, String.raw`"\uD800"`, '"never closed') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)) },
);

/** Documents by the grammar of GraphQL, over names of the schema and others: most of them make no sense. */
export function anyRequest(schema: GraphQLSchema): fc.Arbitrary<AnyRequest> {
  const names = namesIn(schema);
  const variable = fc.constantFrom(...VARIABLES).map((name) => `$${name}`);
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: false },
      { weight: 6, arbitrary: SCALARS },
      { weight: 3, arbitrary: variable },
      { weight: 2, arbitrary: oneOf(names.values) },
      { weight: 1, arbitrary: joined(tie('value'), 3).map((values) => `[${values}]`) },
      {
        weight: 3,
        arbitrary: joined(
          fc.tuple(oneOf(names.members), tie('value')).map(([name, one]) => `${name}: ${one}`),
          3,
        ).map((fields) => `{${fields}}`),
      },
    ),
  }));
  const likely = fc.constantFrom(
    'first: 1',
    'first: 100',
    'last: 2',
    'by: { slug: "lighthouse-lens" }',
    'id: "x"',
    'query: "lens"',
    'slug: "x"',
    'after: "x"',
    'first: $a',
    'by: $b',
  );
  const argument = fc.oneof(
    likely,
    fc.tuple(oneOf(names.args), value).map(([name, one]) => `${name}: ${one}`),
  );
  const given = optional(
    joined(argument, 3, 1).map((all) => `(${all})`),
    3,
  );
  const directive = fc.oneof(
    fc.constantFrom('@skip(if: false)', '@include(if: $c)', '@include(if: true)', '@skip'),
    fc.tuple(oneOf(names.directives), given).map(([name, all]) => `@${name}${all}`),
  );
  const directives = optional(joined(directive, 3, 1));
  const alias = optional(oneOf(['a', 'b', 'id', '__proto__']).map((name) => `${name}:`));
  const spread = fc
    .tuple(fc.constantFrom(...FRAGMENTS, 'Nobody'), directives)
    .map(([name, all]) => `...${name} ${all}`);
  const { selection } = fc.letrec<{ selection: string; field: string; inline: string }>((tie) => ({
    selection: joined(
      fc.oneof(
        { maxDepth: 5, withCrossShrink: false },
        { weight: 8, arbitrary: tie('field') },
        { weight: 2, arbitrary: spread },
        { weight: 1, arbitrary: tie('inline') },
      ),
      LONGEST_SELECTION,
      1,
    ).map((selections) => `{ ${selections} }`),
    field: fc
      .tuple(
        alias,
        oneOf([
          ...names.fields,
          ...(names.roots[0] ?? []),
          'nodes',
          'edges',
          'node',
          'posts',
          'comments',
          'id',
        ]),
        given,
        directives,
        optional(tie('selection'), 5),
      )
      .map((parts) => parts.join(' ')),
    inline: fc
      .tuple(
        optional(
          oneOf(names.types).map((type) => `on ${type}`),
          8,
        ),
        directives,
        tie('selection'),
      )
      .map(([type, all, below]) => `... ${type} ${all} ${below}`),
  }));
  return documentsOf({ names, selection, given, directives, value });
}

interface Parts {
  readonly names: ReturnType<typeof namesIn>;
  readonly selection: fc.Arbitrary<string>;
  readonly given: fc.Arbitrary<string>;
  readonly directives: fc.Arbitrary<string>;
  readonly value: fc.Arbitrary<string>;
}

/** What fits, so that some get as far as being executed. */
const SENSIBLE: readonly AnyRequest[] = [
  {
    query:
      'query A($a: Int, $b: PostBy!, $c: Boolean = true) { post(by: $b) { ...A comments(first: $a) @include(if: $c) { totalCount nodes { id } } } } fragment A on Post { id title authors { name } }',
    variables: { a: 1, b: { slug: 'lighthouse-lens' } },
    operationName: 'A',
  },
  {
    query:
      'query B($a: Int) { posts(first: $a) { nodes { id slug tags { name } } pageInfo { endCursor } } tags(first: 2) { nodes { posts(last: 1) { totalCount } } } }',
    variables: { a: 2 },
    operationName: undefined,
  },
  {
    query:
      'query C($c: String!) { search(query: $c, first: 3) { edges { node { __typename ... on Post { id } } highlight } } viewer { id } }',
    variables: { c: 'lens' },
    operationName: undefined,
  },
  {
    query:
      'mutation A($b: ReactionInput!) { addReaction(input: $b) { reactions { count } userErrors { code } } }',
    variables: { b: { subjectId: 'x', kind: 'LIKE' } },
    operationName: undefined,
  },
  { query: 'subscription { postPublished { cursor } }', variables: {}, operationName: undefined },
];

function documentsOf({ names, selection, given, directives, value }: Parts): fc.Arbitrary<AnyRequest> {
  const [queries = [], mutations = [], subscriptions = []] = names.roots;
  const root = (kind: string, fields: readonly string[]): fc.Arbitrary<string> => {
    const field = fc
      .tuple(oneOf(fields), given, directives, fc.oneof({ weight: 6, arbitrary: selection }, fc.constant('')))
      .map((parts) => parts.join(' '));
    const definition = fc.tuple(
      fc.constantFrom(...VARIABLES),
      oneOf(names.types),
      fc.constantFrom('', '!', ']', ']!'),
      optional(value.map((one) => `= ${one}`)),
    );
    const definitions = optional(
      joined(
        definition.map(
          ([name, type, end, fallback]) =>
            `$${name}: ${end.startsWith(']') ? '[' : ''}${type}${end} ${fallback}`,
        ),
        3,
        1,
      ).map((all) => `(${all})`),
      4,
    );
    return fc
      .tuple(optional(fc.constantFrom('A', 'B', '_')), definitions, directives, joined(field, 3, 1))
      .map(([name, all, some, fields_]) => `${kind} ${name}${all}${some} { ${fields_} }`);
  };
  const operation = fc.oneof(
    { weight: 8, arbitrary: root('query', queries) },
    { weight: 2, arbitrary: root('mutation', mutations) },
    { weight: 1, arbitrary: root('subscription', subscriptions) },
  );
  const fragment = fc
    .tuple(fc.constantFrom(...FRAGMENTS), oneOf(names.types), directives, selection)
    .map(([name, type, some, body]) => `fragment ${name} on ${type} ${some} ${body}`);
  const made = fc.tuple(joined(operation, 2, 1), joined(fragment, 4)).map((parts) => parts.join('\n'));
  // Something is cut out, or said twice: most of it is no GraphQL any more.
  const broken = fc
    .tuple(made, fc.nat(400), fc.nat(40))
    .map(([text, at, length]) => text.slice(0, at) + text.slice(at + length));
  const variables = fc.dictionary(fc.constantFrom(...VARIABLES), anyVariable, { maxKeys: 3 });
  const monkeys = fc.record({
    query: fc.oneof({ weight: 6, arbitrary: made }, { weight: 1, arbitrary: broken }),
    variables,
    operationName: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('A', 'B', 'nobody', '') },
    ),
  });
  const nearly = fc
    .tuple(fc.constantFrom(...SENSIBLE), variables, fc.nat(3))
    .map(([request, others, howFar]) => (howFar > 0 ? request : { ...request, variables: others }));
  return fc.oneof({ weight: 9, arbitrary: monkeys }, { weight: 1, arbitrary: nearly });
}

const anyVariable: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      1,
      2,
      -1,
      1e308,
      'x',
      'lens',
      true,
      null,
      { slug: 'lighthouse-lens' },
      { subjectId: 'x', kind: 'LIKE' },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);
