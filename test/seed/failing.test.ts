import { beforeEach, describe, expect, it } from 'vitest';
import { seedDatabase } from '../../src/seed/seed.js';
import { start } from '../start/instance.js';
import { until } from '../kit/until.js';
import { rowsIn, rulesOf, SMALL, useEmptyDatabase } from './place.js';

const MANY = ['--users', '2000', '--posts', '2000', '--comments', '200000'];
const NOTHING_WRITTEN = 'Nothing was written: the database is as it was.';

describe('a seed that does not come to its end', { timeout: 60_000 }, () => {
  const place = useEmptyDatabase();
  let rules: readonly string[] = [];
  beforeEach(async () => {
    rules = await rulesOf(place.sql);
  });

  /** What there is, and what it has to keep to. */
  const state = async () => ({ rows: await rowsIn(place.sql), rules: await rulesOf(place.sql) });

  it('leaves the database as it was when PostgreSQL refuses the last row', async () => {
    await place.sql`alter table reaction_counts add constraint refuses_all check (count < 0)`;
    const begun = await rulesOf(place.sql);
    await expect(seedDatabase(place.url, SMALL)).rejects.toThrow(
      `PostgreSQL refused while loading reaction_counts: new row for relation "reaction_counts" violates check constraint "refuses_all". ${NOTHING_WRITTEN}`,
    );
    expect(await rulesOf(place.sql)).toEqual(begun);
    await place.sql`alter table reaction_counts drop constraint refuses_all`;
    expect(await state()).toEqual({ rows: 0, rules });
  });

  it.each(['loading comments', 'making indexes and constraints', 'analysing'])(
    'leaves it as it was when it is stopped while %s',
    async (moment) => {
      const stopping = new AbortController();
      const onProgress = (task: string): void => {
        if (task === moment) stopping.abort();
      };
      await expect(seedDatabase(place.url, SMALL, { signal: stopping.signal, onProgress })).rejects.toThrow(
        `Stopped. ${NOTHING_WRITTEN}`,
      );
      expect(await state()).toEqual({ rows: 0, rules });
    },
  );

  it('leaves it as it was at Ctrl-C', async () => {
    const running = start('tidings', { DATABASE_URL: place.url }, ['seed', ...MANY]);
    await until('comments are loaded', () => running.said().includes('loading comments'), 45_000);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended();
    expect({ code, stderr }).toEqual({ code: 1, stderr: `tidings: Stopped. ${NOTHING_WRITTEN}\n` });
    expect(await state()).toEqual({ rows: 0, rules });
  });

  it('leaves it as it was when its process is killed', async () => {
    const running = start('tidings', { DATABASE_URL: place.url }, ['seed', ...MANY]);
    await until('comments are loaded', () => running.said().includes('loading comments'), 45_000);
    running.kill();
    await running.ended();
    expect(await state()).toEqual({ rows: 0, rules });
  });

  it('gives up when somebody uses the database', async () => {
    await place.sql.begin(async (other) => {
      await other`select from posts`;
      await expect(seedDatabase(place.url, SMALL)).rejects.toThrow(
        `Something else uses the database. Stop the servers that run on it, and try again. ${NOTHING_WRITTEN}`,
      );
    });
    expect(await state()).toEqual({ rows: 0, rules });
  });

  it('touches no database in which there is anything', async () => {
    await place.sql`insert into tags (id, slug, name) values (gen_random_uuid(), 'here', 'Here')`;
    await place.sql`insert into topics (name, head) values ('posts', 1)`;
    await expect(seedDatabase(place.url, SMALL)).rejects.toThrow(
      'The database is not empty, there are rows in tags, topics: a seed fills an empty one only. ' +
        'Set DATABASE_URL to a new database, or TIDINGS_DATA_DIR to a new folder.',
    );
    expect(await rowsIn(place.sql)).toBe(2);
    await place.sql`delete from tags`;
    await place.sql`delete from topics`;
    expect(await state()).toEqual({ rows: 0, rules });
  });
});
