import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { and, eq, lt, sql } from 'drizzle-orm';
import type { Database } from '../db/client.js';
import { named, readied } from '../db/statement.js';
import { idempotencyKeys } from '../db/tables/changes.js';

/** The request to carry a mutation out once, however often it is sent. */
export interface Once {
  /** The client's key. */
  readonly key: string;
  /** Tell one mutation with one input from every other, one for each secret; from {@link IdempotencyStore.fingerprints}. */
  readonly fingerprints: readonly Buffer[];
  /** Set when it was done before, and the answer is the kept one: what it is about may have changed since. */
  isRepeat?: boolean;
}

/** What became of a key that a transaction wants to use. */
export type Claim =
  /** It is new: carry on, and {@link IdempotencyStore.keep} the answer. */
  | { readonly outcome: 'claimed' }
  /** It was used for the same: this was the answer. */
  | { readonly outcome: 'answered'; readonly answer: unknown }
  /** It was used for something else. */
  | { readonly outcome: 'taken' };

/** Anonymous viewers share one name space: their keys must not be guessable, which a UUID is not. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const IV_BYTES = 12;
const TAG_BYTES = 16;

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>;

/** What one secret seals and recognises. */
function sealWith(secret: string) {
  const sealingKey = Buffer.from(hkdfSync('sha256', secret, '', 'tidings idempotency seal', 32));
  const fingerprintKey = Buffer.from(hkdfSync('sha256', secret, '', 'tidings idempotency fingerprint', 32));
  return {
    fingerprint: (text: string): Buffer => createHmac('sha256', fingerprintKey).update(text).digest(),

    /** @param place part of the seal: an answer that was moved to another key or viewer does not open. */
    seal(answer: unknown, place: Buffer): Buffer {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, iv).setAAD(place);
      return Buffer.concat([iv, cipher.update(serialize(answer)), cipher.final(), cipher.getAuthTag()]);
    },

    open(sealed: Buffer, place: Buffer): unknown {
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, sealed.subarray(0, IV_BYTES))
        .setAAD(place)
        .setAuthTag(sealed.subarray(-TAG_BYTES));
      const text = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
      return deserialize(Buffer.concat([text, decipher.final()])) as unknown;
    },
  };
}

const given = {
  viewerId: sql.placeholder('viewerId'),
  key: sql.placeholder('key'),
  fingerprint: sql.placeholder('fingerprint'),
  answer: sql.placeholder('answer'),
};

const isGiven = and(eq(idempotencyKeys.viewerId, given.viewerId), eq(idempotencyKeys.key, given.key));

const claimKey = readied('changes.claimKey', (db) =>
  db
    .insert(idempotencyKeys)
    .values({ viewerId: given.viewerId, key: given.key, fingerprint: given.fingerprint })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key }),
);

const keptAnswer = readied('changes.keptAnswer', (db) =>
  db
    .select({ fingerprint: idempotencyKeys.fingerprint, answer: idempotencyKeys.answer })
    .from(idempotencyKeys)
    .where(isGiven),
);

const keepAnswer = readied('changes.keepAnswer', (db) =>
  db
    .update(idempotencyKeys)
    .set({ answer: sql`${given.answer}` })
    .where(isGiven),
);

const placeOf = (viewerId: string, key: string): Buffer => Buffer.from(`${viewerId}\0${key}`);

/**
 * Keeps the answers of mutations by the keys of their clients. Answers may hold tokens, so they are sealed with a key that
 * the database does not know.
 *
 * @param secret seals; what `previousSecret` sealed opens as well.
 */
export function createIdempotencyStore(secret: string, previousSecret?: string) {
  const current = sealWith(secret);
  const seals = previousSecret === undefined ? [current] : [current, sealWith(previousSecret)];

  return {
    /**
     * Tell one input of one mutation from every other. Keyed, because inputs hold passwords.
     *
     * @param input as GraphQL coerced it: its keys come in the order of the schema.
     */
    fingerprints(operation: string, input: unknown): readonly Buffer[] {
      const text = `${operation}\0${JSON.stringify(input)}`;
      return seals.map((seal) => seal.fingerprint(text));
    },

    /** Takes a key for this transaction. A transaction that uses the same key at this moment is waited for. */
    async claim(tx: Database, viewerId: string | null, once: Once): Promise<Claim> {
      const owner = viewerId ?? NOBODY;
      const [fingerprint] = once.fingerprints;
      const claimed = await claimKey(tx, { viewerId: owner, key: once.key, fingerprint });
      if (claimed.length > 0) return { outcome: 'claimed' };
      const [kept] = await keptAnswer(tx, { viewerId: owner, key: once.key });
      const seal = seals[once.fingerprints.findIndex((one) => kept?.fingerprint.equals(one))];
      if (kept?.answer == null || seal === undefined) return { outcome: 'taken' };
      return { outcome: 'answered', answer: seal.open(kept.answer, placeOf(owner, once.key)) };
    },

    /** Keeps the answer, in the transaction that claimed the key. */
    async keep(tx: Database, viewerId: string | null, once: Once, answer: unknown): Promise<void> {
      const owner = viewerId ?? NOBODY;
      const sealed = current.seal(answer, placeOf(owner, once.key));
      await keepAnswer(tx, { viewerId: owner, key: once.key, answer: sealed });
    },

    /** Forgets the oldest keys that were kept long enough. @returns how many. */
    async forget(db: Database, hours: number, most: number): Promise<number> {
      const old = db
        .select({ ctid: sql`ctid` })
        .from(idempotencyKeys)
        .where(lt(idempotencyKeys.createdAt, sql`now() - make_interval(hours => ${hours}::int)`))
        .limit(most);
      const forgotten = await named(
        'changes.forgetKeys',
        db
          .delete(idempotencyKeys)
          .where(sql`ctid = any(array(${old}))`)
          .returning({ key: idempotencyKeys.key }),
      );
      return forgotten.length;
    },
  };
}
