import { randomBytes } from 'node:crypto';
import { SingleBar } from 'cli-progress';
import { createChanges } from '../../changes/change.js';
import { createIdempotencyStore } from '../../changes/idempotency.js';
import { Refusal } from '../../changes/refusal.js';
import type { Config } from '../../config.js';
import { connectDatabase } from '../../db/connect.js';
import { encodeId } from '../../graphql/globalIds.js';
import { createBodyRenderer } from '../../render/pool.js';
import { createReplayer, type Replay, type ReplayOptions, type Tempo } from '../../replay.js';
import { interruptible } from '../interruptible.js';

/** As they were typed. */
export interface ReplayCommandOptions {
  readonly coverage: string;
  readonly speed: string;
  readonly longestPause: string;
}

/** Seconds, or as many times as fast; timers go no further. */
const MOST = 1_000_000;

// A title may come from a file: it must not steer the terminal.
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '\uFFFD');

/** A positive number as people write it: `60`, `0.5`. */
function positive(option: string, text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= MOST) return value;
  throw new Error(`${option} must be a number above 0, such as 60 or 0.5, not ${JSON.stringify(text)}.`);
}

const tempoOf = ({ speed, longestPause }: ReplayCommandOptions): Tempo => ({
  speed: positive('--speed', speed),
  longestPause: positive('--longest-pause', longestPause) * 1000,
});

function lengthOf(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function announce({ post, entries, duration }: Replay): void {
  const id = encodeId('Post', post.id);
  const fields = 'type entry { occurredAt speaker body } coverage { status }';
  console.log(`${printable(post.title)}: ${entries} entries in ${lengthOf(duration)}
  post  ${id}
  slug  ${post.slug}
To watch it in GraphiQL, run this there:

subscription { coverageChanged(postId: "${id}") { ${fields} } }
`);
}

interface Progress {
  readonly hears: Pick<ReplayOptions, 'onStart' | 'onEntry'>;
  /** Clears the line. */
  readonly close: () => void;
}

/** Shows how far a replay is, in one line, where somebody looks on. */
function startProgress(): Progress {
  const bar = process.stdout.isTTY
    ? new SingleBar({ format: '{bar} {value} of {total}', hideCursor: true, clearOnComplete: true })
    : undefined;
  return {
    hears: {
      onStart(replay) {
        announce(replay);
        bar?.start(replay.entries, 0);
      },
      onEntry: (played) => bar?.update(played),
    },
    close: () => bar?.stop(),
  };
}

/** `tidings replay`: plays a coverage that exists as if it happened now. Ctrl-C ends it. */
export async function replayCommand(config: Config, options: ReplayCommandOptions): Promise<void> {
  const tempo = tempoOf(options);
  await interruptible(async (signal) => {
    // One connection for the claim on the post, and one to write.
    const database = await connectDatabase({ ...config, poolSize: 2 });
    const renderer = createBodyRenderer();
    // Nothing here is sent twice by a client, so nothing is ever sealed with this secret.
    const idempotency = createIdempotencyStore(randomBytes(32).toString('hex'));
    // Instances that run find in the log what is done here.
    const changes = createChanges(database.db, idempotency, () => undefined);
    const replayer = createReplayer({ db: database.db, changes, renderer });
    const progress = startProgress();
    try {
      const { played, entries } = await replayer.play(options.coverage, {
        ...tempo,
        ...progress.hears,
        signal,
      });
      progress.close();
      console.log(
        played === entries
          ? `Played all ${entries} entries; the coverage has ended.`
          : `Stopped after ${played} of ${entries} entries; the coverage has ended.`,
      );
    } catch (error) {
      throw error instanceof Refusal ? new Error(error.message) : error;
    } finally {
      progress.close();
      await renderer.close();
      await database.close();
    }
  });
}
