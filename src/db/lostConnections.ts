import { setImmediate as turn } from 'node:timers/promises';
import type postgres from 'postgres';
import { causesOf, ownCode } from '../lib/causes.js';
import { within } from '../lib/time.js';

/** Milliseconds from the news that a connection is gone until its end is noticed, at most. */
const LONGEST_END = 1_000;

/** What postgres.js and the network say when a connection is gone, and PostgreSQL when it is about to go. */
const LOST = /^(CONNECTION_|E(CONN|HOST|NET|PIPE|TIMEDOUT)|57P0[12])/;

/** Whether an error says that a connection to the database is gone. */
export const saysLost = (error: unknown): boolean =>
  causesOf(error).some((cause) => LOST.test(ownCode(cause)));

const never = new Promise<never>(() => undefined);

type Begin = (work: (tx: postgres.TransactionSql) => Promise<unknown>) => Promise<unknown>;

/**
 * Keeps transactions from saying anything more when their connection is lost. postgres.js (3.4.9) fails such a transaction, but
 * what it still says, be it its own ROLLBACK, goes to a socket that is null, which ends the process; or waits in the connection's
 * buffer, from where on it never connects again; or reaches the session that somebody else has on that connection by now.
 *
 * A transaction that is failed already and neither resolves nor rejects is left to the garbage collector.
 */
export function silenceLostTransactions(client: postgres.Sql): void {
  const begin = client.begin.bind(client) as Begin;
  const silenced: Begin = (work) => {
    let isOver = false;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const transaction = begin(async (tx) => {
      const unsafe = tx.unsafe.bind(tx);
      tx.unsafe = ((...statement: Parameters<typeof unsafe>) => {
        if (isOver) throw new Error('The transaction of this statement is over.');
        return unsafe(...statement);
      }) as typeof unsafe;
      try {
        const answer = await work(tx);
        return isOver ? never : answer;
      } catch (error) {
        // The end of its connection fails a transaction, a moment later than its statements. It may be that of another one.
        if (saysLost(error)) await within(LONGEST_END, ended, undefined);
        else await turn();
        if (isOver) return never;
        throw error;
      }
    });
    const close = (): void => {
      isOver = true;
      end();
    };
    transaction.then(close, close);
    return transaction;
  };
  client.begin = silenced as typeof client.begin;
}
