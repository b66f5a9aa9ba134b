import { type DocumentNode, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createDocumentGate, MOST_TOKENS } from '../../src/limits/documents.js';
import { shapesOf } from '../../src/limits/shape.js';
import { createSchema } from '../../src/schema.js';

const schema = createSchema();
const gate = createDocumentGate({ schema, introspection: true });
const read = (text: string): DocumentNode => parse(text, { maxTokens: MOST_TOKENS });

/** What the gate says to a document, read anew so that nothing is remembered. */
const verdictOn = (text: string) =>
  gate.check(read(text)).map(({ message, extensions }) => `${String(extensions['code'])}: ${message}`);

const many = (count: number, part: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => part(place)).join(' ');

/** Fragments that each spread the next one twice: 2 to the power of `count` selections. */
const doubling = (count: number, end = '__typename'): string =>
  `{ ...f0 } ${many(count, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)} fragment f${count} on Query { ${end} }`;

describe('a document is refused, with the limit and what it has,', () => {
  it('for its selections, those of fragments counted where they are spread', () => {
    expect(verdictOn(doubling(11))).toEqual([
      'LIMIT_EXCEEDED: An operation may have at most 2000 selections, its fragments counted where they are spread; this one has 6143.',
    ]);
  });

  it('for its aliases, wherever they stand', () => {
    const aliases = (count: number) => `{ posts(first: 1) { nodes { ${many(count, (n) => `a${n}: id`)} } } }`;
    expect(verdictOn(aliases(30))).toEqual([]);
    expect(verdictOn(aliases(31))).toEqual([
      'LIMIT_EXCEEDED: An operation may have at most 30 aliases; this one has 31.',
    ]);
    const spread = `{ ...f a: __typename ... { ...f } } fragment f on Query { ${many(15, (n) => `a${n}: __typename`)} }`;
    expect(verdictOn(spread)).toEqual([
      'LIMIT_EXCEEDED: An operation may have at most 30 aliases; this one has 31.',
    ]);
  });

  it('for its fields at the root, those of fragments too', () => {
    expect(verdictOn(`{ ...f ...f ...f } fragment f on Query { ${many(7, () => '__typename')} }`)).toEqual([
      'LIMIT_EXCEEDED: An operation may have at most 20 fields at its root; this one has 21.',
    ]);
  });

  it('for its directives, on fields, fragments, variables and the operation', () => {
    const skips = many(26, () => '@skip(if: false)');
    expect(verdictOn(`query @aa { __typename ${skips} ... ${skips} { __typename } }`)).toEqual([
      'LIMIT_EXCEEDED: An operation may have at most 50 directives; this one has 53.',
    ]);
  });

  it('for the repetitions of a field, in inline fragments too', () => {
    expect(
      verdictOn(`{ posts { nodes { ${many(20, () => 'id')} ... { ${many(11, () => 'id')} } } } }`),
    ).toEqual([
      'LIMIT_EXCEEDED: An operation may have at most 30 fields of the same name in one selection; this one has 31.',
    ]);
  });

  it('for its depth, that of fragments included', () => {
    const nested = (depth: number): string =>
      depth === 0 ? 'nodes { id }' : `nodes { comments(first: 1) { ${nested(depth - 1)} } }`;
    expect(verdictOn(`{ posts(first: 1) { ${nested(1)} } }`)).toEqual([]);
    const replies = (depth: number): string =>
      depth === 0 ? 'id' : `id replies(first: 1) { nodes { ...r${depth} } }`;
    const fragments = many(4, (n) => `fragment r${n + 1} on Comment { ${replies(n)} }`);
    const text = `query Deep($id: ID!) { post(by: { id: $id }) { comments(first: 1) { nodes { ${replies(4)} } } } } ${fragments}`;
    expect(verdictOn(text)).toEqual([
      'LIMIT_EXCEEDED: An operation may be at most 10 levels deep; this one is 11.',
    ]);
  });

  it('for more than one field that passwords could be guessed with', () => {
    const signIn = (name: string) =>
      `${name}: signIn(input: { email: "a@b.example", password: "guess" }) { userErrors { message } }`;
    expect(verdictOn(`mutation { ${signIn('a')} }`)).toEqual([]);
    expect(verdictOn(`mutation { ${signIn('a')} ${signIn('b')} }`)).toEqual([
      'LIMIT_EXCEEDED: A document may have one of the fields that are marked `@once`: not `signIn` beside `signIn`.',
    ]);
  });
});

describe('the gate', () => {
  it('looks at the size of every operation of a document, whichever is asked for', () => {
    expect(verdictOn(`query A { __typename } query B { ${many(21, () => '__typename')} }`)).toEqual([
      expect.stringContaining('fields at its root; this one has 21.'),
    ]);
  });

  it('leaves documents that make no sense to validation', () => {
    expect(verdictOn('{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }')).toEqual([
      expect.stringMatching(/^GRAPHQL_VALIDATION_FAILED: Cannot spread fragment "a" within itself/),
    ]);
    expect(verdictOn('{ ...nobody }')).toEqual(['GRAPHQL_VALIDATION_FAILED: Unknown fragment "nobody".']);
  });

  it('says at most six things about one document', () => {
    expect(verdictOn(`{ __typename ${many(40, (n) => `@aa${n}`)} }`)).toHaveLength(6);
    expect(verdictOn(`{ __typename ${many(10, () => '@aa')} }`).length).toBeLessThan(10);
  });

  it('suggests no names', () => {
    expect(verdictOn('{ post { nodes { titel } } pots { nodes { id } } }').join()).not.toMatch(
      /did you mean/i,
    );
  });

  it('lets GraphiQL ask for the schema, where introspection is on', () => {
    const introspection = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: false });
    expect(verdictOn(introspection)).toEqual([]);
    const closed = createDocumentGate({ schema, introspection: false });
    expect(closed.check(read(introspection))).not.toEqual([]);
    expect(closed.check(read('{ __typename }'))).toEqual([]);
  });

  it('refuses introspection that goes round in circles', () => {
    const round = (depth: number): string =>
      depth === 0 ? 'name' : `fields { type { ${round(depth - 1)} } }`;
    expect(verdictOn(`{ __schema { types { ${round(4)} } } }`)).not.toEqual([]);
  });

  it('looks at a document once', () => {
    const document = read('{ ...nobody }');
    expect(gate.check(document)).toBe(gate.check(document));
  });
});

describe('measuring a document', () => {
  it('takes no longer for what it stands for than for what it says', () => {
    const [shape] = shapesOf(read(doubling(70)));
    expect(shape?.selections).toBe(3 * 2 ** 70 - 1);
  });
});
