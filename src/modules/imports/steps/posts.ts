import { v7 } from 'uuid';
import type { Database } from '../../../db/client.js';
import { claimNames, LONGEST_SLUG, USABLE_SLUG } from '../../../lib/names.js';
import { slugify } from '../../../lib/text.js';
import { type BodyFormat, type RenderedBody, RENDERER_VERSION } from '../../../render/body.js';
import { tagsBySlug } from '../../tags/public.js';
import { agrees, type ImportEnvironment, type Located, renderEach, type Step } from '../loading.js';
import { userIds } from '../repo/accounts.js';
import { replaceLinks, tagIds } from '../repo/links.js';
import {
  bumpVersions,
  idsAndSlugs,
  storedPosts,
  takenSlugs,
  translationGroupIds,
  upsertPosts,
} from '../repo/posts.js';
import { inTurn, type Written } from '../repo/upsert.js';

/** An article from elsewhere. */
export interface ImportedPost {
  readonly externalId: string;
  /** The slug to have, if no other post has it. */
  readonly slug: string;
  readonly title: string;
  readonly summary: string | null;
  readonly language: string;
  readonly status: 'DRAFT' | 'SCHEDULED' | 'PUBLISHED';
  /** Null for a draft without a date. */
  readonly publishedAt: Date | null;
  /** The external ids of the authors, in the order of the by-line. */
  readonly authors: readonly string[];
  readonly tags: readonly string[];
  readonly translationGroup: string | null;
  readonly format: BodyFormat;
  readonly body: string;
}

/** An article that can be written. */
export interface ReadyPost {
  readonly post: ImportedPost;
  /** Our ids of the authors. */
  readonly authorIds: readonly string[];
  /** The names of the tags by slug. */
  readonly tags: ReadonlyMap<string, string>;
  readonly rendered: RenderedBody;
}

function slugOf({ slug, title }: ImportedPost): string {
  // As it is looked up.
  const composed = slug.normalize('NFC');
  return composed.length <= LONGEST_SLUG && USABLE_SLUG.test(composed)
    ? composed
    : slugify(slug, LONGEST_SLUG) || slugify(title) || 'post';
}

const DIRECT = [
  'title',
  'summary',
  'language',
  'status',
  'publishedAt',
  'translationGroup',
  'format',
  'body',
] as const;

/**
 * Articles, with their authors, tags and translations. One that names an unknown author is rejected; one that was
 * taken down here stays as it is.
 */
export function postStep(environment: ImportEnvironment, kind: string): Step<ImportedPost, ReadyPost> {
  const { db, renderer, report } = environment;
  return {
    kind,

    async prepare(batch) {
      const [authors, stored] = await Promise.all([
        userIds(
          db,
          batch.flatMap(({ value }) => value.authors),
        ),
        storedPosts(
          db,
          batch.map(({ value }) => value.externalId),
        ),
      ]);
      const fresh: Located<Omit<ReadyPost, 'rendered'>>[] = [];
      for (const record of batch) {
        const post = record.value;
        const stranger = post.authors.find((author) => !authors.has(author));
        if (stranger !== undefined) {
          report.reject(kind, record, `author_ids: "${stranger}" is no author here`);
          continue;
        }
        const authorIds = [...new Set(post.authors.map((author) => authors.get(author) ?? ''))];
        const tags = tagsBySlug(post.tags);
        const known = stored.get(post.externalId);
        const links = { authorIds, tagSlugs: [...tags.keys()] };
        const isSame =
          known !== undefined &&
          (known.isTakenDown ||
            (agrees(known, post, DIRECT) && agrees(known, links, ['authorIds', 'tagSlugs'])));
        if (isSame) report.leave(kind, 1);
        else fresh.push({ ...record, value: { post, authorIds, tags } });
      }
      return renderEach(report, kind, fresh, async (value) => ({
        ...value,
        rendered: await renderer.render(value.post.body, value.post.format),
      }));
    },

    async write(batch) {
      const written = await inTurn(db, (tx) => writePosts(tx, batch));
      report.count(kind, batch.length, written);
    },
  };
}

/**
 * Writes articles with what hangs on them.
 *
 * @returns those that were added or changed.
 */
export async function writePosts(
  tx: Database,
  batch: readonly Located<ReadyPost>[],
): Promise<readonly Pick<Written, 'added'>[]> {
  if (batch.length === 0) return [];
  const wanted = batch.map(({ value }) => value);
  const stored = await idsAndSlugs(
    tx,
    wanted.map(({ post }) => post.externalId),
  );
  const newcomers = wanted.filter(({ post }) => !stored.has(post.externalId));
  const slugs = await claimNames(
    newcomers.map(({ post }) => slugOf(post)),
    (candidates) => takenSlugs(tx, candidates),
  );
  const claimed = new Map(newcomers.map(({ post }, place) => [post.externalId, slugs[place] ?? '']));
  const groups = await translationGroupIds(
    tx,
    wanted.flatMap(({ post }) => post.translationGroup ?? []),
  );
  const rows = wanted.map(({ post, rendered }) => ({
    id: stored.get(post.externalId)?.id ?? v7(),
    externalId: post.externalId,
    slug: stored.get(post.externalId)?.slug ?? claimed.get(post.externalId) ?? '',
    title: post.title,
    summary: post.summary,
    language: post.language,
    status: post.status,
    publishedAt: post.publishedAt,
    translationGroupId: groups.get(post.translationGroup ?? '') ?? null,
    body: post.body,
    bodyFormat: post.format,
    bodyHtml: rendered.html,
    bodyText: rendered.text,
    rendererVersion: RENDERER_VERSION,
  }));
  const written = await upsertPosts(tx, rows);

  const tags = await tagIds(tx, new Map(wanted.flatMap((post) => [...post.tags])));
  const idOf = (place: number): string => rows[place]?.id ?? '';
  const relinked = new Set([
    ...(await replaceLinks(
      tx,
      'authors',
      new Map(wanted.map((post, place) => [idOf(place), post.authorIds])),
    )),
    ...(await replaceLinks(
      tx,
      'tags',
      new Map(
        wanted.map((post, place) => [idOf(place), [...post.tags.keys()].map((slug) => tags.get(slug) ?? '')]),
      ),
    )),
  ]);
  const bumped = new Set(written.map((row) => row.externalId));
  const onlyRelinked = rows.filter((row) => relinked.has(row.id) && !bumped.has(row.externalId));
  if (onlyRelinked.length > 0) {
    await bumpVersions(
      tx,
      onlyRelinked.map((row) => row.id),
    );
  }
  return [...written, ...onlyRelinked.map(() => ({ added: false }))];
}
