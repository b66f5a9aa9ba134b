import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkDataDir,
  checkMetrics,
  checkPort,
  checkTrustedDocuments,
} from '../../src/cli/doctor/machine.js';
import { checkRedis } from '../../src/cli/doctor/redis.js';
import { checkOpenness, checkOrigins, checkProxies, checkSecret } from '../../src/cli/doctor/settings.js';
import { startTestApp, TEST_SECRET } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { freePort } from '../kit/ports.js';
import { type Ended, start } from '../start/instance.js';
import { about, configOf, NO_ONES, RANDOM, type Report } from './findings.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

const run = async (env: Record<string, string>, args: readonly string[] = []): Promise<Ended> =>
  start(
    'tidings',
    { DATABASE_URL: database.url, AUTH_SECRET: RANDOM, PORT: String(await freePort()), ...env },
    ['doctor', ...args],
  ).ended();

describe('doctor, at a terminal', { timeout: 120_000 }, () => {
  test('says line by line what is well', async () => {
    const { code, stdout } = await run({});
    expect(code).toBe(0);
    expect(stdout).toContain('✓ AUTH_SECRET is given\n');
    expect(stdout).toContain('✓ the database is at the newest schema\n');
    expect(stdout).not.toContain('✗');
  });

  test('says what is wrong with the settings, and what to do', async () => {
    const { code, stdout } = await run({ NODE_ENV: 'production', AUTH_SECRET: '' });
    expect(code).toBe(1);
    expect(stdout).toContain('✗ settings: AUTH_SECRET is required in production');
    expect(stdout).toContain('1 problem to mend, 0 warnings.');
  });

  test('tells no secret, whatever is wrong', async () => {
    const { stdout, stderr } = await run({
      AUTH_SECRET: 'hush hush hush hush hush hush hush hush',
      AUTH_SECRET_PREVIOUS: 'hush hush hush hush hush hush hush hush',
      DATABASE_URL: NO_ONES,
      DATABASE_REPLICA_URLS: NO_ONES,
      REDIS_URL: 'redis://user:hush@127.0.0.1:1/0',
    });
    expect(stdout).toContain('✗ database at 127.0.0.1:1/none');
    expect(stdout + stderr).not.toContain('hush');
  });

  test('says it to programs, and by its exit status', async () => {
    const { code, stdout } = await run({ DATABASE_URL: NO_ONES }, ['--json']);
    const { healthy, findings } = JSON.parse(stdout) as Report;
    expect([code, healthy]).toEqual([1, false]);
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([
      {
        check: 'database',
        state: 'problem',
        what: expect.stringContaining('cannot be reached') as string,
        todo: 'set DATABASE_URL to where it is',
      },
    ]);
  });

  test('does not take a number of instances that is none', async () => {
    const { code, stdout } = await run({}, ['--instances', 'many']);
    expect(code).toBe(1);
    expect(stdout).toContain('✗ settings: --instances must be a whole number');
  });
});

describe('of the settings, doctor', { timeout: 90_000 }, () => {
  test.for<[string, string, Record<string, string>, RegExp]>([
    ['a secret that somebody made up', 'secret', { AUTH_SECRET: TEST_SECRET }, /^problem: .*can be guessed/],
    [
      'a repeated one',
      'secret',
      { AUTH_SECRET: 'k7Wq2zR9k7Wq2zR9k7Wq2zR9k7Wq2zR9' },
      /^problem: .*can be guessed/,
    ],
    [
      'a previous secret that is no other one',
      'secret.previous',
      { AUTH_SECRET_PREVIOUS: RANDOM },
      /^warning/,
    ],
    [
      'a previous secret that somebody made up',
      'secret.previous',
      { AUTH_SECRET_PREVIOUS: TEST_SECRET },
      /^problem: AUTH_SECRET_PREVIOUS can be guessed/,
    ],
    [
      'a previous secret that is well',
      'secret.previous',
      { AUTH_SECRET_PREVIOUS: RANDOM.toLowerCase() },
      /^ok/,
    ],
    [
      'a proxy on this machine that is not trusted',
      'proxies',
      { HOST: 'localhost' },
      /^problem: .*all clients look like one/,
    ],
    ['no trusted proxy', 'proxies', { HOST: '0.0.0.0' }, /^warning/],
    [
      'a trusted range with everybody in it',
      'proxies',
      { TRUSTED_PROXIES: '10.0.0.0/8,0.0.0.0/0' },
      /^problem: .*everybody in 0\.0\.0\.0\/0/,
    ],
    ['a good one', 'proxies', { TRUSTED_PROXIES: '10.0.0.0/8,::1' }, /^ok/],
    [
      'pages of a reader’s own machine',
      'origins',
      { ALLOWED_ORIGINS: 'https://news.example,http://localhost:5173' },
      /^warning: .*http:\/\/localhost:5173/,
    ],
    ['pages without TLS', 'origins', { ALLOWED_ORIGINS: 'http://news.example' }, /^warning/],
    [
      'GraphiQL for everybody',
      'openness',
      { TIDINGS_GRAPHIQL: '1' },
      /^warning: TIDINGS_GRAPHIQL in production/,
    ],
    [
      'a manifest that is not there',
      'documents',
      { TIDINGS_TRUSTED_DOCUMENTS: '/nowhere/manifest.json' },
      /^problem/,
    ],
    ['no Redis', 'redis', {}, /^warning: no REDIS_URL/],
    [
      'replicas of several instances that have no Redis',
      'redis.replicas',
      { DATABASE_REPLICA_URLS: NO_ONES },
      /^warning: .*does not see it at once on another/,
    ],
  ])('finds %s', async ([, check, env, expected]) => {
    const config = configOf({ NODE_ENV: 'production', ...env });
    const findings = [
      ...checkSecret(config),
      checkProxies(config),
      checkOrigins(config),
      ...checkOpenness(config),
      ...(await checkTrustedDocuments(config)),
      ...(await checkRedis(config, 2)),
    ];
    expect(about({ findings }, check)[0]).toMatch(expected);
  });
});

describe('of the machine, doctor', { timeout: 90_000 }, () => {
  test('finds the port taken by something else', async () => {
    // It says nothing, and hears that we hang up.
    const other = createServer((socket) => socket.resume()).listen(0, 'localhost');
    await once(other, 'listening');
    const address = other.address();
    const port = String(typeof address === 'object' ? address?.port : 0);
    const findings = [await checkPort(configOf({ PORT: port }))];
    other.close();
    await once(other, 'close');
    expect(about({ findings }, 'port')).toEqual([`problem: port ${port} is taken by something else`]);
  });

  test('finds the instance that runs at the port', async () => {
    const app = await startTestApp({ DATABASE_URL: database.url });
    const { port } = new URL(app.endpoint);
    const findings = [await checkPort(configOf({ PORT: port }))];
    await app.stop();
    expect(about({ findings }, 'port')).toEqual([`ok: port ${port}: an instance runs there`]);
  });

  test.for<[string, Record<string, string>, string[]]>([
    ['no port of its own', {}, []],
    ['one', { TIDINGS_METRICS_PORT: '0' }, ['ok: metrics on port 0']],
    [
      'that of the clients',
      { PORT: '4711', TIDINGS_METRICS_PORT: '4711' },
      ['problem: TIDINGS_METRICS_PORT is PORT, 4711: two servers cannot have the same'],
    ],
    [
      'one for everybody',
      { TIDINGS_METRICS_PORT: '0', HOST: '0.0.0.0' },
      ['warning: whoever reaches port 0 on 0.0.0.0 reads the metrics'],
    ],
    [
      'one for whoever has the token',
      { TIDINGS_METRICS_PORT: '0', HOST: '0.0.0.0', TIDINGS_METRICS_TOKEN: RANDOM },
      ['ok: metrics on port 0'],
    ],
  ])('finds that the metrics have %s', async ([, env, expected]) => {
    expect(about({ findings: await checkMetrics(configOf(env)) }, 'metrics')).toEqual(expected);
  });

  test('finds the port of the metrics taken by something else', async () => {
    const other = createServer((socket) => socket.end('Not HTTP.')).listen(0, 'localhost');
    await once(other, 'listening');
    const address = other.address();
    const port = String(typeof address === 'object' ? address?.port : 0);
    const findings = await checkMetrics(configOf({ TIDINGS_METRICS_PORT: port }));
    other.close();
    expect(about({ findings }, 'metrics')[0]).toMatch(/^problem: port \d+, of the metrics, cannot be had/);
  });

  test('finds the instance that has the port of the metrics', async () => {
    const port = String(await freePort());
    const env = { TIDINGS_METRICS_PORT: port, TIDINGS_METRICS_TOKEN: RANDOM };
    const app = await startTestApp({ DATABASE_URL: database.url, ...env });
    const findings = await checkMetrics(configOf(env));
    await app.stop();
    expect(about({ findings }, 'metrics')).toEqual([`ok: metrics on port ${port}`]);
  });

  test('finds that there may be too few open files', async () => {
    const { stdout } = spawnSync(
      'bash',
      ['-c', 'ulimit -n 512 && exec "$0" --import tsx src/cli/tidings.ts doctor --json', process.execPath],
      { encoding: 'utf8', env: { PATH: process.env['PATH'], DATABASE_URL: NO_ONES, AUTH_SECRET: RANDOM } },
    );
    const [finding] = about(JSON.parse(stdout) as Report, 'files');
    expect(finding).toMatch(/^warning: 512 open files at most: fewer than the 10000 connections/);
  });

  test('finds that the data folder is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tidings-doctor-'));
    const file = join(folder, 'file');
    await writeFile(file, '');
    const findings = await checkDataDir(configOf({ DATABASE_URL: '', TIDINGS_DATA_DIR: join(file, 'data') }));
    await rm(folder, { recursive: true });
    expect(about({ findings }, 'data')[0]).toMatch(/^problem: data folder .* cannot be written/);
  });

  test('does not ask for a data folder that nothing is kept in', async () => {
    expect(await checkDataDir(configOf({ TIDINGS_DATA_DIR: '/proc/nowhere' }))).toEqual([]);
  });
});

/** A disk of a few megabytes. @returns its folder; undefined where we may not make one. */
async function mountSmallDisk(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300m', 'tmpfs', folder]);
  return status === 0 ? folder : undefined;
}

const disk = process.getuid?.() === 0 ? await mountSmallDisk() : undefined;

describe.skipIf(disk === undefined)(
  `of a small disk, doctor${disk === undefined ? ' (skipped: needs root, and leave to mount)' : ''}`,
  { timeout: 120_000 },
  () => {
    afterAll(async () => {
      spawnSync('umount', [disk ?? '']);
      await rm(disk ?? '', { recursive: true });
    });

    test('finds that little is free for the embedded database', async () => {
      const folder = join(disk ?? '', 'data');
      await mkdir(folder);
      const findings = await checkDataDir(configOf({ DATABASE_URL: '', TIDINGS_DATA_DIR: folder }));
      expect(about({ findings }, 'disk')[0]).toMatch(/^warning: \d+ MB are free/);
    });
  },
);
