import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { start } from './instance.js';
import { freePort } from '../kit/ports.js';

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
    expect(stdout).toContain('Nothing to mend');
  });
});
