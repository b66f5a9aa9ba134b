import postgres from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import { startTestApp, type TestApp } from './app.js';
import type { TestDatabase } from './database.js';
import { createDemoDatabase } from './demo.js';

/** A running instance over the demo publication, and a connection to change it behind the instance's back. */
export interface Publication {
  /** The database's address. */
  readonly url: string;
  readonly app: TestApp;
  readonly sql: postgres.Sql;
}

/** Sets one up for a test file, with these settings beside the usual. Call it at the top of a `describe`; use what it returns within tests only. */
export function usePublication(env: Readonly<Record<string, string>> = {}): Publication {
  let database: TestDatabase | undefined;
  let app: TestApp | undefined;
  let sql: postgres.Sql | undefined;
  beforeAll(async () => {
    database = await createDemoDatabase();
    app = await startTestApp({ DATABASE_URL: database.url, ...env });
    sql = postgres(database.url, { max: 4, onnotice: () => undefined });
  });
  afterAll(async () => {
    await sql?.end();
    await app?.stop();
    await database?.drop();
  });
  const ready = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('The publication is there within tests only.');
    return part;
  };
  return {
    get url() {
      return ready(database).url;
    },
    get app() {
      return ready(app);
    },
    get sql() {
      return ready(sql);
    },
  };
}
