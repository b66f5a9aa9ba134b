import { Histogram, type Registry } from 'prom-client';

/** Values of one kind that are kept until they are counted together. */
const MOST_KEPT = 200;

/** What a histogram is called, and what it counts. */
export interface Readings {
  readonly name: string;
  readonly help: string;
  readonly buckets: readonly number[];
  /** What tells its values apart. */
  readonly labelNames: readonly string[];
}

/** Takes one value. @param labels their values, in the order of the names. */
export type Read = (value: number, ...labels: readonly string[]) => void;

/** Between labels: clients choose names, but only such as GraphQL allows. */
const SEPARATOR = ' ';

/** Values that are not counted yet. */
interface Kept {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Float64Array;
  length: number;
}

/**
 * A histogram of what is read many times in each request. Values are counted when somebody looks, or when there are many: one at
 * a time takes several times as long.
 */
export function createReadings(register: Registry, { name, help, buckets, labelNames }: Readings): Read {
  const kept = new Map<string, Kept>();
  const count = (own: Kept): void => {
    for (const value of own.values.subarray(0, own.length)) histogram.observe(own.labels, value);
    own.length = 0;
  };
  const histogram = new Histogram<string>({
    name,
    help,
    buckets: [...buckets],
    labelNames: [...labelNames],
    registers: [register],
    collect() {
      for (const own of kept.values()) count(own);
    },
  });
  const keep = (key: string, labels: readonly string[]): Kept => {
    const own = {
      labels: Object.fromEntries(labelNames.map((label, place) => [label, labels[place] ?? ''])),
      values: new Float64Array(MOST_KEPT),
      length: 0,
    };
    kept.set(key, own);
    return own;
  };
  return (value, ...labels) => {
    const key = labels.join(SEPARATOR);
    const own = kept.get(key) ?? keep(key, labels);
    own.values[own.length] = value;
    own.length += 1;
    if (own.length === MOST_KEPT) count(own);
  };
}
