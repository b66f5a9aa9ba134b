import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from './checkout.js';
import { TEST_SECRET, UNTHROTTLED } from './app.js';
import { until } from './until.js';

/** How a process ended that was asked to. */
export interface Stopped {
  readonly code: number | null;
  /** From the signal to its end. */
  readonly milliseconds: number;
}

/** An instance in a process of its own: as in production, and as mortal. */
export interface InstanceProcess {
  readonly pid: number;
  /** http://localhost:PORT/graphql */
  readonly endpoint: string;
  /** All that it wrote so far. */
  said(this: void): string;
  isRunning(this: void): boolean;
  /** Stops it without ending it: connections stay open, and nothing is answered. @param on false: it goes on. */
  freeze(on: boolean): void;
  /** Ends it as a crash would. */
  kill(this: void): Promise<void>;
  /** Asks it to end. */
  stop(): Promise<Stopped>;
}

/** Starts an instance on a free port, with settings as the environment would give them; resolves when it serves. */
export async function startInstance(env: Readonly<Record<string, string>>): Promise<InstanceProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LOG_LEVEL: 'warn',
      NODE_ENV: 'test',
      AUTH_SECRET: TEST_SECRET,
      ...UNTHROTTLED,
      // A frozen instance, or one on a busy machine, is late without having too much to do.
      TIDINGS_MAX_LOOP_DELAY_MS: '0',
      // Tests write past the instance, and look at once.
      TIDINGS_ANSWER_AGE_MS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close');

  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  let endpoint: string | undefined;
  try {
    await until(
      'the instance serves',
      () => {
        endpoint = /Tidings serves (\S+)/.exec(said)?.[1];
        return endpoint !== undefined || child.exitCode !== null;
      },
      60_000,
    );
    if (endpoint === undefined) throw new Error(`The instance ended and said: ${said}`);
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    endpoint,
    said: () => said,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    freeze: (on) => void child.kill(on ? 'SIGSTOP' : 'SIGCONT'),
    kill,
    async stop() {
      const began = performance.now();
      child.kill('SIGTERM');
      await ended;
      return { code: child.exitCode, milliseconds: performance.now() - began };
    },
  };
}
