/** Where a bench takes place: a database, and the settings of the product there. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinEmbeddedPostgres } from '../../src/db/embedded.js';
import { end, endAll, startProduct } from './processes.js';

/** More points than any load takes: one address, or few users, send all of it. */
const PLENTY = '1000000000/1000000000';

export interface Place {
  readonly databaseUrl: string;
  /** With what access tokens are signed. */
  readonly secret: string;
  /** For the product, over this database, on any free port. */
  readonly environment: Readonly<Record<string, string>>;
  close(this: void): Promise<void>;
}

/** Uses DATABASE_URL, which gets rows; without it an embedded server in a temporary folder. It has the newest schema. */
export async function openPlace(): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
  // PostgreSQL may run as another user there.
  await chmod(home, 0o711);
  const given = process.env['DATABASE_URL'];
  const embedded = given ? undefined : await joinEmbeddedPostgres({ dataDir: home });
  const databaseUrl = given ?? embedded?.url ?? '';
  const secret = randomBytes(32).toString('base64url');
  const environment = {
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: secret,
    NODE_ENV: 'production',
    // As deploy/ starts it.
    NODE_OPTIONS: '--max-old-space-size=640 --max-semi-space-size=64',
    LOG_LEVEL: 'error',
    PORT: '0',
    TIDINGS_DATA_DIR: home,
    TIDINGS_THROTTLE_ANONYMOUS: PLENTY,
    TIDINGS_THROTTLE_READER: PLENTY,
  };
  // Brings the database up to date.
  await end((await startProduct(environment)).child);
  return {
    databaseUrl,
    secret,
    environment,
    async close() {
      await endAll();
      await embedded?.leave();
      await rm(home, { recursive: true, force: true });
    },
  };
}
