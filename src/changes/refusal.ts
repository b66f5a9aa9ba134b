/** The codes of the enum UserErrorCode. */
export type ProblemCode =
  | 'INVALID'
  | 'TAKEN'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'TOO_LONG'
  | 'EXPIRED';

/** Something that stands in the way of a mutation: a UserError of the schema. */
export interface Problem {
  readonly code: ProblemCode;
  /** What is wrong and what to do about it. */
  readonly message: string;
  /** The way to the input field, from `input` on; null when it is about none. */
  readonly field: readonly string[] | null;
}

/**
 * A mutation that is not carried out, for reasons that its user can read. Thrown within a transaction it undoes all of it.
 */
export class Refusal extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join(' '));
    this.name = 'Refusal';
    this.problems = problems;
  }
}

/** A refusal for one reason. `field` is the input field's name, or the way to it within the input. */
export const refusal = (code: ProblemCode, message: string, ...field: readonly string[]): Refusal =>
  new Refusal([{ code, message, field: field.length === 0 ? null : ['input', ...field] }]);

/** Collects what is wrong with one input, so that its user learns all of it at once. */
export interface Problems {
  add(code: ProblemCode, message: string, ...field: readonly string[]): void;
  /** @throws Refusal when there are any. */
  refuse(): void;
}

export function collectProblems(): Problems {
  const problems: Problem[] = [];
  return {
    add: (code, message, ...field) => {
      problems.push({ code, message, field: field.length === 0 ? null : ['input', ...field] });
    },
    refuse: () => {
      if (problems.length > 0) throw new Refusal(problems);
    },
  };
}

/** Says the same of what does not exist and of what the viewer may not see. */
export const noSuch = (noun: string): string => `There is no ${noun} with this id.`;
