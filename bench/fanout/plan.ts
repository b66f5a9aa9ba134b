/** What the coordinator asks of a peer. */
export interface EmitOrder {
  readonly type: 'emit';
  readonly events: number;
}

/** What every subscriber asks for. */
export const SUBSCRIPTION =
  'subscription ($id: ID!) { commentsChanged(postId: $id) { cursor type occurredAt commentId comment { body createdAt author { username name } } } }';
