import fc from 'fast-check';
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';

/**
 * Inputs as nobody should send them, made from the types of the schema: most of an input is what its type asks for, so that
 * it gets past the door, and some of it is not.
 */

/** What the generators may refer to. */
export interface Targets {
  /** Ids of objects that are there, by the type in lower case. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Ids of each type that lead to nothing, and what is no id at all. */
  readonly junkIds: readonly string[];
}

const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'half \udfff of a pair',
  '\u202Ereversed\u202C',
  '\u2066isolated',
  '\u200b\u200d\ufeff',
  '\r\n\t\v\u0085\u2028',
  '\uffff',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; drop table users; --",
  "' or '1'='1",
  '$1 \\ %s ${process.exit()} {{7*7}}',
  '../../etc/passwd',
  '__proto__',
  'null',
  '👩‍👩‍👧‍👦🏳️‍🌈',
  `e${'\u0301'.repeat(500)}`,
  'İıßﬀ',
  // Longer when normalised: 3 characters each, 18 and 2.
  '\ufb2c'.repeat(190),
  '\ufdfa'.repeat(10),
  '\u{1d160}'.repeat(60),
  'J\u030c\u3164\u034f',
  '\u2800',
  'مرحبا שלום',
];

/** What text that is too long repeats: letters, pairs of surrogates, nothing to see, and what makes renderers nest. */
const REPEATED = ['x', '😀', ' ', '\n', '>', '[', '*a ', '<b>', '`', '# \n', '\ufb2c', '\ufdfa'];

const LONGEST = 200_000;

const hugeText = fc
  .tuple(fc.constantFrom(...REPEATED), fc.constantFrom(101, 501, 20_001, LONGEST))
  .map(([part, length]) => part.repeat(Math.ceil(length / part.length)));

const hostileText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: hugeText },
);

const deep = fc.integer({ min: 1, max: 500 }).map((depth) => {
  let value: unknown = [];
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
});

/** Of no type that the place asks for, most likely. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 31, -(2 ** 31) - 1, 1e308, '1', 'true'),
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    [null],
    { value: 1 },
    Array.from({ length: 200 }, () => 'x'),
  ),
  deep,
);

const words = fc.constantFrom('A few words', 'Some *more* of them', 'x', '港の暮らし');
const number = fc.nat(1_000_000);

/** Text that a field of this name takes. */
function fittingText(name: string): fc.Arbitrary<string> {
  if (/email/i.test(name)) return number.map((one) => `somebody-${one}@example.org`);
  if (/username/i.test(name)) return number.map((one) => `somebody-${one}`);
  if (/password/i.test(name)) return number.map((one) => `a long passphrase ${one}`);
  if (/language/i.test(name)) return fc.constantFrom('en', 'zh-Hans');
  if (/slug/i.test(name)) return number.map((one) => `slug-${one}`);
  return words;
}

/** Ids of the type that the name speaks of, more often than others. */
function idFor(place: string, { ids, junkIds }: Targets): fc.Arbitrary<string> {
  const meant = Object.entries(ids).flatMap(([type, some]) => (place.includes(type) ? some : []));
  const any = Object.values(ids).flat();
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...(meant.length > 0 ? meant : any)) },
    { weight: 2, arbitrary: fc.constantFrom(...any) },
    { weight: 2, arbitrary: fc.constantFrom(...junkIds) },
  );
}

const MOMENTS = [
  '2020-02-29T12:00:00Z',
  '2099-01-01T00:00:00+14:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01',
  'infinity',
  'now()',
];

function scalarFor(type: string, place: string, targets: Targets): fc.Arbitrary<unknown> {
  switch (type) {
    case 'ID':
      return idFor(place.toLowerCase(), targets);
    case 'Int':
      return fc.constantFrom(1, 2, 0, -1, 2 ** 31 - 1, -(2 ** 31));
    case 'Boolean':
      return fc.boolean();
    case 'DateTime':
      return fc.constantFrom(...MOMENTS);
    case 'String':
      return fittingText(place.slice(place.indexOf('.') + 1));
    default:
      throw new Error(`There is no generator for the scalar ${type}.`);
  }
}

/** Fields that belong to no input, or not to this one. */
const FOREIGN_FIELDS = [
  'authorId',
  'role',
  'userId',
  'status',
  'isAdmin',
  'createdAt',
  '__proto__',
  'unknown',
];

/**
 * Values for a place in an input.
 *
 * @param place the mutation and the field, such as `addComment.parentId`.
 */
function valueFor(type: GraphQLInputType, place: string, targets: Targets): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return valueFor(type.ofType, place, targets);
  const fitting = (() => {
    if (isListType(type)) return fc.array(valueFor(type.ofType, place, targets), { maxLength: 25 });
    if (isEnumType(type)) {
      return fc.constantFrom(...type.getValues().map(({ name }) => name), 'UNKNOWN', 'Unknown');
    }
    if (isScalarType(type)) return scalarFor(type.name, place, targets);
    return inputFor(type, place, targets);
  })();
  const text = isScalarType(type) && type.name === 'String';
  return fc.oneof(
    { weight: 24, arbitrary: fitting },
    { weight: text ? 6 : 1, arbitrary: text ? hostileText : anything },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

/** Values for an input: mostly its fields, each as it should be or not, some of them missing, sometimes others. */
export function inputFor(type: GraphQLInputType, mutation: string, targets: Targets): fc.Arbitrary<unknown> {
  const object = isNonNullType(type) ? type.ofType : type;
  if (!isInputObjectType(object)) throw new Error(`The input of ${mutation} is no input object.`);
  const fields = Object.values(object.getFields());
  const all = Object.fromEntries(
    fields.map((field) => [field.name, valueFor(field.type, `${mutation}.${field.name}`, targets)]),
  );
  const foreign = fc.constantFrom(...FOREIGN_FIELDS.filter((name) => !(name in all)));
  return fc.oneof(
    { weight: 12, arbitrary: fc.record(all) },
    { weight: 3, arbitrary: fc.record(all, { requiredKeys: [] }) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.record(all), foreign, fc.oneof(fc.constant('ADMIN'), anything))
        .map(([input, name, value]) => ({ ...input, ...Object.fromEntries([[name, value]]) })),
    },
    { weight: 1, arbitrary: anything },
  );
}

/** A value as a literal of GraphQL; names of enum values stand without quotes. */
export function literalOf(value: unknown, enumValues: ReadonlySet<string>): string {
  if (typeof value === 'string') return enumValues.has(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => literalOf(one, enumValues)).join(' ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${name}: ${literalOf(member, enumValues)}`)
      .join(' ')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
