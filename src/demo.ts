import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import type { Database } from './db/client.js';
import { importFolder } from './modules/imports/public.js';
import { createBodyRenderer } from './render/pool.js';

const DEMO = fileURLToPath(new URL('../demo', import.meta.url));

// Any constant will do: processes that start together take turns, and all but the first find the publication taken.
const DEMO_LOCK = 6_114_830_227;

/**
 * Loads the demo publication when there is no post and no account yet. In one transaction: a start that is killed in
 * the middle leaves nothing, and the next one begins again.
 *
 * @returns whether it was loaded.
 */
export async function loadDemo(db: Database): Promise<boolean> {
  const renderer = createBodyRenderer();
  try {
    return await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(DEMO_LOCK))})`);
      const taken = await tx.execute(sql`select 1 where exists (table posts) or exists (table users)`);
      if (taken.length > 0) return false;
      await importFolder({ db: tx, renderer }, DEMO);
      return true;
    });
  } finally {
    await renderer.close();
  }
}
