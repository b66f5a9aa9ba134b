/**
 * Numbers that look random and follow from what they are for alone: no row depends on the order in which rows are made.
 */

/** Each call gives the next number of a series, from 0 up to and without 1. */
export type Random = () => number;

/** What a series is for. The same thing with another number is another publication: never change one. */
export const KIND = {
  user: 1,
  tag: 2,
  post: 3,
  moment: 4,
  title: 5,
  byline: 6,
  topic: 7,
  thread: 8,
  comment: 9,
  coverage: 10,
  entry: 11,
  postReaction: 12,
  commentReaction: 13,
  entryReaction: 14,
  language: 15,
} as const;

type Kind = (typeof KIND)[keyof typeof KIND];

/** Spreads 32 bits over 32 bits, each input to an output of its own: the finaliser of MurmurHash3. */
function mix(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const digest = (kind: Kind, index: number): number => mix(index ^ mix(kind));

/** The series of one thing: mulberry32, begun at the digest of what the thing is. */
export function randomOf(kind: Kind, index: number): Random {
  let state = digest(kind, index);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A place among `count`, the first most often: each as often as one over its place (Zipf's law). */
export const zipf = (count: number, random: Random): number =>
  Math.min(count - 1, Math.floor((count + 1) ** random()) - 1);

/** A number with a long tail: half of all are below the median, and `spread` is the deviation of its logarithm. */
export function longTailed(median: number, spread: number, random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(spread * normal);
}

// Greater than any count, so that it divides none of them.
const PRIME = 179_424_673;

/** Gives each place among `count` another one: neighbours end up far from each other. @param count at most 50 million. */
export const scatter = (place: number, count: number): number => ((place + 1) * PRIME) % count;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * A UUIDv7: the moment, chance, and a digest of the index that no other of its kind has.
 *
 * @param moment milliseconds.
 */
export function idOf(kind: Kind, index: number, moment: number): string {
  const own = digest(kind, index);
  const chance = mix(own ^ 0x5bd1e995);
  const time = hex(moment, 12);
  const first = hex(0x7000 | (chance & 0xfff), 4);
  const second = hex(0x8000 | ((chance >>> 12) & 0x3fff), 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-${first}-${second}-${hex(chance >>> 16, 4)}${hex(own, 8)}`;
}
