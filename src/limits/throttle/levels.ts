/** How much a bucket holds, and how fast it fills. */
export interface Size {
  /** Points in a full bucket. */
  readonly maximum: number;
  /** Points that come back in a second. */
  readonly restoreRate: number;
}

/** What is known here of one bucket. A level that nobody has touched is full. */
export interface Level {
  /** Names it in Redis. */
  readonly key: string;
  size: Size;
  /** Points that are gone, as of `at`; more than the maximum when instances together took too many. */
  used: number;
  /** Milliseconds, of the clock of this process. */
  at: number;
  /** Points of `used` that were taken here and that Redis has not heard of; below zero: given back. */
  untold: number;
  /** Points that Redis is being told of. */
  underWay: number;
  /** When Redis was last told, or asked. */
  toldAt: number;
  /** When it last answered. */
  heardAt: number;
}

/** A full bucket. */
export const fullLevel = (key: string, size: Size, now: number): Level => ({
  key,
  size,
  used: 0,
  at: now,
  untold: 0,
  underWay: 0,
  toldAt: Number.NEGATIVE_INFINITY,
  heardAt: Number.NEGATIVE_INFINITY,
});

/** Lets come back what came back since it was last looked at. */
export function restore(level: Level, now: number): void {
  level.used = Math.max(0, level.used - ((now - level.at) * level.size.restoreRate) / 1_000);
  level.at = now;
}

/** Takes points, or gives back when they are less than none; here, as long as Redis does not say otherwise. */
export function move(level: Level, points: number): void {
  level.used = Math.max(0, level.used + points);
  level.untold += points;
}

/** Takes points when they are there. */
export function takeHere(level: Level, points: number): boolean {
  if (level.used + points > level.size.maximum) return false;
  move(level, points);
  return true;
}

/** Milliseconds until so many points are there. */
export const millisecondsUntil = ({ used, size }: Level, points: number): number =>
  Math.max(0, Math.ceil(((used + points - size.maximum) * 1_000) / size.restoreRate));

/**
 * The points that Redis should be told of now. What has come back meanwhile is none of them: after an hour without Redis it
 * hears what is owed at its end, and not all that was taken in it.
 */
export function beginTelling(level: Level, now: number): number {
  restore(level, now);
  const told = Math.min(level.untold, level.used);
  level.untold = 0;
  level.underWay += told;
  level.toldAt = now;
  return told;
}

/** Redis has heard of `told`, and says how many points are gone by all that it has heard. */
export function learn(level: Level, told: number, used: number, now: number): void {
  level.underWay -= told;
  level.used = Math.max(0, used + level.underWay + level.untold);
  level.at = now;
  level.heardAt = now;
}

/** Nobody knows whether Redis has heard of `told`. It is told again: counting twice is no open door. */
export function unlearn(level: Level, told: number): void {
  level.underWay -= told;
  level.untold += told;
}
