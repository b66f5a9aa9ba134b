/** What a check found. */
export interface Finding {
  /** What was looked at: the same in every version, for programs that read it. */
  readonly check: string;
  /** A problem keeps an instance from serving, or endangers what it keeps. A warning is worth a thought. */
  readonly state: 'ok' | 'warning' | 'problem';
  readonly what: string;
  /** What to do about it. */
  readonly todo?: string;
}

export const ok = (check: string, what: string): Finding => ({ check, state: 'ok', what });

export const warning = (check: string, what: string, todo: string): Finding => ({
  check,
  state: 'warning',
  what,
  todo,
});

export const problem = (check: string, what: string, todo: string): Finding => ({
  check,
  state: 'problem',
  what,
  todo,
});
