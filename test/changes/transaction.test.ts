import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANONYMOUS } from '../../src/auth/viewer.js';
import { type Change, type Changes, createChanges } from '../../src/changes/change.js';
import { createIdempotencyStore } from '../../src/changes/idempotency.js';
import { refusal } from '../../src/changes/refusal.js';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

const CALLER = { viewer: ANONYMOUS, operation: 'test', address: null, requestId: null };

describe('a change', () => {
  let database: TestDatabase;
  let client: DatabaseClient;
  let behind: postgres.Sql;
  let changes: Changes;
  const idempotency = createIdempotencyStore('a secret of this test');
  beforeAll(async () => {
    database = await createTestDatabase();
    client = openDatabase({ url: database.url, poolSize: 10, statementTimeout: 5_000 });
    behind = postgres(database.url, { max: 2, onnotice: () => undefined });
    changes = createChanges(client.db, idempotency);
  });
  afterAll(async () => {
    await behind.end();
    await client.close();
    await database.drop();
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
});
