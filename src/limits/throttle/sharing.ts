import type { Redis } from 'ioredis';
import { beginTelling, learn, type Level, move, restore, unlearn } from './levels.js';
import { defineUseBucket } from './script.js';

/** Milliseconds that are collected before Redis is told. */
const COLLECTING = 100;

/** A part of a full bucket that is worth telling at once; less waits for more. */
const NOTABLE = 0.01;

/** Milliseconds that less than that waits at most. */
const LONGEST_WAIT = 1_000;

/** Buckets that are told of at once: what telling may cost the event loop. */
const MOST_AT_ONCE = 1_000;

/** Parts of a full bucket: what an instance lends of it before it tells, while more than so much of it is used by nobody. */
const LENT = 0.05;
const PLENTY = 0.5;

/** Milliseconds for which what Redis said is good enough to lend by: it is told, and answers, every second. */
const KNOWN_FOR = 2_000;

/** Milliseconds after which Redis is asked again when it did not answer. */
const PAUSE = 1_000;

/** Buckets that all instances share. */
export interface Sharing {
  /** Takes points when they are there. Undefined: Redis does not say. */
  take(level: Level, points: number): Promise<boolean | undefined> | boolean | undefined;
  /** There is something to tell of a bucket, or to learn. */
  changed(level: Level): void;
  /** Nobody here looks at a bucket any more. */
  forget(level: Level): void;
  /** Tells what is left. */
  close(): Promise<void>;
}

interface SharingOptions {
  readonly redis: Redis;
  /** Milliseconds, of a clock that only goes forwards. */
  readonly now: () => number;
  /** Hears once that Redis does not answer, until it has answered again. */
  readonly report: (error: unknown) => void;
}

const isWorthTelling = (level: Level, now: number): boolean =>
  Math.abs(level.untold) >= level.size.maximum * NOTABLE || now - level.toldAt >= LONGEST_WAIT;

/**
 * Whether points may be taken before Redis is told: there are many more, as it said just now. So who asks for little waits for
 * no Redis; and instances that do not know of each other overdraw a bucket by no more than they may lend.
 */
function mayLend(level: Level, points: number, now: number): boolean {
  const { maximum } = level.size;
  restore(level, now);
  return (
    // Who takes nothing wants to know what is there.
    points > 0 &&
    now - level.heardAt < KNOWN_FOR &&
    level.used + points <= maximum * PLENTY &&
    // What is under way Redis has perhaps not heard of.
    level.underWay + level.untold + points <= maximum * LENT
  );
}

/** @see Sharing */
export function shareBuckets({ redis, now, report }: SharingOptions): Sharing {
  const changed = new Set<Level>();
  let isAway = false;
  let isReported = false;
  let isClosed = false;
  let collecting: NodeJS.Timeout | undefined;
  let pausing: NodeJS.Timeout | undefined;
  defineUseBucket(redis);

  const begin = (level: Level): number => {
    changed.delete(level);
    return beginTelling(level, now());
  };

  const heard = (level: Level, told: number, used: string): void => {
    learn(level, told, Number(used), now());
    if (!isAway) isReported = false;
  };

  const lost = (level: Level, told: number, error: unknown): void => {
    unlearn(level, told);
    changed.add(level);
    if (isAway) return;
    isAway = true;
    if (!isReported) report(error);
    isReported = true;
    pause();
  };

  /** Asked by nobody's request: none of them waits for a Redis that hangs. A PING does no harm when it arrives late. */
  const askAgain = async (): Promise<void> => {
    try {
      await redis.ping();
      isAway = false;
      collect();
    } catch {
      pause();
    }
  };

  const pause = (): void => {
    if (!isClosed) pausing = setTimeout(() => void askAgain(), PAUSE).unref();
  };

  const tell = async (levels: readonly Level[]): Promise<void> => {
    const pipeline = redis.pipeline();
    const told = levels.map(begin);
    for (const [place, { key, size }] of levels.entries()) {
      pipeline.useBucket(key, size.maximum, size.restoreRate, (told[place] ?? 0).toFixed(3), 0);
    }
    const answers = await pipeline.exec().catch(() => null);
    for (const [place, level] of levels.entries()) {
      const [error, answer] = answers?.[place] ?? [new Error('Redis did not answer.')];
      if (error === null) heard(level, told[place] ?? 0, (answer as [number, string])[1]);
      else lost(level, told[place] ?? 0, error);
    }
  };

  const tellCollected = (): void => {
    collecting = undefined;
    const time = now();
    const due: Level[] = [];
    for (const level of changed) {
      if (due.length === MOST_AT_ONCE) break;
      if (isWorthTelling(level, time)) due.push(level);
    }
    if (due.length > 0) void tell(due);
    collect();
  };

  const collect = (): void => {
    if (isClosed || !hasSomeoneToTell()) return;
    collecting ??= setTimeout(tellCollected, COLLECTING).unref();
  };

  const hasSomeoneToTell = (): boolean => !isAway && changed.size > 0;

  const ask = async (level: Level, points: number): Promise<boolean | undefined> => {
    const told = begin(level);
    const { maximum, restoreRate } = level.size;
    try {
      const [isGranted, used] = await redis.useBucket(
        level.key,
        maximum,
        restoreRate,
        told.toFixed(3),
        points,
      );
      heard(level, told, used);
      return isGranted === 1;
    } catch (error) {
      lost(level, told, error);
      return undefined;
    }
  };

  const note = (level: Level): void => {
    changed.add(level);
    collect();
  };

  return {
    take(level, points) {
      if (isAway) return undefined;
      if (!mayLend(level, points, now())) return ask(level, points);
      move(level, points);
      note(level);
      return true;
    },

    changed: note,

    forget: (level) => void changed.delete(level),

    async close() {
      isClosed = true;
      clearTimeout(collecting);
      clearTimeout(pausing);
      while (hasSomeoneToTell()) await tell([...changed].slice(0, MOST_AT_ONCE));
    },
  };
}
