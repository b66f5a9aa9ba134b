import type { Changes } from '../../changes/change.js';
import type { Database } from '../../db/client.js';
import { publishDue } from './publishing.js';
import { createPostWriting } from './repo/writing.js';

/** Posts published by one transaction. */
const AT_ONCE = 20;

/**
 * Publishes what is due. Any number of instances may do so at the same time: each post is published once.
 *
 * @returns work for `every`: it answers in how many milliseconds the next post is due; undefined: nobody knows of one, or
 *   another instance is at it.
 */
export const createScheduler = (db: Database, changes: Changes) => async (): Promise<number | undefined> => {
  const posts = createPostWriting(db);
  for (;;) {
    const until = await posts.untilDue();
    if (until === undefined || until > 0) return until;
    if ((await publishDue(changes, AT_ONCE)) === 0) return undefined;
  }
};
