import { pino } from 'pino';
import { createApp } from './app.js';
import { readConfig } from './config.js';

/** Milliseconds that a drain may take before the process goes without it. */
const LONGEST_DRAIN = 10_000;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const fail = (error: unknown): never => {
  process.stderr.write(`tidings: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
};

async function main(): Promise<void> {
  const config = readConfig();
  const app = createApp({ config, logger: pino({ level: config.logLevel }) });

  const stop = (): void => {
    setTimeout(() => fail(new Error('stopping took too long')), LONGEST_DRAIN).unref();
    app.drain().then(() => process.exit(0), fail);
    // Whoever asks twice means it.
    process.once('SIGINT', () => process.exit(130));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);

  try {
    const endpoint = await app.start();
    say(`Tidings serves ${endpoint}`);
    say(`  in a browser   GraphiQL, with queries to start from`);
    say(`  for clients    POST ${endpoint}`);
    say(`  for operators  ${new URL('/health/ready', endpoint).href}`);
  } catch (error) {
    await app.drain().catch(() => undefined);
    fail(error);
  }
}

main().catch(fail);
