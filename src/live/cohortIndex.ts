import type { Following } from '../events/feeds.js';
import type { Cohort, Stream } from './stream.js';

/** Where a cohort belongs. */
interface Home {
  /** The same for all that answer the same to the same audience. */
  readonly key: string;
  readonly followings: readonly Following[];
}

/** The cohorts of this instance, and who is in which. */
export interface CohortIndex {
  readonly size: number;
  /** One that a stream can join which was answered up to a position. */
  find(key: string, position: number): Cohort | undefined;
  /** Takes in a new cohort. What it follows is let go of when nobody is left in it. */
  add(cohort: Cohort, home: Home): void;
  join(stream: Stream, cohort: Cohort): void;
  leave(stream: Stream): void;
  /** A cohort came to another position: those of the same kind that stand at the same one are one from then on. */
  moved(cohort: Cohort): void;
}

/** @see CohortIndex */
export function createCohortIndex(): CohortIndex {
  const cohorts = new Map<string, Set<Cohort>>();
  const homes = new WeakMap<Cohort, Home>();

  const find = (key: string, position: number, but?: Cohort): Cohort | undefined =>
    [...(cohorts.get(key) ?? [])].find((one) => one !== but && one.isOpen && one.position === position);

  const dissolve = (cohort: Cohort): void => {
    const home = homes.get(cohort);
    if (home === undefined) return;
    cohort.stop();
    for (const following of home.followings) following.stop();
    const alike = cohorts.get(home.key);
    alike?.delete(cohort);
    if (alike?.size === 0) cohorts.delete(home.key);
    homes.delete(cohort);
  };

  const join = (stream: Stream, cohort: Cohort): void => {
    cohort.streams.add(stream);
    stream.cohort = cohort;
    cohort.advance();
  };

  return {
    get size() {
      return [...cohorts.values()].reduce((sum, { size }) => sum + size, 0);
    },
    find,
    add(cohort, home) {
      const alike = cohorts.get(home.key) ?? new Set();
      cohorts.set(home.key, alike.add(cohort));
      homes.set(cohort, home);
    },
    join,
    leave(stream) {
      const { cohort } = stream;
      stream.cohort = undefined;
      cohort?.streams.delete(stream);
      if (cohort?.streams.size === 0) dissolve(cohort);
    },
    moved(cohort) {
      const other = find(homes.get(cohort)?.key ?? '', cohort.position, cohort);
      if (other === undefined) return;
      for (const stream of cohort.streams) join(stream, other);
      cohort.streams.clear();
      dissolve(cohort);
    },
  };
}
