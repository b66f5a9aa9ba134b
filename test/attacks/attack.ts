/** What somebody sends who means harm, and what has to become of it, whichever way it came. */
export interface Attack {
  /** Goes on with "is" and the code. */
  readonly name: string;
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
  /** The code of the first error; `ANSWERED`: harmless, and answered. */
  readonly expected: string;
  /** What the first message says. */
  readonly says?: RegExp;
  /** What is answered, as far as it matters. */
  readonly data?: unknown;
  /** Where a WebSocket says something else: it is closed when a message is none of the protocol. */
  readonly socket?: string;
  /** Where HTTP says something else, as it streams nothing. */
  readonly http?: string;
  /** Whether something is read all the same, before a field finds that its argument makes no sense. */
  readonly reads?: boolean;
  /** A name of the schema that was not sent, and must not be told. */
  readonly hidden?: string;
  /** Milliseconds of CPU that a POST may take, client included; 50 unless it says otherwise. Not asked of what is answered. */
  readonly mostCpu?: number;
}
