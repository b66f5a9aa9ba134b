import type { Changes } from '../changes/change.js';
import type { IdempotencyStore } from '../changes/idempotency.js';
import type { Database } from '../db/client.js';
import { forgetEvents } from '../events/log.js';
import { createAccountWriting } from '../modules/accounts/repo/writing.js';
import { createScheduler } from '../modules/posts/scheduler.js';
import { every, type Repetition } from '../lib/every.js';

const SECOND = 1_000;
const HOUR = 3_600_000;
/** How long the answers to mutations are kept for their repetition. */
const HOURS_KEPT = 72;
/** Rows forgotten by one statement: more would hold locks for long. */
const AT_ONCE = 1_000;

/** What the jobs work with. */
export interface JobsOptions {
  readonly db: Database;
  readonly changes: Changes;
  readonly idempotency: IdempotencyStore;
  /** Hours for which events are kept. */
  readonly eventRetention: number;
  /** Hears that a job failed; it goes on all the same. */
  readonly report: (error: unknown, job: string) => void;
}

/** Forgets a bit at a time until nothing is left. @param forget answers how many it forgot; less than asked for: all. */
async function forgetAll(forget: (most: number) => Promise<number>): Promise<void> {
  while ((await forget(AT_ONCE)) >= AT_ONCE);
}

/** Starts what an instance does without being asked: it publishes what is scheduled, and forgets what is over. */
export function startJobs({ db, changes, idempotency, eventRetention, report }: JobsOptions): Repetition {
  const cleanUp = async (): Promise<undefined> => {
    await forgetAll((most) => idempotency.forget(db, HOURS_KEPT, most));
    const accounts = createAccountWriting(db);
    await forgetAll(async (most) => (await accounts.forgetSessions(most)).length);
    await forgetAll(async (most) => (await accounts.forgetApiTokens(most)).length);
    await forgetAll((most) => forgetEvents(db, eventRetention, most));
  };
  const jobs = [
    every(SECOND, createScheduler(db, changes), (error) => report(error, 'schedule')),
    every(HOUR, cleanUp, (error) => report(error, 'clean-up')),
  ];
  return {
    async stop() {
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}
