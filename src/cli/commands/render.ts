import type { Config } from '../../config.js';
import { connectDatabase } from '../../db/connect.js';
import { rerenderBodies } from '../../modules/bodies/public.js';
import { createBodyRenderer } from '../../render/pool.js';

/** `tidings render`: bodies that an older renderer rendered are rendered again. */
export async function renderCommand(config: Config): Promise<void> {
  const database = await connectDatabase({ ...config, statementTimeout: 0 });
  const renderer = createBodyRenderer();
  try {
    const { posts, comments, entries } = await rerenderBodies({ db: database.db, renderer }, (kind, done) => {
      if (process.stdout.isTTY) process.stdout.write(`\r${kind} ${done} `);
    });
    if (process.stdout.isTTY) process.stdout.write('\r');
    console.log(`Rendered ${posts} posts, ${comments} comments and ${entries} entries anew.`);
  } finally {
    await renderer.close();
    await database.close();
  }
}
