import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { createSharedDocuments, type DocumentsLog } from './shared.js';

/** Documents that clients sent once and name by their hashes from then on. */
export interface KeptDocuments {
  /** The text with this hash; undefined when it must be sent. Never throws. */
  find(hash: string): Promise<string | undefined>;
  /** Keeps a text that passed all checks. @param hash of this text: the caller has compared. */
  keep(hash: string, text: string): void;
}

/** Bytes of a document that is kept: ten times the longest of test/operations. A longer one is sent each time. */
export const LONGEST_KEPT = 16_384;

/** Bytes of memory that one instance gives to documents, and about what it costs to keep one. */
export const MOST_BYTES = 16_000_000;
const OVERHEAD = 300;

/** Milliseconds until a document that is used is told to Redis again, and comes back should Redis have lost it. */
const RENEWAL = 5 * 60 * 1000;

interface Kept {
  readonly text: string;
  /** When it was told to Redis, by the clock of this process. */
  sharedAt: number;
}

/** @param redis without it each instance keeps its own. */
export function createKeptDocuments(redis: Redis | undefined, log: DocumentsLog): KeptDocuments {
  const shared = redis && createSharedDocuments(redis, log);
  const kept = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    // A text with a single character beyond Latin-1 has two bytes for each.
    sizeCalculation: ({ text }) => 2 * text.length + OVERHEAD,
  });

  const remember = (hash: string, text: string): Kept => {
    const document = { text, sharedAt: -Infinity };
    kept.set(hash, document);
    return document;
  };

  const share = (hash: string, document: Kept): void => {
    document.sharedAt = performance.now();
    void shared?.write(hash, document.text);
  };

  const fetch = async (hash: string): Promise<Kept | undefined> => {
    const text = await shared?.read(hash);
    return text === undefined ? undefined : remember(hash, text);
  };

  return {
    async find(hash) {
      const document = kept.get(hash) ?? (await fetch(hash));
      if (document === undefined) return undefined;
      if (performance.now() - document.sharedAt > RENEWAL) share(hash, document);
      return document.text;
    },
    keep(hash, text) {
      if (Buffer.byteLength(text) > LONGEST_KEPT) return;
      // Also one that is known here: it is sent because another instance did not find it.
      share(hash, kept.get(hash) ?? remember(hash, text));
    },
  };
}
