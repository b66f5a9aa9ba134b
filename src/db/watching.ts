import type postgres from 'postgres';
import { signals } from '../lib/signals.js';

type Unsafe = postgres.Sql['unsafe'];
type Begin = (work: (tx: postgres.TransactionSql) => Promise<unknown>) => Promise<unknown>;

const watched = (unsafe: Unsafe): Unsafe =>
  ((...statement: Parameters<Unsafe>) => {
    const query = unsafe(...statement);
    if (signals.statement.isHeard) {
      signals.statement.say({
        text: statement[0],
        whenSettled: (listener) =>
          void query.then(
            () => listener(true),
            () => listener(false),
          ),
      });
    }
    return query;
  }) as Unsafe;

/** Says of every statement that it is sent. */
export function watchClient(client: postgres.Sql): void {
  client.unsafe = watched(client.unsafe.bind(client));
  const begin = client.begin.bind(client) as Begin;
  const watchedBegin: Begin = (work) =>
    begin((tx) => {
      tx.unsafe = watched(tx.unsafe.bind(tx));
      return work(tx);
    });
  client.begin = watchedBegin as typeof client.begin;
}
