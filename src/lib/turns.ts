/**
 * Makes work that is asked for from many sides run one at a time: asked for while it runs, it runs once more afterwards.
 *
 * @param failed hears when it failed; it may ask again.
 */
export function inTurns(work: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let isRunning = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (isWanted) {
      isWanted = false;
      try {
        await work();
      } catch (error) {
        failed(error);
      }
    }
    isRunning = false;
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}
