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

/** What one contender did in one round. */
export interface Result {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Runs `clients` loops for a time. */
export async function race(
  clients: number,
  milliseconds: number,
  step: (client: number, turn: number) => Promise<void>,
): Promise<Result> {
  const times: number[] = [];
  const started = performance.now();
  const end = started + milliseconds;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let turn = 0; performance.now() < end; turn += 1) {
        const began = performance.now();
        // eslint-disable-next-line no-await-in-loop -- a client waits for its answer
        await step(client, turn);
        times.push(performance.now() - began);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? NaN;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}

export const planOfProcess = (): Plan => JSON.parse(process.env['BENCH_PLAN'] ?? '') as Plan;
