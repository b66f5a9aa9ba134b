import { createServer } from 'node:net';
import { once } from 'node:events';
import { buildSchema } from 'graphql';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { freePort, start } from './instance.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const tidings = async (args: readonly string[], more: Record<string, string> = {}) =>
  start('tidings', { DATABASE_URL: database.url, PORT: String(await freePort()), ...more }, args).ended();

describe.concurrent('the command line', { timeout: 60_000 }, () => {
  test('tells with help what there is', async () => {
    const { code, stdout } = await tidings(['help']);
    expect(code).toBe(0);
    for (const command of [
      'serve',
      'migrate',
      'import <dir>',
      'user',
      'replay',
      'render',
      'schema',
      'doctor',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} +\\S`, 'm'));
    }
    expect((await tidings(['help', 'import'])).stdout).toContain('exit status 1');
  });

  test('refuses a command that it does not know', async () => {
    const { code, stdout, stderr } = await tidings(['bake']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain("tidings: unknown command 'bake'");
    expect(stderr).toContain('npm run tidings -- help');
  });

  test('refuses a folder that is not there in one line', async () => {
    const { code, stderr } = await tidings(['import', '/nowhere/at/all']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tidings: .*\/nowhere\/at\/all.*\n$/);
  });

  test('prints a schema that can be built, without a database', async () => {
    const { code, stdout } = await tidings(['schema'], { DATABASE_URL: 'postgres://127.0.0.1:1/none' });
    expect(code).toBe(0);
    expect(buildSchema(stdout).getQueryType()?.getFields()['posts']?.description).toBe(
      'The published posts.',
    );
  });

  test('migrates, renders and finds everything well', async () => {
    expect(await tidings(['migrate'])).toMatchObject({
      code: 0,
      stdout: 'The database is at the newest schema.\n',
    });
    expect(await tidings(['render'])).toMatchObject({
      code: 0,
      stdout: 'Rendered 0 posts, 0 comments and 0 entries anew.\n',
    });
    const { code, stdout } = await tidings(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ the database is at the newest schema');
    expect(stdout).toContain('All is well.');
  });
});

describe.concurrent('doctor', { timeout: 60_000 }, () => {
  test('says what is wrong with the settings', async () => {
    const { code, stdout } = await tidings(['doctor'], { NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(stdout).toContain('✗ settings: AUTH_SECRET is required in production');
    expect(stdout).toContain('1 to mend.');
  });

  test('says that Redis is wanted and does not answer', async () => {
    const { code, stdout } = await tidings(['doctor'], {
      DATABASE_URL: 'postgres://somebody@127.0.0.1:1/none',
      REDIS_URL: 'redis://:hush@127.0.0.1:1/0',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('✗ Redis (REDIS_URL) does not answer');
    expect(stdout).not.toContain('hush');
  });

  test('says that there is no database, and that the port is taken', async () => {
    const other = createServer().listen(0, 'localhost');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stdout } = await tidings(['doctor'], {
      DATABASE_URL: 'postgres://somebody:hush@127.0.0.1:1/none',
      PORT: String(port),
    });
    other.close();
    await once(other, 'close');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ database at 127\.0\.0\.1:1\/none: .*ECONNREFUSED/);
    expect(stdout).toContain(`· port ${port} is taken`);
    expect(stdout).not.toContain('hush');
  });

  test('changes nothing in a database that is not migrated', async () => {
    const empty = await createTestDatabase();
    const sql = postgres(empty.url, { max: 1, onnotice: () => undefined });
    await sql`drop schema public cascade`;
    await sql`create schema public`;
    const { code, stdout } = await tidings(['doctor'], { DATABASE_URL: empty.url });
    const tables = await sql`select 1 from pg_tables where schemaname = 'public'`;
    await sql.end();
    await empty.drop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/· \d+ migrations are still to run/);
    expect(tables).toHaveLength(0);
  });
});
