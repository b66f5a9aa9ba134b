/** The name of the unique constraint that an error speaks of; undefined for every other error. */
export function violatedConstraint(error: unknown): string | undefined {
  for (let layer = error; layer instanceof Error; layer = layer.cause) {
    if ('code' in layer && layer.code === '23505' && 'constraint_name' in layer) {
      return String(layer.constraint_name);
    }
  }
  return undefined;
}
