import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagedBinaries, runnableBinaries } from '../../src/db/embedded/binaries.js';
import { eventually } from '../kit/sockets.js';
import { killQuietly, living, setScene } from './embedded.processes.js';

const isRoot = process.geteuid?.() === 0;
/** PostgreSQL gives a cluster its number when it is made: equal numbers, same server. */
const identify = async (sql: Sql): Promise<string> => {
  const [row] = await sql<{ id: string }[]>`select system_identifier::text as id from pg_control_system()`;
  return row?.id ?? '';
};
/** The log collector ends a moment after the server. */
const gone = async (pids: readonly number[]): Promise<void> => {
  await eventually(async () => {
    expect(await living(pids)).toEqual([]);
  });
};

describe.concurrent('the embedded PostgreSQL', { timeout: 60_000 }, () => {
  /** A data folder that has been started once, for tests that are not about the first start. */
  let from = '';
  const cleanUps: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const scene = await setScene((cleanUp) => cleanUps.push(cleanUp));
    const joiner = scene.joiner();
    await joiner.url();
    await joiner.leave();
    from = scene.folder;
    // It tells the last port, and copies would fight for it.
    await rm(join(await scene.data(), 'postmaster.opts'));
  }, 60_000);
  afterAll(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  test('speaks UTF-8 after the first start: letters, case and words of any script', async ({
    onTestFinished,
  }) => {
    const scene = await setScene(onTestFinished);
    const joiner = scene.joiner();
    const url = await joiner.url();
    const [row] = await scene.query(
      url,
      (sql) => sql`
        select current_database() as database, current_setting('server_encoding') as encoding,
          current_setting('timezone') as zone, lower('ÉCOLE') as lower, 'Ab' < 'ab' as "byCodePoint",
          tsvector_to_array(to_tsvector('simple', 'say “hello” — école、你好。')) as words`,
    );
    expect(row).toEqual({
      database: 'tidings',
      encoding: 'UTF8',
      zone: 'UTC',
      lower: 'école',
      byCodePoint: true,
      words: ['hello', 'say', 'école', '你好'],
    });
    await joiner.leave();
  });

  test('lets in its own role only, with the password, over loopback, and not as a superuser', async ({
    onTestFinished,
  }) => {
    const scene = await setScene(onTestFinished, { from });
    const joiner = scene.joiner();
    const url = await joiner.url();
    const [row] = await scene.query(
      url,
      (sql) => sql`
        select current_setting('listen_addresses') as addresses, current_setting('is_superuser') as superuser`,
    );
    expect(row).toEqual({ addresses: '127.0.0.1', superuser: 'off' });

    const refused = async (change: (url: URL) => void): Promise<string> => {
      const other = new URL(url);
      change(other);
      return scene
        .query(other.href, (sql) => sql`select 1`)
        .then(
          () => 'let in',
          (error: unknown) => String(error),
        );
    };
    expect(await refused((other) => (other.password = 'guess'))).toContain('password authentication failed');
    expect(await refused((other) => (other.username = 'postgres'))).toContain('no pg_hba.conf entry');

    expect((await stat(join(scene.folder, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
    await joiner.leave();
  });

  test('is shared by a second process, survives the first one leaving, and stops with the last', async ({
    onTestFinished,
  }) => {
    const scene = await setScene(onTestFinished, { from });
    const first = scene.joiner();
    const url = await first.url();
    const second = scene.joiner();
    expect(await second.url()).toBe(url);

    await scene.query(url, (sql) => sql`create table kept as select 1 as id`);
    await first.leave();
    expect(await scene.query(url, (sql) => sql`select id from kept`)).toEqual([{ id: 1 }]);

    const pids = await scene.serverPids();
    expect(pids.length).toBeGreaterThan(1);
    await second.leave();
    await gone(pids);

    const third = scene.joiner();
    expect(await third.url(), 'the port stays the same from start to start').toBe(url);
    expect(await scene.query(url, (sql) => sql`select id from kept`)).toEqual([{ id: 1 }]);
    await third.leave();
  });

  test('is one server for six processes that join an empty folder at once', async ({ onTestFinished }) => {
    const scene = await setScene(onTestFinished);
    const joiners = Array.from({ length: 6 }, () => scene.joiner());
    const urls = await Promise.all(joiners.map(async (joiner) => joiner.url()));
    expect(new Set(urls).size).toBe(1);
    const ids = await Promise.all(urls.map(async (url) => scene.query(url, identify)));
    expect(new Set(ids).size).toBe(1);

    const pids = await scene.serverPids();
    await Promise.all(joiners.map(async (joiner) => joiner.leave()));
    await gone(pids);
  });

  test('goes on after kill -9 of its only process, is joined by the next, and stopped by it', async ({
    onTestFinished,
  }) => {
    const scene = await setScene(onTestFinished, { from });
    const killed = scene.joiner();
    const url = await killed.url();
    const pids = await scene.serverPids();
    await killed.kill('SIGKILL');

    const next = scene.joiner();
    expect(await next.url()).toBe(url);
    expect((await scene.serverPids())[0]).toBe(pids[0]);
    await next.leave();
    expect(await scene.serverPids()).toEqual([]);
  });

  test('has every committed row after kill -9 of everything', async ({ onTestFinished }) => {
    const scene = await setScene(onTestFinished, { from });
    const killed = scene.joiner();
    const url = await killed.url();
    await scene.query(url, (sql) => sql`create table kept as select generate_series(1, 1000) as id`);
    const pids = await scene.serverPids();
    killed.child.kill('SIGKILL');
    for (const pid of pids) killQuietly(pid, 'SIGKILL');

    const next = scene.joiner();
    const nextUrl = await next.url();
    expect(await scene.query(nextUrl, (sql) => sql`select count(*)::int as n from kept`)).toEqual([
      { n: 1000 },
    ]);
    await next.leave();
  });

  test('comes back on the same port when it dies under a process that has joined', async ({
    onTestFinished,
  }) => {
    const scene = await setScene(onTestFinished, { from });
    const joiner = scene.joiner();
    const url = await joiner.url();
    for (const pid of await scene.serverPids()) killQuietly(pid, 'SIGKILL');

    await eventually(async () => {
      expect(await scene.query(url, (sql) => sql`select 1 as alive`)).toEqual([{ alive: 1 }]);
    });
    await joiner.leave();
    expect(await scene.serverPids()).toEqual([]);
  });

  test('starts though a stale postmaster.pid names a living process of the same user', async ({
    onTestFinished,
  }) => {
    const scene = await setScene(onTestFinished, { from });
    const data = await scene.data();
    const { uid, gid } = await stat(data);
    const bystander = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
    onTestFinished(() => {
      bystander.kill();
    });
    await once(bystander, 'spawn');
    const stale = [bystander.pid, data, 1_700_000_000, 5432, '', '127.0.0.1', '', 'ready', ''];
    await writeFile(join(data, 'postmaster.pid'), stale.join('\n'));

    const after = scene.joiner();
    expect(await scene.query(await after.url(), (sql) => sql`select 1 as alive`)).toEqual([{ alive: 1 }]);
    expect((await scene.serverPids())[0]).not.toBe(bystander.pid);
    await after.leave();
    expect(bystander.exitCode, 'the bystander lives').toBeNull();
  });

  test('takes another port when its last one is taken', async ({ onTestFinished }) => {
    const scene = await setScene(onTestFinished, { from });
    const squatter = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => {
      squatter.close();
    });
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const data = await scene.data();
    const { uid, gid } = await stat(data);
    const opts = join(data, 'postmaster.opts');
    await writeFile(opts, `/bin/postgres "-D" "${data}" "-p" "${port}"\n`);
    await chown(opts, uid, gid);

    const after = scene.joiner();
    const url = await after.url();
    expect(new URL(url).port).not.toBe(port);
    expect(await scene.query(url, (sql) => sql`select 1 as alive`)).toEqual([{ alive: 1 }]);
    await after.leave();
  });

  test('does not get the SIGINT of its process group', async ({ onTestFinished }) => {
    const scene = await setScene(onTestFinished, { from });
    const joiner = scene.joiner({ detached: true });
    const url = await joiner.url();
    process.kill(-joiner.pid, 'SIGINT');
    expect(await joiner.next()).toEqual({ signal: 'SIGINT' });
    expect(await scene.query(url, (sql) => sql`select 1 as alive`)).toEqual([{ alive: 1 }]);
    await joiner.leave();
    expect(await scene.serverPids()).toEqual([]);
  });

  test('does not keep a process alive that has nothing else to do', async ({ onTestFinished }) => {
    const scene = await setScene(onTestFinished, { from });
    const joiner = scene.joiner();
    await joiner.url();
    joiner.child.stdin?.end('exit\n');
    await once(joiner.child, 'close');
    expect(joiner.child.exitCode).toBe(0);
  });

  test('repairs an initialisation that was killed half way', async ({ onTestFinished }) => {
    const scene = await setScene(onTestFinished);
    const killed = scene.joiner();
    await eventually(async () => {
      const temporary = (await readdir(scene.folder)).find((name) => name.startsWith('postgres.new-'));
      await stat(join(scene.folder, temporary ?? '', 'data', 'PG_VERSION'));
    });
    await killed.kill('SIGKILL');
    expect(await readdir(scene.folder)).not.toContain('postgres');

    const next = scene.joiner();
    expect(await scene.query(await next.url(), (sql) => sql`select 1 as alive`)).toEqual([{ alive: 1 }]);
    await next.leave();
    expect(await readdir(scene.folder)).toEqual(['postgres']);
  });

  test('refuses the cluster of another major version, and says what to do', async ({ onTestFinished }) => {
    const scene = await setScene(onTestFinished, { from });
    await writeFile(join(await scene.data(), 'PG_VERSION'), '15\n');

    const { error } = await scene.joiner().next();
    expect(error).toContain(`The database in ${join(scene.folder, 'postgres')} was made by PostgreSQL 15`);
    expect(error).toContain('pg_dump');
    expect(error).toContain('DATABASE_URL');
  });

  test('says why it does not start, with the server’s last words', async ({ onTestFinished }) => {
    const scene = await setScene(onTestFinished, { from });
    await writeFile(join(await scene.data(), 'postgresql.conf'), 'shared_bufers = 1\n');

    const { error } = await scene.joiner().next();
    expect(error).toContain('unrecognized configuration parameter "shared_bufers"');
    expect(error).toContain(await scene.data());
  });

  test.skipIf(!isRoot)(
    'keeps the cluster of root elsewhere when its user cannot reach the data folder (needs root)',
    async ({ onTestFinished }) => {
      const scene = await setScene(onTestFinished, { mode: 0o700 });
      const first = scene.joiner();
      const url = await first.url();
      expect(await readlink(join(scene.folder, 'postgres'))).toMatch(/^\/var\/lib\/tidings\/[0-9a-f]{16}$/);
      const second = scene.joiner();
      expect(await second.url()).toBe(url);
      await Promise.all([first.leave(), second.leave()]);
      expect(await scene.serverPids()).toEqual([]);
    },
  );

  test.skipIf(!isRoot)(
    'copies binaries that the server’s user cannot reach, once (needs root)',
    async ({ onTestFinished }) => {
      const scene = await setScene(onTestFinished);
      const packaged = await packagedBinaries();
      const native = join(scene.folder, 'private', 'native');
      await mkdir(dirname(native), { recursive: true });
      await chmod(dirname(native), 0o700);
      await symlink(dirname(dirname(packaged.postgres)), native);
      const unreachable = {
        ...packaged,
        postgres: join(native, 'bin', 'postgres'),
        initdb: join(native, 'bin', 'initdb'),
        pgCtl: join(native, 'bin', 'pg_ctl'),
      };
      const lines: string[] = [];
      const log = (line: string): void => {
        lines.push(line);
      };
      const user = { uid: 65_534, gid: 65_534 };
      const store = join(scene.folder, 'store');
      const first = await runnableBinaries(unreachable, user, store, log);
      expect(first.postgres.startsWith(store)).toBe(true);
      expect(await runnableBinaries(unreachable, user, store, log)).toEqual(first);
      expect(lines).toEqual([expect.stringContaining('Copying')]);
    },
  );

  test('says what to do on a platform without binaries', async () => {
    await expect(packagedBinaries('sunos', 'sparc')).rejects.toThrow('Set DATABASE_URL');
  });
});
