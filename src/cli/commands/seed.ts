import { SingleBar } from 'cli-progress';
import type { Config } from '../../config.js';
import { findDatabase } from '../../db/connect.js';
import type { Size } from '../../seed/publication.js';
import { seedDatabase, type Seeded, type SeedOptions } from '../../seed/seed.js';
import { interruptible } from '../interruptible.js';

/** As they were typed. */
export interface SeedCommandOptions {
  readonly users: string;
  readonly posts: string;
  readonly comments: string;
}

/** The least and the most of each. Posts and comments need somebody who writes them. */
const RANGES = {
  users: { least: 1, most: 50_000_000 },
  posts: { least: 0, most: 10_000_000 },
  comments: { least: 0, most: 100_000_000 },
} as const;

/** A whole number as people write it: `5000000`, `5_000_000`, `5,000,000`. */
function whole(kind: keyof typeof RANGES, text: string): number {
  const { least, most } = RANGES[kind];
  const value = /^\d[\d_,]*$/.test(text) ? Number(text.replaceAll(/[_,]/g, '')) : -1;
  if (value >= least && value <= most) return value;
  throw new Error(
    `--${kind} must be a whole number from ${least} to ${most}, such as 10000, not ${JSON.stringify(text)}.`,
  );
}

function sizeOf(options: SeedCommandOptions): Size {
  const users = whole('users', options.users);
  const posts = whole('posts', options.posts);
  const comments = whole('comments', options.comments);
  if (posts === 0 && comments > 0) {
    throw new Error(
      `--comments must be 0 when there are no posts to comment on, not ${comments}; or set --posts.`,
    );
  }
  return { users, posts, comments };
}

interface Progress {
  readonly hear: NonNullable<SeedOptions['onProgress']>;
  /** Clears the line. */
  readonly close: () => void;
}

/** Shows what is being done: a line for each task, or a bar where somebody looks on. */
function startProgress(): Progress {
  const bar = process.stdout.isTTY
    ? new SingleBar({ format: '{bar} {percentage}%  {task}', hideCursor: true, clearOnComplete: true })
    : undefined;
  let current = '';
  return {
    hear(task, done, total) {
      if (task !== current) {
        current = task;
        bar?.start(total ?? 0, done, { task });
        if (!bar) console.log(task);
      }
      bar?.update(done);
    },
    close: () => bar?.stop(),
  };
}

const table = (seeded: Seeded): string =>
  [...seeded].map(([name, rows]) => name.padEnd(20) + String(rows).padStart(11)).join('\n');

/** `tidings seed`: fills an empty database with a made-up publication. Ctrl-C leaves it empty. */
export async function seedCommand(config: Config, options: SeedCommandOptions): Promise<void> {
  const size = sizeOf(options);
  const started = performance.now();
  await interruptible(async (signal) => {
    const database = await findDatabase(config);
    const progress = startProgress();
    try {
      const seeded = await seedDatabase(database.url, size, { signal, onProgress: progress.hear });
      progress.close();
      const seconds = (performance.now() - started) / 1000;
      const peak = Math.round(process.resourceUsage().maxRSS / 1024);
      console.log(`${table(seeded)}\n\nin ${seconds.toFixed(1)} s, at most ${peak} MB of memory`);
    } finally {
      progress.close();
      await database.leave();
    }
  });
}
