/** What a contender is to do; handed from the coordinator to its processes as JSON. */
export interface Plan {
  readonly databaseUrl: string;
  readonly endpoint: string;
  readonly clients: readonly {
    readonly userId: string;
    readonly sessionId: string;
    readonly token: string;
  }[];
  readonly posts: readonly { readonly uuid: string; readonly id: string }[];
  readonly milliseconds: number;
  /** The statements of one mutation, as the product ran them. */
  readonly statements: readonly { readonly text: string; readonly parameters: readonly unknown[] }[];
  /** What the recorded parameters hold, to be replaced by the iteration's own. */
  readonly recorded: {
    readonly userId: string;
    readonly sessionId: string;
    readonly postId: string;
    /** The new comment's id; null for a reaction. */
    readonly commentId: string | null;
  };
  readonly operation: 'addComment' | 'addReaction';
}

export const planOfProcess = (): Plan => JSON.parse(process.env['BENCH_PLAN'] ?? '') as Plan;
