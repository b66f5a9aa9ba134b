import { Histogram, type Registry } from 'prom-client';

/** Values of one kind that are kept until they are counted together. */
const MOST_KEPT = 1_000;

/** What a histogram is called, and what it counts. */
export interface Readings {
  readonly name: string;
  readonly help: string;
  readonly buckets: readonly number[];
  /** What tells its values apart; undefined: nothing does. */
  readonly label?: string;
}

/** Takes one value. @param kind the value of the label. */
export type Read = (value: number, kind?: string) => void;

/**
 * A histogram of what is read many times in each request. Values are counted when somebody looks, or when there are many: one at
 * a time takes several times as long.
 */
export function createReadings(register: Registry, { name, help, buckets, label }: Readings): Read {
  const kept = new Map<string, { readonly values: Float64Array; length: number }>();
  const count = (kind: string): void => {
    const own = kept.get(kind);
    if (own === undefined) return;
    const labels = label === undefined ? {} : { [label]: kind };
    for (const value of own.values.subarray(0, own.length)) histogram.observe(labels, value);
    own.length = 0;
  };
  const histogram = new Histogram<string>({
    name,
    help,
    buckets: [...buckets],
    labelNames: label === undefined ? [] : [label],
    registers: [register],
    collect() {
      for (const kind of kept.keys()) count(kind);
    },
  });
  const keep = (kind: string) => {
    const own = { values: new Float64Array(MOST_KEPT), length: 0 };
    kept.set(kind, own);
    return own;
  };
  return (value, kind = '') => {
    const own = kept.get(kind) ?? keep(kind);
    own.values[own.length] = value;
    own.length += 1;
    if (own.length === MOST_KEPT) count(kind);
  };
}
