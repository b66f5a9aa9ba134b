import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../kit/database.js';
import { killQuietly, living, type Scene, setScene } from '../db/embedded.processes.js';
import { type Running, start, titles } from './instance.js';
import { freePort } from '../kit/ports.js';

const DEMO_TITLE = 'Tonight at 16:40, the light comes back';

type OnFinished = (cleanUp: () => Promise<void>) => void;

/** A data folder of a test's own, and instances on it that do not outlive the test. */
async function prepare(onTestFinished: OnFinished) {
  const scene: Scene = await setScene(onTestFinished);
  const settings = { PORT: String(await freePort()), TIDINGS_DATA_DIR: scene.folder };
  const begin = (
    what: Parameters<typeof start>[0],
    more: Record<string, string> = {},
    args: readonly string[] = [],
  ): Running => {
    const running = start(what, { ...settings, ...more }, args);
    onTestFinished(async () => {
      running.kill();
      await running.ended();
    });
    return running;
  };
  return { scene, settings, begin };
}

describe('npm start on an empty folder', { timeout: 60_000 }, () => {
  test('serves the demo publication, says where, and does not load it again', async ({ onTestFinished }) => {
    const { scene, settings, begin } = await prepare(onTestFinished);
    const cold = begin('npm');
    // 10 s is the promise for a machine of its own; here other files run beside.
    expect(await cold.firstAnswer()).toBeLessThan(20_000);
    expect(await titles(cold.endpoint)).toContain(DEMO_TITLE);
    await vi.waitFor(() => expect(cold.said()).toContain(scene.folder));
    expect(cold.said()).toContain(`Tidings serves http://localhost:${settings.PORT}/graphql`);
    expect(cold.said()).toContain('A demo publication was loaded');
    expect(cold.said()).toContain('/health/ready');
    const pids = await scene.serverPids();

    // Ctrl-C: the terminal tells npm and its child, and npm tells its child once more.
    process.kill(-(cold.child.pid ?? 0), 'SIGINT');
    await cold.ended();
    await vi.waitFor(async () => expect(await living(pids)).toEqual([]));

    const warm = begin('serve');
    await warm.firstAnswer();
    expect(await titles(warm.endpoint)).toContain(DEMO_TITLE);
    expect(warm.said()).not.toContain('demo');
    warm.child.kill('SIGTERM');
    expect(await warm.ended()).toMatchObject({ code: 0, stderr: '' });
  });

  test('serves nothing but what it is given with TIDINGS_DEMO=0', async ({ onTestFinished }) => {
    const { begin } = await prepare(onTestFinished);
    const instance = begin('serve', { TIDINGS_DEMO: '0' });
    await instance.firstAnswer();
    expect(await titles(instance.endpoint)).toEqual([]);
    instance.child.kill('SIGINT');
    expect((await instance.ended()).code).toBe(0);
  });

  test('leaves a database of one’s own as it is', async ({ onTestFinished }) => {
    const { begin, scene } = await prepare(onTestFinished);
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const instance = begin('serve', { DATABASE_URL: database.url });
    await instance.firstAnswer();
    expect(await titles(instance.endpoint)).toEqual([]);
    expect(instance.said()).toContain(`PostgreSQL at ${new URL(database.url).host}`);
    expect(instance.said()).not.toContain(new URL(database.url).password || 'no password');
    await expect(scene.data(), 'no embedded server was made').rejects.toThrow('ENOENT');
    instance.child.kill('SIGTERM');
    expect((await instance.ended()).code).toBe(0);
  });
});

describe.concurrent('an instance', { timeout: 60_000 }, () => {
  test('stops its database and exits with 0, even when the signal comes while it starts', async ({
    onTestFinished,
  }) => {
    const { scene, begin } = await prepare(onTestFinished);
    const instance = begin('serve');
    // The cluster is there, the server is starting or has just started.
    await vi.waitFor(() => scene.data(), { timeout: 30_000, interval: 10 });
    instance.child.kill('SIGINT');
    expect((await instance.ended()).code).toBe(0);
    expect(await scene.serverPids()).toEqual([]);
  });

  test('comes back with its data after kill -9 of itself and its database', async ({ onTestFinished }) => {
    const { scene, begin } = await prepare(onTestFinished);
    const killed = begin('serve');
    await killed.firstAnswer();
    const pids = await scene.serverPids();
    killed.child.kill('SIGKILL');
    for (const pid of pids) killQuietly(pid, 'SIGKILL');
    await killed.ended();

    const next = begin('serve');
    await next.firstAnswer();
    expect(await titles(next.endpoint)).toContain(DEMO_TITLE);
    next.child.kill('SIGTERM');
    expect((await next.ended()).code).toBe(0);
    expect(await scene.serverPids()).toEqual([]);
  });

  test('shows what the command line imports while it runs', async ({ onTestFinished }) => {
    const { scene, begin } = await prepare(onTestFinished);
    const instance = begin('serve');
    await instance.firstAnswer();

    const folder = join(scene.folder, '..', 'articles');
    await mkdir(folder);
    await writeFile(join(folder, 'late.md'), '---\ntitle: A late article\ndate: 2026-11-21\n---\n\nHere.\n');
    const importing = await begin('tidings', {}, ['import', folder]).ended();
    expect(importing).toMatchObject({ code: 0, stderr: '' });
    expect(await titles(instance.endpoint)).toContain('A late article');

    instance.child.kill('SIGTERM');
    expect((await instance.ended()).code).toBe(0);
    expect(await scene.serverPids()).toEqual([]);
  });
});

describe.concurrent('a start that cannot be', { timeout: 60_000 }, () => {
  /** One line for people: no stack, no second thought. */
  const oneLine = async (running: Running): Promise<string> => {
    const { code, stdout, stderr } = await running.ended();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^tidings: .+\n$/);
    return stderr;
  };

  test('says in one line that the port is taken', async ({ onTestFinished }) => {
    const { settings, begin } = await prepare(onTestFinished);
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const other = createServer().listen(Number(settings.PORT), 'localhost');
    await once(other, 'listening');
    onTestFinished(async () => {
      other.close();
      await once(other, 'close');
    });
    expect(await oneLine(begin('serve', { DATABASE_URL: database.url }))).toContain(
      `Port ${settings.PORT} is taken`,
    );
  });

  test.for([
    [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535, not "abc".'],
    [{ TIDINGS_DEM: '1' }, 'TIDINGS_DEM is not a setting of Tidings.'],
    [{ NODE_ENV: 'production' }, 'AUTH_SECRET is required in production'],
  ] as const)('says in one line which variable is wrong: %j', async ([settings, why], { onTestFinished }) => {
    const { begin } = await prepare(onTestFinished);
    expect(await oneLine(begin('serve', settings))).toContain(why);
  });

  test('says in one line, and soon, that there is no database where DATABASE_URL points', async ({
    onTestFinished,
  }) => {
    const { begin } = await prepare(onTestFinished);
    const timeOf = async (settings: Readonly<Record<string, string>>) => {
      const began = performance.now();
      return { line: await oneLine(begin('serve', settings)), took: performance.now() - began };
    };
    // A process takes its time to start, on a busy machine several seconds.
    const { took: toStart } = await timeOf({ PORT: 'abc' });
    const { line, took } = await timeOf({
      DATABASE_URL: `postgres://somebody:hush@127.0.0.1:${await freePort()}/news`,
    });
    expect(line).toMatch(/The database at 127\.0\.0\.1:\d+\/news cannot be reached: .*ECONNREFUSED/);
    expect(line).not.toContain('hush');
    expect(took - toStart).toBeLessThan(10_000);
  });
});
