import { createApp } from './app.js';
import { databaseAddress, explain } from './cli/explain.js';
import { type Config, readConfig } from './config.js';
import { saysLost } from './db/lostConnections.js';
import { faultBehind } from './graphql/errors.js';
import { createLogger } from './sight/logger.js';

/** Milliseconds that a drain may take before the process goes without it. */
const LONGEST_DRAIN = 10_000;

/**
 * Milliseconds within which signals are one and the same wish: Ctrl-C reaches every process of the terminal, and npm
 * hands it on to its child once more. Measured below 5 ms apart.
 */
const SAME_WISH = 500;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const fail = (reason: string): never => {
  process.stderr.write(`tidings: ${reason}\n`);
  process.exit(1);
};

function greet(endpoint: string, config: Config): void {
  const database =
    config.databaseUrl === undefined
      ? `${config.dataDir} (embedded PostgreSQL)`
      : `PostgreSQL at ${databaseAddress(config.databaseUrl)}`;
  say(`Tidings serves ${endpoint}`);
  if (config.graphiql) say(`  in a browser   ${endpoint} (GraphiQL, with queries to start from)`);
  say(`  for clients    POST ${endpoint}`);
  say(`  for operators  ${new URL('/health/ready', endpoint).href}`);
  say(`  data           ${database}`);
}

async function main(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  // postgres.js asks every new connection for its types, and nobody hears when that connection is lost meanwhile.
  process.on('unhandledRejection', (error) => {
    if (!saysLost(error)) throw error;
    logger.warn(
      { err: faultBehind(error).error },
      'a connection was lost, and nobody waited for what was asked over it',
    );
  });
  const app = createApp({ config, logger, announce: say });

  let stopping: number | undefined;
  const stop = (): void => {
    if (stopping !== undefined) {
      // Whoever asks twice means it.
      if (performance.now() - stopping > SAME_WISH) process.exit(130);
      return;
    }
    stopping = performance.now();
    setTimeout(() => fail('Stopping took too long.'), LONGEST_DRAIN).unref();
    app.drain().then(
      () => process.exit(0),
      (error: unknown) => fail(explain(error, config)),
    );
  };
  // SIGHUP: the terminal was closed. Without it the embedded database would be left running.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

  try {
    greet(await app.start(), config);
  } catch (error) {
    await app.drain().catch(() => undefined);
    // A start that was stopped is no failure; `stop` ends the process.
    if (stopping === undefined) fail(explain(error, config));
  }
}

try {
  await main(readConfig());
} catch (error) {
  fail(explain(error, undefined));
}
