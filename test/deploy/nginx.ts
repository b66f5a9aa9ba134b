import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../kit/until.js';
import { freePort } from '../kit/ports.js';

const CONFIGURATION = fileURLToPath(new URL('../../deploy/nginx.conf', import.meta.url));

/** Debian has it where only root looks. */
const PROGRAM = ['/usr/sbin/nginx', 'nginx'].find((path) => spawnSync(path, ['-v']).status === 0);

/** Whether tests that need nginx are skipped: nowhere but on a machine of one's own without it, never in CI. */
export const withoutNginx = PROGRAM === undefined && process.env['CI'] === undefined;

/** The end of the name of a test that needs nginx. */
export const needsNginx = withoutNginx ? ' (skipped: no nginx on the path)' : '';

/** A line of its access log. */
export interface LogLine {
  readonly requestId: string;
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Empty: it asked no instance. */
  readonly upstream: string;
}

/** nginx as it is deployed, before instances of this machine. */
export interface TestNginx {
  readonly port: number;
  /** http://127.0.0.1:PORT/graphql */
  readonly endpoint: string;
  log(): Promise<readonly LogLine[]>;
  /** What it told its operator. */
  said(): string;
  stop(): Promise<void>;
}

/** The configuration that is deployed, with other addresses and paths, and nothing else. */
async function configurationFor(port: number, instances: readonly number[], folder: string): Promise<string> {
  const changes: readonly (readonly [RegExp, string | ((found: string, place: string) => string)])[] = [
    [/listen 8080;/g, `listen 127.0.0.1:${port};`],
    [/tidings-(\d):4000/g, (_, place) => `127.0.0.1:${instances[Number(place) - 1]}`],
    [/ \/tmp\//g, ` ${folder}/`],
    [/\/dev\/stdout/g, join(folder, 'access.log')],
  ];
  let text = await readFile(CONFIGURATION, 'utf8');
  for (const [pattern, instead] of changes) {
    if (text.search(pattern) < 0) throw new Error(`deploy/nginx.conf has no ${pattern} any more.`);
    text = text.replaceAll(pattern, instead as string);
  }
  return text;
}

/** @param instances the ports of `tidings-1`, `tidings-2`. */
export async function startNginx(instances: readonly number[]): Promise<TestNginx> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'tidings-nginx-'));
  // Started by root, its workers are somebody else.
  await chmod(folder, 0o711);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, await configurationFor(port, instances, folder));
  const child = spawn(PROGRAM ?? 'nginx', ['-c', file, '-p', folder, '-e', 'stderr', '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(
      'nginx answers',
      async () => child.exitCode !== null || (await fetch(`http://127.0.0.1:${port}/`)).status === 404,
    );
    if (child.exitCode !== null) throw new Error(`nginx ended and said: ${said}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    endpoint: `http://127.0.0.1:${port}/graphql`,
    said: () => said,
    stop,
    async log() {
      const text = await readFile(join(folder, 'access.log'), 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine);
    },
  };
}
