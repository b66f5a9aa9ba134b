/**
 * A process that joins the embedded PostgreSQL of a data folder and does as the one word on its stdin
 * says: `leave`, or `exit` without leaving. It ignores SIGINT, as a server that drains does.
 *
 * node --import tsx embedded.fixture.ts <data folder>
 */
import { createInterface } from 'node:readline';
import { joinEmbeddedPostgres } from '../../src/db/embedded.js';

const [dataDir = ''] = process.argv.slice(2);
const tell = (message: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

process.on('SIGINT', () => {
  tell({ signal: 'SIGINT' });
});

try {
  const joined = await joinEmbeddedPostgres({
    dataDir,
    settings: { fsync: 'off' },
    log: (line) => {
      process.stderr.write(`${line}\n`);
    },
  });
  tell({ url: joined.url });
  const words = createInterface(process.stdin)[Symbol.asyncIterator]();
  const word = await words.next();
  // From here on nothing but the database's own doings keeps this process alive.
  process.stdin.destroy();
  if (word.value === 'leave') {
    await joined.leave();
    tell({ left: true });
  }
} catch (error) {
  tell({ error: error instanceof Error ? error.message : String(error) });
}
