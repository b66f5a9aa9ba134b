import { getNamedType, type GraphQLNamedType, type GraphQLObjectType } from 'graphql';
import type { Estimate } from './estimate.js';
import type { MergedField, MergedOperation, MergedSelections } from './merged.js';
import type { Tariff } from './tariff.js';

/** Counts an answer, or a part of it. */
export type Count = (answered: unknown) => number;

type Answered = Readonly<Record<string, unknown>>;

/** A field of an object that is to be looked into. */
interface Part {
  readonly name: string;
  readonly count: Count;
}

/** What an object of one type took. */
interface ObjectCount {
  readonly names: readonly string[];
  readonly count: (object: Answered) => number;
}

const ofEach = (count: Count): Count => {
  const each: Count = (answered) => {
    if (answered == null) return 0;
    if (!Array.isArray(answered)) return count(answered);
    let sum = 0;
    for (const member of answered) sum += each(member);
    return sum;
  };
  return each;
};

const ofWeight = (weight: number): Count => ofEach(() => weight);

const ofObject =
  (own: number, parts: readonly Part[]): ObjectCount['count'] =>
  (answered) => {
    let sum = own;
    for (const { name, count } of parts) sum += count(answered[name]);
    return sum;
  };

const ofUnknown = (counts: readonly ObjectCount[]): Count =>
  ofEach((answered) => countUnknown(counts, answered as Answered));

const ofRoot =
  (count: ObjectCount['count']): Count =>
  (answered) =>
    count((answered ?? {}) as Answered);

/**
 * Makes the function that counts the answers of one operation: each object that is there, with the own points of all that was
 * asked of it. What each selection is made of is looked up here, once; counting walks the answer only. The function holds
 * nothing of what it was made from, as it is kept for long: so what it consists of is made outside.
 */
export function createCount(
  tariff: Tariff,
  { type, fields }: MergedOperation,
  { ownPoints }: Estimate,
): Count {
  const countOf = (object: GraphQLObjectType, selection: readonly MergedField[]): ObjectCount => {
    const own = selection.reduce((sum, { node }) => sum + (ownPoints.get(node) ?? 0), tariff.ofType(object));
    const parts = selection.flatMap(({ name, field, below }) => {
      const count = countBelow(getNamedType(field.type), below);
      return count ? [{ name, count }] : [];
    });
    return { names: selection.map(({ name }) => name), count: ofObject(own, parts) };
  };

  /** Undefined where nothing can be counted: a scalar without weight. */
  const countBelow = (named: GraphQLNamedType, below: MergedSelections): Count | undefined => {
    const counts = [...below].map(([object, selection]) => countOf(object, selection));
    const [only] = counts;
    if (!only) {
      const weight = tariff.ofType(named);
      return weight === 0 ? undefined : ofWeight(weight);
    }
    return counts.length === 1 ? ofEach(only.count as Count) : ofUnknown(counts);
  };

  return ofRoot(countOf(type, fields).count);
}

/**
 * An answer does not say of which type an object is, unless it was asked. What fits is what was asked of its type; of several
 * that fit, the one that takes least, so that it is never more than was estimated.
 */
function countUnknown(counts: readonly ObjectCount[], answered: Answered): number {
  const { length } = Object.keys(answered);
  const fits = counts.filter(
    ({ names }) => names.length === length && names.every((name) => Object.hasOwn(answered, name)),
  );
  return Math.min(...(fits.length > 0 ? fits : counts).map(({ count }) => count(answered)));
}
