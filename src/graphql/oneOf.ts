/** What to do with each member of a @oneOf input. */
type Branches<Input, Result> = { [Key in keyof Input]-?: (value: NonNullable<Input[Key]>) => Result };

/**
 * Follows the one member of a @oneOf input that is set. GraphQL has made sure that there is exactly one.
 */
export function oneOf<Input extends object, Result>(input: Input, branches: Branches<Input, Result>): Result {
  for (const key of Object.keys(branches) as (keyof Input)[]) {
    const value = input[key];
    if (value !== undefined && value !== null) return branches[key](value);
  }
  throw new Error('A @oneOf input without a member passed validation.');
}
