import { sql as raw } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Database, type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { isDatabaseAway } from '../../src/graphql/errors.js';
import { startTestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { createPerson } from '../kit/people.js';
import { connect } from '../kit/sockets.js';
import { until } from '../kit/until.js';
import { act } from '../live/stage.js';
import { type DeadWay, layDeadWay } from './deadWay.js';

/** What a statement may take here, and how long its answer is waited for at most: two seconds more, and one to notice. */
const STATEMENT_TIMEOUT = 1_000;
const NOTICED = STATEMENT_TIMEOUT + 3_000;

let database: TestDatabase;
let way: DeadWay;
beforeAll(async () => {
  database = await createTestDatabase();
  way = await layDeadWay(database.url);
});
afterAll(async () => {
  way?.close();
  await database?.drop();
});

/** What work fails with, and after how many milliseconds. */
async function failureOf(work: PromiseLike<unknown>) {
  const began = performance.now();
  const error = await Promise.resolve(work).then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  return { isAway: isDatabaseAway(error), milliseconds: performance.now() - began };
}

const say = (db: Database, statement: string) => db.execute(raw.raw(statement));

describe('on connections that are dead without a word', () => {
  const open = (): DatabaseClient => {
    const client = openDatabase({ url: way.url, poolSize: 4, statementTimeout: STATEMENT_TIMEOUT });
    onTestFinished(() => client.close());
    return client;
  };

  it('what was asked fails in time, and what is asked next is answered at once', async () => {
    const client = open();
    let inTheMiddle = (): void => undefined;
    const dead = new Promise<void>((resolve) => {
      inTheMiddle = resolve;
    });
    let begun = 0;
    const transaction = (work: (tx: Database) => Promise<unknown>) =>
      client.db.transaction(async (tx) => {
        await say(tx, 'select 1');
        begun += 1;
        await dead;
        await work(tx);
      });
    const failing = [
      failureOf(say(client.db, 'select pg_sleep(0.5)')),
      failureOf(transaction((tx) => say(tx, 'select 2'))),
      failureOf(transaction((tx) => tx.transaction((inner) => say(inner, 'select 3')))),
      // It has nothing more to say than COMMIT.
      failureOf(transaction(() => Promise.resolve())),
    ];
    await until('all have begun', () => begun === 3);
    way.die();
    inTheMiddle();
    for (const { isAway, milliseconds } of await Promise.all(failing)) {
      expect(isAway).toBe(true);
      expect(milliseconds).toBeLessThan(NOTICED + 1_000);
    }
    const began = performance.now();
    await Promise.all([1, 2, 3, 4].map(() => say(client.db, 'select 1')));
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(client.pool.numbers.inUse).toBe(0);
  });

  it('an end that nobody hears keeps nobody waiting', async () => {
    const client = open();
    await say(client.db, 'select 1');
    way.die();
    const asked = failureOf(say(client.db, 'select 1'));
    const began = performance.now();
    await client.close();
    expect(performance.now() - began).toBeLessThan(1_500);
    expect((await asked).isAway).toBe(true);
  });
});

describe('a connection that nobody uses', () => {
  it('is closed in time, and there is another one for whoever asks next', async () => {
    const client = openDatabase({ url: way.url, poolSize: 1, statementTimeout: 300 });
    onTestFinished(() => client.close());
    const onlooker = openDatabase({ url: database.url, poolSize: 1, statementTimeout: 0 });
    onTestFinished(() => onlooker.close());
    const [session] = await say(client.db, 'select pg_backend_pid() as pid');
    const sessions = `select from pg_stat_activity where pid = ${String(session?.['pid'])}`;
    await until('it is closed', async () => (await say(onlooker.db, sessions)).length === 0, 2_000);
    expect(await say(client.db, 'select 42 as answer')).toEqual([{ answer: 42 }]);
  });
});

describe('a connection that lives', () => {
  it('is kept while a statement, or a transaction that waits, takes its time', async () => {
    const client = openDatabase({ url: way.url, poolSize: 1, statementTimeout: 4_000 });
    onTestFinished(() => client.close());
    const [before] = await say(client.db, 'select pg_backend_pid() as pid');
    const pids = await client.db.transaction(async (tx) => {
      await say(tx, 'select pg_sleep(3.5)');
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return say(tx, 'select pg_backend_pid() as pid');
    });
    expect(pids).toEqual([before]);
  });
});

describe('an instance without Redis whose connections to PostgreSQL die', () => {
  it('hears of lost rights all the same', { timeout: 60_000 }, async () => {
    const near = await startTestApp({ DATABASE_URL: database.url });
    onTestFinished(() => near.stop());
    const far = await startTestApp({
      DATABASE_URL: way.url,
      TIDINGS_STATEMENT_TIMEOUT_MS: String(STATEMENT_TIMEOUT),
    });
    onTestFinished(() => far.stop());
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    onTestFinished(() => sql.end());
    const [administrator, person] = [
      await createPerson({ app: near, sql }, 'ADMIN'),
      await createPerson({ app: near, sql }),
    ];
    const socket = await connect(far, { accessToken: person.accessToken });
    onTestFinished(() => socket.close());
    way.die();
    await act(administrator, 'suspendUser', { userId: person.id, reason: 'Spam' });
    const began = performance.now();
    expect((await socket.closed()).code).toBe(4403);
    expect(performance.now() - began).toBeLessThan(NOTICED + 2_000);
  });
});
