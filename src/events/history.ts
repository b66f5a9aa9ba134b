import DataLoader from 'dataloader';
import type { Database } from '../db/client.js';
import type { LoggedEvent } from './catalogue.js';
import { headsOf, readEvents } from './log.js';

/** What topics have heard, for those who ask instead of listening. */
export interface History {
  /** The `seq` of the last event that is committed in a topic now; 0 for none. One statement for all topics of a tick. */
  headOf(topic: string): Promise<number>;
  /** What the log keeps after a place, in order. */
  read(topic: string, after: number, limit: number): Promise<readonly LoggedEvent[]>;
}

/** @see History */
export function createHistory(db: Database): History {
  const heads = new DataLoader<string, number>(
    async (topics) => {
      const found = await headsOf(db, topics);
      return topics.map((topic) => found.get(topic) ?? 0);
    },
    // A topic may have moved on when it is asked again.
    { cache: false },
  );
  return {
    headOf: (topic) => heads.load(topic),
    read: (topic, after, limit) => readEvents(db, topic, after, limit),
  };
}
