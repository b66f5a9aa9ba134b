import type { Database } from '../../src/db/client.js';
import { forgetEvents, headsOf, readEvents } from '../../src/events/log.js';

/** Runs every statement that reads the log of events, or forgets a part of it. */
export async function runEventStatements(db: Database): Promise<void> {
  await headsOf(db, ['posts']);
  await headsOf(db, ['posts'], 'events.beat');
  await readEvents(db, 'posts', 0, 200);
  await forgetEvents(db, 168, 1_000);
}
