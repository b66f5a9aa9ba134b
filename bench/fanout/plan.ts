/** What the coordinator asks of a server. */
export type ServerOrder =
  | { readonly type: 'emit'; readonly events: number }
  /** Collect garbage and say what is left. */
  | { readonly type: 'heap' };

/** What a server says. */
export type ServerReport =
  | { readonly type: 'ready'; readonly url: string }
  /** Bytes. */
  | { readonly type: 'heap'; readonly heapUsed: number; readonly rss: number };

/** What every subscriber asks for. */
export const SUBSCRIPTION =
  'subscription ($id: ID!) { commentsChanged(postId: $id) { cursor type occurredAt commentId comment { body createdAt author { username name } } } }';
