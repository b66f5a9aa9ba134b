import type { FastifyBaseLogger } from 'fastify';
import type { Redis } from 'ioredis';
import { createWriters, type Writers } from './changes/writers.js';
import type { Config } from './config.js';
import type { Database, DatabaseOptions } from './db/client.js';
import { connectReplicas } from './db/connect.js';
import { createReaders, plainReaders, type ReaderFactory } from './db/readers.js';
import type { Replicas } from './db/replicas.js';

/** Where requests read, and what that takes. */
export interface Reading {
  readonly readerOf: ReaderFactory;
  /** Who must be remembered; absent where there are no replicas. */
  readonly writers?: Writers;
  /** To be closed in the end; absent where there are none. */
  readonly replicas?: Replicas;
}

export interface ReadingOptions {
  readonly config: Config;
  readonly db: Database;
  readonly redis: Redis | undefined;
  readonly log: FastifyBaseLogger;
  readonly onStatement: DatabaseOptions['onStatement'] | undefined;
}

/** Milliseconds for which who wrote reads from the primary, at least. */
const SHORTEST_MEMORY = 5_000;

/** @see Reading */
export function openReading({ config, db, redis, log, onStatement }: ReadingOptions): Reading {
  if (config.replicaUrls.length === 0) return { readerOf: plainReaders(db, config.sharedReads) };
  const replicas = connectReplicas(config, db, log, onStatement);
  // As long as a replica may be behind.
  const writers = createWriters(redis, Math.max(SHORTEST_MEMORY, config.replicaMaxLag));
  const readerOf = createReaders({
    db,
    replicas,
    shares: config.sharedReads,
    wroteJustNow: (userId) => writers.wroteJustNow(userId),
  });
  return { readerOf, writers, replicas };
}
