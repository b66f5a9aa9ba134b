import type postgres from 'postgres';
import type { Asking } from '../lib/asking.js';
import { createPlaces, noConnection, type PoolNumbers } from './places.js';

/** A statement on its way, as far as postgres.js shows what it keeps of one. */
interface Statement extends Promise<unknown> {
  /** The session it was sent to; null while it waits for a connection. */
  readonly state: object | null;
  /** Whether the server is at it. */
  readonly active: boolean;
  readonly canceller: ((statement: Statement) => Promise<void>) | null;
  values(): this;
}

/** What drizzle gives for one. */
export type StatementText = Parameters<postgres.Sql['unsafe']>;

/** A way to a server: at most so many statements and transactions at a time, and none that waits for long. */
export interface Pool {
  /**
   * Runs a statement.
   *
   * @param asArrays each row as an array of its values, without their names.
   * @throws DomainError UNAVAILABLE when it got no connection in time; then it has not run, and never will.
   */
  run(statement: StatementText, asArrays: boolean, asking?: Asking): Promise<unknown>;
  /** Runs a transaction; the same for the whole of it. */
  begin<Result>(work: (tx: postgres.TransactionSql) => Promise<Result>, asking?: Asking): Promise<Result>;
  readonly numbers: PoolNumbers;
}

/** A pool with a second way into it. */
export interface ServerPool extends Pool {
  /** For those who go before all others that wait for a connection. */
  readonly first: Pool;
}

/**
 * Milliseconds that a statement nobody waits for any more may still take. Most are over by then: they are not worth the
 * connection that cancels them. And the word to cancel names a session, not a statement: the longer a statement runs, the
 * less likely is it that the word meets the one behind it.
 */
const GRACE = 100;

/**
 * Keeps a statement that was not sent from being sent. Not `cancel()`, which leaves a connection that was being made for it
 * in a state in which it is never used again (postgres.js 3.4.9): it says nothing at all instead, which is a statement too.
 */
const silence = (statement: Statement): void => {
  void Object.assign(statement, { strings: [''], args: [], options: { simple: true, prepare: false } });
};

/** Cancels a statement, unless it ends by itself. Not `cancel()`: when the server is gone by now, that ends the process. */
function cancelSoon(statement: Statement): void {
  const cancel = (): void => {
    if (statement.active) statement.canceller?.(statement).catch(() => undefined);
  };
  setTimeout(cancel, GRACE).unref();
}

/** Ends a statement for whoever gave it up. */
function abandon(statement: Statement): void {
  if (statement.state === null) silence(statement);
  else cancelSoon(statement);
}

/** Lets statements of a transaction end with the request they are for. */
function listening(tx: postgres.TransactionSql, asking: Asking): postgres.TransactionSql {
  const unsafe = tx.unsafe.bind(tx) as (...text: StatementText) => unknown;
  tx.unsafe = ((...text: StatementText) => {
    asking.check();
    const statement = unsafe(...text) as Statement;
    const forget = asking.whenGivenUp(() => abandon(statement));
    statement.then(forget, forget);
    return statement;
  }) as unknown as typeof tx.unsafe;
  return tx;
}

/**
 * postgres.js queues without a bound and without a word, behind statements that are under way and while there is no server.
 * This lets in as many as there are connections, so that nothing ever queues there, and gives up what was not sent in time.
 *
 * @param wait milliseconds until a statement has a connection, at most; 0: for ever.
 */
export function createPool(client: postgres.Sql, size: number, wait: number): ServerPool {
  const places = createPlaces(size, wait);
  const unsafe = client.unsafe.bind(client) as (...text: StatementText) => unknown;

  /** A place, and how many milliseconds are left to get a connection. */
  const enter = (asking: Asking | undefined, goesFirst: boolean): Promise<number> | number => {
    const began = performance.now();
    // Zero would be for ever.
    return (
      places.take(asking, goesFirst)?.then(() => wait && Math.max(1, wait - (performance.now() - began))) ??
      wait
    );
  };

  const late = () => noConnection(`none could be made in ${wait} ms`);

  /** Runs a statement that has a place. It keeps it until it is really over, whoever still waits for it. */
  const send = (text: StatementText, asArrays: boolean, left: number, asking: Asking | undefined) =>
    new Promise<unknown>((resolve, reject) => {
      const statement = unsafe(...text) as Statement;
      if (asArrays) void statement.values();
      const giveUp = (): void => {
        if (statement.state !== null) return;
        silence(statement);
        reject(late());
      };
      const timer = left > 0 ? setTimeout(giveUp, left) : undefined;
      const forget = asking?.whenGivenUp((reason) => {
        abandon(statement);
        reject(reason);
      });
      const end = (): void => {
        clearTimeout(timer);
        forget?.();
        places.leave();
      };
      statement.then(
        (rows) => {
          end();
          return resolve(rows);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });

  /** Runs a transaction that has a place. One that begins when nobody waits any more ends without having done anything. */
  const transact = <Result>(
    work: (tx: postgres.TransactionSql) => Promise<Result>,
    left: number,
    asking: Asking | undefined,
  ) =>
    new Promise<Result>((resolve, reject) => {
      let state: 'waiting' | 'begun' | 'given up' = 'waiting';
      const giveUp = (reason: Error): void => {
        if (state !== 'waiting') return;
        state = 'given up';
        reject(reason);
      };
      const timer = left > 0 ? setTimeout(() => giveUp(late()), left) : undefined;
      const forget = asking?.whenGivenUp(giveUp);
      const end = (): void => {
        clearTimeout(timer);
        forget?.();
        places.leave();
      };
      const transaction = client.begin(async (tx) => {
        if (state === 'given up') throw late();
        state = 'begun';
        return work(asking ? listening(tx, asking) : tx);
      }) as Promise<Result>;
      transaction.finally(end).then(resolve, reject);
    });

  const wayIn = (goesFirst: boolean): Pool => ({
    async run(text, asArrays, asking) {
      asking?.check();
      const left = enter(asking, goesFirst);
      return send(text, asArrays, typeof left === 'number' ? left : await left, asking);
    },
    async begin(work, asking) {
      asking?.check();
      return transact(work, await enter(asking, goesFirst), asking);
    },
    get numbers() {
      return places.numbers;
    },
  });
  return Object.assign(wayIn(false), { first: wayIn(true) });
}
