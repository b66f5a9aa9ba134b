import { type SQL, sql } from 'drizzle-orm';
import { every } from '../lib/every.js';
import { within } from '../lib/time.js';
import type { Database, DatabaseClient } from './client.js';
import type { Pool } from './pool.js';
import { namedSql } from './statement.js';

/** Copies of the database that others may read from. */
export interface Replicas {
  /** One that has all that was committed as long ago as is allowed, or earlier; undefined: none has at the moment. */
  choose(): Replica | undefined;
  /** How they are now, in the order in which they were given. */
  states(): readonly ReplicaState[];
  close(): Promise<void>;
}

/** One of them. */
export interface Replica {
  readonly pool: Pool;
  /** It failed: nobody is sent there until it answers again. */
  fail(): void;
}

/** What an operator sees of one. */
export interface ReplicaState {
  readonly pool: Pool['numbers'];
  /** Whether it is read from. */
  readonly isWell: boolean;
  /** Milliseconds that it is behind, at most; undefined: it has not said yet. */
  readonly lag: number | undefined;
}

/** Hears what an operator should know. */
export interface ReplicaLog {
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
}

export interface ReplicasOptions {
  readonly primary: Database;
  readonly replicas: readonly DatabaseClient[];
  /** Milliseconds that a replica may be behind. */
  readonly maxLag: number;
  readonly log: ReplicaLog;
}

/** Milliseconds between two looks; one that takes as long is not waited for. */
const INTERVAL = 1_000;

/** How far a server's log of changes reached, in bytes, at a moment. */
interface Reach {
  readonly at: number;
  readonly bytes: number;
}

/** What is kept of a replica. */
interface Watched {
  readonly client: DatabaseClient;
  /** It has all that was committed up to this moment. */
  seenUntil: number;
  answers: boolean;
  isAsked: boolean;
  /** What the operator was told last. */
  isWell: boolean;
}

/** Null on a server that is no replica, or not any more. */
async function reachOf(db: Database, name: string, position: SQL): Promise<number | null> {
  const [row] = await namedSql<{ bytes: string | null }>(
    db,
    name,
    sql`select (${position} - '0/0'::pg_lsn)::text as bytes`,
  );
  return row?.bytes == null ? null : Number(row.bytes);
}

/**
 * Watches replicas. Once a second it asks the primary how far its log reaches, and the replicas how much of that they have:
 * so it is known up to which moment a replica has everything, whatever the clocks say and however little is written.
 * `pg_last_xact_replay_timestamp` alone would take a primary on which nothing is written for a replica that lags.
 */
export function createReplicas({ primary, replicas, maxLag, log }: ReplicasOptions): Replicas {
  const watched = replicas.map((client): Watched => ({
    client,
    seenUntil: -Infinity,
    answers: false,
    isAsked: false,
    isWell: true,
  }));
  /** What the primary said, newest last; as far back as a replica may be behind. */
  const reaches: Reach[] = [];
  let turn = 0;

  const isWell = ({ answers, seenUntil }: Watched): boolean =>
    answers && performance.now() - seenUntil <= maxLag;

  const ask = async (one: Watched): Promise<void> => {
    if (one.isAsked) return;
    one.isAsked = true;
    try {
      const position = sql`case when pg_is_in_recovery() then pg_last_wal_replay_lsn() end`;
      const bytes = await reachOf(one.client.db, 'replicas.reach', position);
      one.seenUntil =
        reaches.findLast((reach) => bytes !== null && reach.bytes <= bytes)?.at ?? one.seenUntil;
      one.answers = bytes !== null;
    } catch {
      one.answers = false;
    } finally {
      one.isAsked = false;
    }
  };

  const tell = (one: Watched, place: number): void => {
    const now = isWell(one);
    if (now === one.isWell) return;
    one.isWell = now;
    const details = { replica: place + 1 };
    if (now) log.info(details, 'a replica is back');
    else log.warn(details, 'a replica is away or too far behind; it is not read from');
  };

  const look = async (): Promise<undefined> => {
    const at = performance.now();
    try {
      const bytes = await within(
        INTERVAL,
        reachOf(primary, 'replicas.primary', sql`pg_current_wal_lsn()`),
        null,
      );
      if (bytes !== null) reaches.push({ at, bytes });
      while (reaches[0] !== undefined && at - reaches[0].at > maxLag) reaches.shift();
    } finally {
      const asked = watched.map(async (one) => {
        if (
          !(await within(
            INTERVAL,
            ask(one).then(() => true),
            false,
          ))
        )
          one.answers = false;
      });
      await Promise.all(asked);
      watched.forEach(tell);
    }
  };
  // A primary that is away is told of by whoever needs it.
  const watching = every(INTERVAL, look, () => undefined);

  return {
    choose() {
      turn += 1;
      const well = watched.filter(isWell);
      const one = well[turn % well.length];
      return (
        one && {
          pool: one.client.pool,
          fail() {
            one.answers = false;
          },
        }
      );
    },
    states: () =>
      watched.map((one) => ({
        pool: one.client.pool.numbers,
        isWell: isWell(one),
        lag: Number.isFinite(one.seenUntil) ? performance.now() - one.seenUntil : undefined,
      })),
    async close() {
      await watching.stop();
      await Promise.all(watched.map(({ client }) => client.close()));
    },
  };
}
