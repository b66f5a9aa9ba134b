import type { PersistedQueryOptions } from '@apollo/server';
import type { Redis } from 'ioredis';
import type { DocumentGate } from './documents.js';
import { createKeptDocuments } from './persisted/kept.js';
import type { DocumentsLog } from './persisted/shared.js';
import { readTrustedDocuments } from './persisted/trusted.js';

/** Documents that clients name by their hashes instead of sending them. */
export interface PersistedDocuments {
  /** Where Apollo looks for them, and puts those that passed all checks. */
  readonly cache: NonNullable<PersistedQueryOptions['cache']>;
  /** Null: for how long they are kept is the cache's business, not Apollo's. */
  readonly ttl: null;
  /**
   * Whether a document may run: any, unless only trusted ones may.
   *
   * @param hash SHA-256 of the text, in hexadecimal digits.
   */
  isTrusted(this: void, hash: string): boolean;
}

export interface PersistedDocumentsOptions {
  /** Without it each instance keeps its own. */
  readonly redis: Redis | undefined;
  /** Without it any document may run. */
  readonly trusted?:
    | {
        /** Lists the only documents that may run. */
        readonly manifestFile: string;
        /** What they must pass at the start: the same as when they run. */
        readonly gate: DocumentGate;
      }
    | undefined;
  readonly log?: DocumentsLog;
}

const SILENT: DocumentsLog = { warn: () => undefined };

/**
 * What stands for a document that is not listed. Were it not there at all, the client would hear so and send its text, only to
 * be refused then; so there is something to refuse at once.
 */
const UNLISTED = '{ __typename }';

/** The hash in a key of Apollo's, `apq:HASH`; undefined for the many things that a client may send for one. */
const hashIn = (key: string): string | undefined => /^(?:apq:)?([0-9a-f]{64})$/.exec(key)?.[1];

/** Only what the operator listed, and nothing is added. */
function onlyTrusted(texts: ReadonlyMap<string, string>): PersistedDocuments {
  return {
    cache: {
      async get(key) {
        const hash = hashIn(key);
        return hash === undefined ? undefined : (texts.get(hash) ?? UNLISTED);
      },
      set: async () => undefined,
      delete: async () => false,
    },
    ttl: null,
    isTrusted: (hash) => texts.has(hash),
  };
}

/**
 * @see PersistedDocuments
 * @throws ConfigError for a manifest that cannot be used.
 */
export async function createPersistedDocuments({
  redis,
  trusted,
  log = SILENT,
}: PersistedDocumentsOptions): Promise<PersistedDocuments> {
  if (trusted !== undefined)
    return onlyTrusted(await readTrustedDocuments(trusted.manifestFile, trusted.gate));
  const kept = createKeptDocuments(redis, log);
  return {
    cache: {
      async get(key) {
        const hash = hashIn(key);
        return hash === undefined ? undefined : kept.find(hash);
      },
      async set(key, text) {
        const hash = hashIn(key);
        if (hash !== undefined) kept.keep(hash, text);
      },
      // Apollo never does: a text is what its hash says for ever.
      delete: async () => false,
    },
    ttl: null,
    isTrusted: () => true,
  };
}
