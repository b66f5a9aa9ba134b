import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ANONYMOUS } from '../../src/auth/viewer.js';
import { type Change, type Changes, createChanges, type Publish } from '../../src/changes/change.js';
import { createIdempotencyStore } from '../../src/changes/idempotency.js';
import { refusal } from '../../src/changes/refusal.js';
import type { LoggedEvent } from '../../src/events/catalogue.js';
import { readEvents } from '../../src/events/log.js';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

const CALLER = { viewer: ANONYMOUS, operation: 'test', address: null, requestId: null };

describe('a change', () => {
  let database: TestDatabase;
  let client: DatabaseClient;
  let behind: postgres.Sql;
  let changes: Changes;
  let publish: Publish = () => undefined;
  const idempotency = createIdempotencyStore('a secret of this test');
  beforeAll(async () => {
    database = await createTestDatabase();
    client = openDatabase({ url: database.url, poolSize: 10, statementTimeout: 5_000 });
    behind = postgres(database.url, { max: 2, onnotice: () => undefined });
    changes = createChanges(client.db, idempotency, (events) => publish(events));
  });
  afterAll(async () => {
    await behind.end();
    await client.close();
    await database.drop();
  });

  afterEach(() => {
    publish = () => undefined;
  });

  const addUser = (change: Change, name: string) =>
    change.tx.execute(sql`insert into users (id, username, name) values (${randomUUID()}, ${name}, ${name})`);
  const emit = (change: Change, topic: string, mark: string): void =>
    change.emit({ topic, type: 'user.reinstated', payload: { userId: mark } });
  const onceBy = (key: string) => ({ key, fingerprints: idempotency.fingerprints('test', {}) });

  it('is one transaction: the row, the kept answer, the audit entry and the event', async () => {
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        changes.run({ ...CALLER, once: onceBy(`all-${n}`) }, async (change) => {
          await addUser(change, `all-${n}`);
          change.audit('USER_SET_ROLE', { type: 'User', id: randomUUID() }, { mark: `all-${n}` });
          emit(change, `topic-${n % 7}`, `all-${n}`);
          return n;
        }),
      ),
    );
    const rows = await behind<{ whole: boolean; xids: number }[]>`
      select count(*) = 4 as whole, count(distinct xid)::int as xids from (
        select username as mark, xmin::text as xid from users
        union all select payload ->> 'userId', xmin::text from events
        union all select key, xmin::text from idempotency_keys
        union all select details ->> 'mark', xmin::text from audit_log
      ) as written where starts_with(mark, 'all-') group by mark`;
    expect(rows).toHaveLength(100);
    expect(rows.every(({ whole, xids }) => whole && xids === 1)).toBe(true);
  });

  it('that is refused, or whose event cannot be appended, leaves nothing', async () => {
    const refused = changes.run({ ...CALLER, once: onceBy('refused') }, async (change) => {
      await addUser(change, 'refused');
      emit(change, 'nothing', 'refused');
      throw refusal('INVALID', 'No.');
    });
    await expect(refused).rejects.toThrow('No.');
    const broken = changes.run({ ...CALLER, once: onceBy('broken') }, async (change) => {
      await addUser(change, 'broken');
      change.audit('USER_SET_ROLE', { type: 'User', id: randomUUID() }, { mark: 'broken' });
      emit(change, null as unknown as string, 'broken');
    });
    await expect(broken).rejects.toThrow('events.append');
    const left = await behind`
      select username as mark from users where username in ('refused', 'broken')
      union all select key from idempotency_keys where key in ('refused', 'broken')
      union all select details ->> 'mark' from audit_log where details ->> 'mark' = 'broken'
      union all select topic from events where topic = 'nothing'
      union all select name from topics where name = 'nothing'`;
    expect(left).toEqual([]);
  });

  it('that collides with another is tried again, and both are done', async () => {
    await changes.run(CALLER, async (change) => {
      await addUser(change, 'one');
      await addUser(change, 'two');
    });
    let met = 0;
    let runs = 0;
    let go = (): void => undefined;
    const meeting = new Promise<void>((resolve) => {
      go = resolve;
    });
    const rename = (first: string, second: string) =>
      changes.run(CALLER, async ({ tx }) => {
        runs += 1;
        await tx.execute(sql`update users set name = name || '!' where username = ${first}`);
        met += 1;
        if (met === 2) go();
        await meeting;
        await tx.execute(sql`update users set name = name || '!' where username = ${second}`);
      });
    await Promise.all([rename('one', 'two'), rename('two', 'one')]);
    expect(runs).toBe(3);
    const names = await behind`select name from users where username in ('one', 'two') order by name`;
    expect(names).toEqual([{ name: 'one!!' }, { name: 'two!!' }]);
  });

  it('publishes what it appended when others can read it, all of a change at once, in their places', async () => {
    const published: { readonly events: readonly LoggedEvent[]; readonly found: Promise<LoggedEvent[]> }[] =
      [];
    publish = (events) => {
      published.push({ events, found: readEvents(client.db, 'published', (events[0]?.seq ?? 0) - 1, 2) });
    };
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        changes.run(CALLER, async (change) => {
          emit(change, 'published', `first-${n}`);
          emit(change, 'published', `second-${n}`);
          await change.tx.execute(sql`select pg_sleep(${(n % 4) / 1_000})`);
        }),
      ),
    );
    expect(published).toHaveLength(30);
    for (const { events, found } of published) expect(await found).toEqual(events);
    expect(
      published.map(({ events }) => events[0]?.seq).toSorted((one, other) => Number(one) - Number(other)),
    ).toEqual(Array.from({ length: 30 }, (_, n) => 2 * n + 1));
  });

  it('publishes nothing that was undone, nor of one that is repeated, and once when it is tried again', async () => {
    const published: string[] = [];
    publish = (events) => {
      published.push(...events.map(({ payload }) => ('userId' in payload ? payload.userId : '')));
    };
    const refused = changes.run(CALLER, async (change) => {
      emit(change, 'undone', 'refused');
      throw refusal('INVALID', 'No.');
    });
    await expect(refused).rejects.toThrow('No.');
    const broken = changes.run(CALLER, async (change) => {
      emit(change, 'undone', 'broken');
      emit(change, null as unknown as string, 'broken');
    });
    await expect(broken).rejects.toThrow('events.append');
    let tries = 0;
    for (let time = 0; time < 2; time += 1) {
      await changes.run({ ...CALLER, once: onceBy('published') }, async (change) => {
        emit(change, 'done', 'done');
        tries += 1;
        if (tries === 1) await change.tx.execute(sql`do $$ begin raise sqlstate '40001'; end $$`);
      });
    }
    await changes.run(CALLER, async () => undefined);
    expect({ tries, published }).toEqual({ tries: 2, published: ['done'] });
  });

  it('is done even when publishing it fails', async () => {
    publish = () => {
      throw new Error('The bus is away.');
    };
    const work = async (change: Change) => {
      emit(change, 'unheard', 'unheard');
      return 'done';
    };
    expect(await changes.run(CALLER, work)).toBe('done');
    expect(await readEvents(client.db, 'unheard', 0, 10)).toHaveLength(1);
  });
});
