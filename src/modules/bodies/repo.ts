import { and, gt, lt, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.js';
import { named } from '../../db/statement.js';
import { comments } from '../../db/tables/comments.js';
import { coverageEntries } from '../../db/tables/coverage.js';
import { posts } from '../../db/tables/posts.js';
import type { BodyFormat, RenderedBody } from '../../render/body.js';

const TABLES = { posts, comments, entries: coverageEntries };

/** The tables that keep bodies. */
export type BodyTable = keyof typeof TABLES;

/** A body as it was written. */
export interface StoredBody {
  readonly id: string;
  readonly body: string;
  readonly bodyFormat: BodyFormat;
  /** HTML that is rendered in place of the body, when an import brought both. */
  readonly sourceHtml: string | null;
}

export type BodyRepo = ReturnType<typeof createBodyRepo>;

/** The statements on bodies of every kind. */
export const createBodyRepo = (db: Database) => ({
  /** Bodies that an older renderer rendered, in the order of their ids. */
  outdated: (kind: BodyTable, version: number, afterId: string, limit: number): Promise<StoredBody[]> => {
    const table = TABLES[kind];
    return named(
      `bodies.outdated.${kind}`,
      db
        .select({
          id: table.id,
          body: table.body,
          bodyFormat: table.bodyFormat,
          sourceHtml: kind === 'comments' ? sql<string | null>`${comments.sourceHtml}` : sql<null>`null`,
        })
        .from(table)
        .where(and(lt(table.rendererVersion, version), gt(table.id, afterId)))
        .orderBy(table.id)
        .limit(limit),
    );
  },

  /** Keeps what was rendered, unless the body has changed meanwhile: then its writer has rendered it. */
  save: async (kind: BodyTable, { id, body }: StoredBody, { html, text }: RenderedBody, version: number) => {
    const table = TABLES[kind];
    await named(
      `bodies.save.${kind}`,
      db
        .update(table)
        .set({ bodyHtml: html, bodyText: text, rendererVersion: version })
        .where(sql`${table.id} = ${id} and ${table.body} = ${body}`),
    );
  },
});
