import type { Viewer } from '../auth/viewer.js';
import type { Once } from './idempotency.js';

/** Who wants a change, and from where: what a service needs to know of a request. */
export interface Caller {
  readonly viewer: Viewer;
  /** What is asked for: the name of the mutation, or of the command. */
  readonly operation: string;
  /** The network address of the client; null: the server itself, or its command line. */
  readonly address: string | null;
  readonly requestId: string | null;
  /** Given when the client gave a key: carry it out once. */
  readonly once?: Once;
}
