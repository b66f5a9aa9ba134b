/** An error, what caused it, what caused that, and so on; each once, as causes may go round in a circle. */
export function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && !causes.includes(cause); cause = cause.cause) {
    causes.push(cause);
  }
  return causes;
}

/** The `code` that Node, drivers and libraries put on their errors; '' when there is none. */
export const ownCode = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';
