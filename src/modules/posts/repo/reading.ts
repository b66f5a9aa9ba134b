import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.js';
import { keyset } from '../../../db/keyset.js';
import { anyOf, columnsOf, named, listParentId, listParents, readied } from '../../../db/statement.js';
import { postAuthors, posts, postSlugs, postTags } from '../../../db/tables/posts.js';
import type { PageRequest } from '../../../lib/paging.js';

/** Everything but the bodies, which have a loader of their own: most pages of posts don't show them. */
export const postColumns = {
  id: posts.id,
  externalId: posts.externalId,
  slug: posts.slug,
  title: posts.title,
  summary: posts.summary,
  language: posts.language,
  status: posts.status,
  publishedAt: posts.publishedAt,
  listedAt: posts.listedAt,
  createdAt: posts.createdAt,
  updatedAt: posts.updatedAt,
  version: posts.version,
  translationGroupId: posts.translationGroupId,
  commentCount: posts.commentCount,
  commentPolicy: posts.commentPolicy,
};

/** A row of posts, without its bodies. */
export type PostRow = Pick<typeof posts.$inferSelect, keyof typeof postColumns>;

/** All of these columns, or those that lists of posts show. */
export type PostColumns = 'ALL' | 'LISTED';

const listedColumns = {
  id: posts.id,
  slug: posts.slug,
  title: posts.title,
  summary: posts.summary,
  language: posts.language,
  status: posts.status,
  publishedAt: posts.publishedAt,
  listedAt: posts.listedAt,
  commentCount: posts.commentCount,
};

/** The columns themselves. What is not read is not there, whatever the type says: nobody asked for it. */
export const postColumnsOf = (columns: PostColumns): typeof postColumns =>
  columns === 'ALL' ? postColumns : (listedColumns as typeof postColumns);

const byIds = readied<{ ids: readonly string[] }, PostRow[]>('posts.byIds', (db) =>
  db
    .select(postColumns)
    .from(posts)
    .where(anyOf(posts.id, sql.placeholder('ids'), 'uuid')),
);

const bySlugs = readied<{ slugs: readonly string[] }, (PostRow & { askedSlug: string })[]>(
  'posts.bySlugs',
  (db) =>
    db
      .select({ askedSlug: postSlugs.slug, ...postColumns })
      .from(postSlugs)
      .innerJoin(posts, eq(posts.id, postSlugs.postId))
      .where(anyOf(postSlugs.slug, sql.placeholder('slugs'), 'text')),
);

/** What a post says. */
const bodyColumns = {
  id: posts.id,
  body: posts.body,
  bodyFormat: posts.bodyFormat,
  bodyHtml: posts.bodyHtml,
};

type BodyRow = Pick<typeof posts.$inferSelect, keyof typeof bodyColumns>;

const wholeBySlugs = readied<
  { slugs: readonly string[] },
  (PostRow & { askedSlug: string; content: BodyRow })[]
>('posts.wholeBySlugs', (db) =>
  db
    .select({ askedSlug: postSlugs.slug, ...postColumns, content: bodyColumns })
    .from(postSlugs)
    .innerJoin(posts, eq(posts.id, postSlugs.postId))
    .where(anyOf(postSlugs.slug, sql.placeholder('slugs'), 'text')),
);

const bodies = readied<{ ids: readonly string[] }, BodyRow[]>('posts.bodies', (db) =>
  db
    .select(bodyColumns)
    .from(posts)
    .where(anyOf(posts.id, sql.placeholder('ids'), 'uuid')),
);

export type PostRepo = ReturnType<typeof createPostRepo>;

/** The statements that read posts. */
export const createPostRepo = (db: Database) => {
  /** For each parent of a listing table a page of its posts, newest first. */
  const pagesOf = (
    name: string,
    table: typeof postAuthors | typeof postTags,
    parent: PgColumn,
    parents: readonly string[],
    request: PageRequest,
  ) => {
    const page = keyset({ key: table.listedAt, id: table.postId, type: 'moment', descending: true }, request);
    const rows = db
      .select(postColumns)
      .from(table)
      .innerJoin(posts, eq(posts.id, table.postId))
      .where(and(eq(parent, listParentId), isNotNull(table.listedAt), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .as('page');
    return named(
      name,
      db
        .select({ listParentId, ...columnsOf(rows) })
        .from(listParents(parents))
        .crossJoinLateral(rows)
        .orderBy(...page.outerOrder(rows.listedAt, rows.id)),
    );
  };

  const countsOf = (
    name: string,
    table: typeof postAuthors | typeof postTags,
    parent: PgColumn,
    parents: readonly string[],
  ) =>
    named(
      name,
      db
        .select({ listParentId: sql<string>`${parent}`, count: sql<number>`count(*)::int` })
        .from(table)
        .where(and(anyOf(parent, parents, 'uuid'), isNotNull(table.listedAt)))
        .groupBy(parent),
    );

  return {
    byIds: (ids: readonly string[]) => byIds(db, { ids }),

    /** By the slug they have or had. */
    bySlugs: (slugs: readonly string[]) => bySlugs(db, { slugs }),

    /** The same with what they say. */
    wholeBySlugs: (slugs: readonly string[]) => wholeBySlugs(db, { slugs }),

    /** Which of these posts a user is an author of. */
    ofAuthor: (userId: string, ids: readonly string[]) =>
      named(
        'posts.ofAuthor',
        db
          .select({ id: postAuthors.postId })
          .from(postAuthors)
          .where(and(anyOf(postAuthors.postId, ids, 'uuid'), eq(postAuthors.userId, userId))),
      ),

    byExternalIds: (externalIds: readonly string[]) =>
      named(
        'posts.byExternalIds',
        db
          .select(postColumns)
          .from(posts)
          .where(anyOf(posts.externalId, externalIds, 'text')),
      ),

    bodies: (ids: readonly string[]) => bodies(db, { ids }),

    /** The first characters of each body as plain text, and whether it goes on. */
    openings: (ids: readonly string[], characters: number) =>
      named(
        'posts.openings',
        db
          .select({
            id: posts.id,
            text: sql<string>`left(${posts.bodyText}, ${characters})`,
            goesOn: sql<boolean>`substr(${posts.bodyText}, ${characters + 1}, 1) <> ''`,
          })
          .from(posts)
          .where(anyOf(posts.id, ids, 'uuid')),
      ),

    /** Published posts of these groups, by language. */
    byTranslationGroups: (groupIds: readonly string[]) =>
      named(
        'posts.byTranslationGroups',
        db
          .select(postColumns)
          .from(posts)
          .where(and(anyOf(posts.translationGroupId, groupIds, 'uuid'), isNotNull(posts.listedAt)))
          .orderBy(posts.language, posts.id),
      ),

    byAuthors: (userIds: readonly string[], request: PageRequest) =>
      pagesOf('posts.byAuthors', postAuthors, postAuthors.userId, userIds, request),

    countByAuthors: (userIds: readonly string[]) =>
      countsOf('posts.countByAuthors', postAuthors, postAuthors.userId, userIds),

    byTags: (tagIds: readonly string[], request: PageRequest) =>
      pagesOf('posts.byTags', postTags, postTags.tagId, tagIds, request),

    countByTags: (tagIds: readonly string[]) =>
      countsOf('posts.countByTags', postTags, postTags.tagId, tagIds),
  };
};
