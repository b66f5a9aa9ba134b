import type { Database } from '../../db/client.js';
import { RENDERER_VERSION } from '../../render/body.js';
import type { BodyRenderer } from '../../render/pool.js';
import { type BodyTable, createBodyRepo, type StoredBody } from './repo.js';

const BATCH = 100;
const SMALLEST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Renders every body that an older version of the renderer rendered. Readers are served meanwhile; interrupted, it goes
 * on where it was when it is run again.
 *
 * @param onProgress called with how many bodies of a kind are done.
 * @returns how many bodies of each kind were rendered.
 */
export async function rerenderBodies(
  { db, renderer }: { readonly db: Database; readonly renderer: BodyRenderer },
  onProgress: (kind: BodyTable, done: number) => void = () => undefined,
): Promise<Record<BodyTable, number>> {
  const repo = createBodyRepo(db);

  const render = async ({ body, bodyFormat, sourceHtml }: StoredBody) => {
    const rendered = await renderer.render(body, bodyFormat);
    return sourceHtml === null
      ? rendered
      : { ...rendered, html: (await renderer.render(sourceHtml, 'HTML')).html };
  };

  const all = async (kind: BodyTable): Promise<number> => {
    let done = 0;
    let lastId = SMALLEST_ID;
    for (;;) {
      const batch = await repo.outdated(kind, RENDERER_VERSION, lastId, BATCH);
      for (const stored of batch) await repo.save(kind, stored, await render(stored), RENDERER_VERSION);
      done += batch.length;
      onProgress(kind, done);
      const last = batch.at(-1);
      if (last === undefined) return done;
      lastId = last.id;
    }
  };

  return { posts: await all('posts'), comments: await all('comments'), entries: await all('entries') };
}
