import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppOptions, createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { nameOf } from '../../src/db/statement.js';
import { createLogger } from '../../src/sight/logger.js';

/** What signs tokens and cursors in tests. */
export const TEST_SECRET = 'a secret of the tests, long enough to be one';

/** No throttle: tests send thousands of operations from one address. */
export const UNTHROTTLED: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(readConfig({}).throttle).map((tier) => [`TIDINGS_THROTTLE_${tier}`, '1000000000/1000000000']),
);

/** A statement that an instance ran. */
export interface RecordedStatement {
  readonly name: string | undefined;
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** What an instance does without being asked, whenever it likes. */
export const UNASKED: ReadonlySet<string | undefined> = new Set([
  'posts.untilDue',
  'events.beat',
  'changes.forgetKeys',
  'accounts.forgetSessions',
  'accounts.forgetApiTokens',
  'events.forget',
]);

/** An answer of /graphql. */
export interface Answer<Data> {
  readonly data: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string };
  }[];
}

/** Somebody who sends operations. */
export interface Client {
  /** Sends an operation and returns its answer, errors included. */
  send<Data = never>(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>;
  /** Sends an operation that must not fail. */
  query<Data>(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Data>;
}

/** Sends operations to an endpoint, with these headers. */
export function createClient(endpoint: string, own: Record<string, string> = {}): Client {
  const send = async <Data>(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...own, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer<Data>;
  };
  return {
    send,
    async query<Data>(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>) {
      const answer = await send<Data>(query, variables, headers);
      if (answer.errors) throw new Error(`The operation failed: ${JSON.stringify(answer.errors)}`);
      return answer.data;
    },
  };
}

/** A running instance; itself an anonymous client. */
export interface TestApp extends Client {
  /** http://localhost:PORT/graphql */
  readonly endpoint: string;
  /** The statements that `work` ran; without those that the instance runs by itself. */
  statementsOf(work: () => Promise<unknown>): Promise<readonly RecordedStatement[]>;
  /** What the instance told its operator: log records from level `warn` on. */
  readonly logged: readonly Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts an instance on a free port, with settings as the environment would give them. */
export async function startTestApp(
  env: Record<string, string>,
  options: Pick<AppOptions, 'pingInterval' | 'pressureInterval' | 'patience'> = {},
): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidings-app-'));
  const config = readConfig({
    PORT: '0',
    LOG_LEVEL: 'warn',
    NODE_ENV: 'test',
    AUTH_SECRET: TEST_SECRET,
    ...UNTHROTTLED,
    // What the test does itself keeps the event loop, too.
    TIDINGS_MAX_LOOP_DELAY_MS: '0',
    // Tests write past the instance, and look at once.
    TIDINGS_ANSWER_AGE_MS: '0',
    TIDINGS_DATA_DIR: dataDir,
    ...env,
  });
  const recorded: RecordedStatement[] = [];
  const logged: Record<string, unknown>[] = [];
  const app = createApp({
    ...options,
    config,
    logger: createLogger(config.logLevel, {
      write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>),
    }),
    onStatement: (text, parameters) => {
      const name = nameOf(text);
      if (!UNASKED.has(name)) recorded.push({ name, text, parameters });
    },
  });
  const stop = async (): Promise<void> => {
    await app.drain();
    await rm(dataDir, { recursive: true, force: true });
  };
  const endpoint = await app.start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });

  return {
    endpoint,
    logged,
    ...createClient(endpoint),
    async statementsOf(work) {
      const before = recorded.length;
      await work();
      return recorded.slice(before);
    },
    stop,
  };
}
