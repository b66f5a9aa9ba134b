/** The middle one. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value below which so much of them lies; 0.99: what one in a hundred exceeds. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
