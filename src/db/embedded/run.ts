import { spawn } from 'node:child_process';
import type { SystemUser } from './place.js';

/** How a finished command ended; `output` is its stdout and stderr in order of arrival. */
export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/**
 * What PostgreSQL's programs see of the environment. PGPORT, PGOPTIONS, LANG and the like of whoever types
 * `npm start` would change the cluster, and with TZ set initdb need not search the whole zone database.
 * Windows programs do not load without the inherited variables.
 */
export const environment: NodeJS.ProcessEnv | undefined =
  process.platform === 'win32' ? undefined : { LC_ALL: 'C', TZ: 'UTC' };

/**
 * The spawn options that make a child run as `user`; libuv also drops root's supplementary groups.
 * spawn takes ids as signed 32 bits (macOS's nobody is 4294967294).
 */
export function identity(user: SystemUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid | 0, gid: user.gid | 0 };
}

/**
 * Runs a program to its end.
 *
 * @param input written to its stdin
 * @throws the spawn error (`code` ENOENT, EACCES, ...) when the program could not be started; a non-zero
 *   exit is no error here
 */
export async function run(
  file: string,
  args: readonly string[],
  user?: SystemUser,
  input = '',
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...identity(user), env: environment, cwd: '/', windowsHide: true });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    // A program that ends before it read everything: its exit status tells the story, not EPIPE.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}
