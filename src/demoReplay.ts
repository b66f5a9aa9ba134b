import { DEMO_COVERAGE } from './lib/replayIds.js';
import { within } from './lib/time.js';
import { createReplayer, type ReplayerOptions } from './replay.js';

/** Ninety minutes of a regatta in two of ours. */
const TEMPO = { speed: 45, longestPause: 10_000 } as const;

/** Milliseconds: a database that hangs must not keep an instance from ending. */
const LONGEST_STOP = 5_000;

/** What the replay of the demo publication works with. */
export interface DemoReplayOptions extends ReplayerOptions {
  /** Hears why it did not go on: another instance is at it, or there is no such coverage here. */
  readonly report: (error: unknown) => void;
}

/** A replay that goes on beside the server. */
export interface DemoReplay {
  /** Ends the coverage where it is, and waits for that, for at most five seconds. */
  stop(): Promise<void>;
}

/** Begins to replay the coverage of the demo publication, once. */
export function startDemoReplay({ report, ...options }: DemoReplayOptions): DemoReplay {
  const stopping = new AbortController();
  const { signal } = stopping;
  const underWay = createReplayer(options)
    .play(DEMO_COVERAGE, { ...TEMPO, signal })
    .then(() => undefined, report);
  return {
    async stop() {
      stopping.abort();
      await within(LONGEST_STOP, underWay, undefined);
    },
  };
}
