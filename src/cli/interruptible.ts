/** As main.ts has it: Ctrl-C reaches this process twice, once by way of npm. */
const SAME_WISH = 500;

/** Runs work that Ctrl-C asks to end; a second Ctrl-C ends the process. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stopping = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listenNoMore = (): void => {
    for (const signal of signals) process.off(signal, stop);
  };
  function stop(): void {
    if (stopping.signal.aborted) return;
    stopping.abort();
    setTimeout(listenNoMore, SAME_WISH).unref();
  }
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(stopping.signal);
  } finally {
    listenNoMore();
  }
}
