import type DataLoader from 'dataloader';
import type { Database } from '../db/client.js';
import type { LoggedEvent } from './catalogue.js';
import { createLoader } from '../lib/loading.js';
import { headsOf, readEvents } from './log.js';

/**
 * Loads the `seq` of the last event of a topic, 0 for none: one statement for all topics that are asked for together.
 *
 * @param batchScheduleFn how long they are collected; without it, for a tick.
 */
export const createHeads = (
  db: Database,
  batchScheduleFn?: (batch: () => void) => void,
): DataLoader<string, number> =>
  createLoader<string, number>(
    'events.heads',
    async (topics) => {
      const found = await headsOf(db, topics);
      return topics.map((topic) => found.get(topic) ?? 0);
    },
    // A topic may have moved on when it is asked again.
    { cache: false, ...(batchScheduleFn && { batchScheduleFn }) },
  );

/** What topics have heard, for those who ask instead of listening. */
export interface History {
  /** The `seq` of the last event that is committed in a topic now; 0 for none. One statement for all topics of a tick. */
  headOf(topic: string): Promise<number>;
  /** What the log keeps after a place, in order. */
  read(topic: string, after: number, limit: number): Promise<readonly LoggedEvent[]>;
}

/** @see History */
export function createHistory(db: Database): History {
  const heads = createHeads(db);
  return {
    headOf: (topic) => heads.load(topic),
    read: (topic, after, limit) => readEvents(db, topic, after, limit),
  };
}
