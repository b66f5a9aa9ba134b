import { groupBy } from '../../../lib/grouping.js';
import { claimNames } from '../../../lib/names.js';
import { slugify } from '../../../lib/text.js';
import { type BodyFormat, type RenderedBody, RENDERER_VERSION } from '../../../render/body.js';
import { type ImportEnvironment, lastOfEach, type Located, type Step } from '../loading.js';
import {
  postIds,
  replaceLinks,
  storedSlugs,
  tagIds,
  takenSlugs,
  translationGroupIds,
  upsertPosts,
  userIds,
} from '../repo/posts.js';

/** An article from elsewhere. */
export interface ImportedPost {
  readonly externalId: string;
  /** The slug to have, if no other post has it. */
  readonly slug: string;
  readonly title: string;
  readonly summary: string | null;
  readonly language: string;
  /** Null: a draft. */
  readonly publishedAt: Date | null;
  /** The external ids of the authors, in the order of the by-line. */
  readonly authors: readonly string[];
  readonly tags: readonly string[];
  readonly translationGroup: string | null;
  readonly format: BodyFormat;
  readonly body: string;
}

interface Rendered extends ImportedPost {
  readonly rendered: RenderedBody;
}

const LONGEST_SLUG = 190;
const LONGEST_TAG = 100;

// Everything that RFC 3986 lets stand in a path as it is, in any script. Slugs like `10-lts-to-12-lts` or `v0.10.26`
// keep their addresses.
const USABLE_SLUG = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}._~-]*$/u;

const slugOf = ({ slug, title }: ImportedPost): string =>
  slug.length <= LONGEST_SLUG && USABLE_SLUG.test(slug)
    ? slug
    : slugify(slug, LONGEST_SLUG) || slugify(title) || 'post';

/** The tags of a post by slug: spellings that differ in case or punctuation only are one tag, written as first met. */
function tagsOf(post: ImportedPost): Map<string, string> {
  const bySlug = new Map<string, string>();
  for (const tag of post.tags) {
    const name = tag.normalize('NFC').trim().slice(0, LONGEST_TAG);
    const slug = slugify(name);
    if (slug !== '' && !bySlug.has(slug)) bySlug.set(slug, name);
  }
  return bySlug;
}

/** Articles, with their authors, tags and translations. One that names an unknown author is rejected. */
export function postStep(
  environment: ImportEnvironment,
  kind: string,
): Step<ImportedPost, readonly Located<Rendered>[]> {
  const { db, renderer, report } = environment;

  return {
    kind,
    batchSize: 100,
    prepare: (batch) =>
      Promise.all(
        lastOfEach(batch).map(async ({ value, ...place }) => ({
          ...place,
          value: { ...value, rendered: await renderer.render(value.body, value.format) },
        })),
      ),
    async write(batch) {
      const authorIds = await userIds(
        db,
        batch.flatMap(({ value }) => value.authors),
      );
      const known = batch.filter(({ file, line, value }) => {
        const stranger = value.authors.find((author) => !authorIds.has(author));
        if (stranger !== undefined)
          report.reject(kind, file, line, `author_ids: "${stranger}" is no author here`);
        return stranger === undefined;
      });
      if (known.length === 0) return;
      const wanted = known.map(({ value }) => value);

      await db.transaction(async (tx) => {
        const stored = await storedSlugs(
          tx,
          wanted.map((post) => post.externalId),
        );
        const newcomers = wanted.filter((post) => !stored.has(post.externalId));
        const slugs = await claimNames(newcomers.map(slugOf), (candidates) => takenSlugs(tx, candidates));
        const claimed = new Map(newcomers.map((post, place) => [post.externalId, slugs[place] ?? '']));
        const groups = await translationGroupIds(
          tx,
          wanted.map((post) => post.translationGroup).filter((id) => id !== null),
        );

        const written = await upsertPosts(
          tx,
          wanted.map((post) => ({
            externalId: post.externalId,
            slug: stored.get(post.externalId) ?? claimed.get(post.externalId) ?? '',
            title: post.title,
            summary: post.summary,
            language: post.language,
            status: post.publishedAt === null ? ('DRAFT' as const) : ('PUBLISHED' as const),
            publishedAt: post.publishedAt,
            translationGroupId: groups.get(post.translationGroup ?? '') ?? null,
            body: post.body,
            bodyFormat: post.format,
            bodyHtml: post.rendered.html,
            bodyText: post.rendered.text,
            rendererVersion: RENDERER_VERSION,
          })),
        );

        const ids = await postIds(
          tx,
          wanted.map((post) => post.externalId),
        );
        const idOf = (post: ImportedPost): string => ids.get(post.externalId) ?? '';
        const tags = new Map(wanted.map((post) => [idOf(post), tagsOf(post)]));
        const idsOfTags = await tagIds(tx, new Map([...tags.values()].flatMap((ofPost) => [...ofPost])));
        const relinked = new Set([
          ...(await replaceLinks(
            tx,
            'authors',
            new Map(
              wanted.map((post) => [
                idOf(post),
                [...new Set(post.authors.map((author) => authorIds.get(author) ?? ''))],
              ]),
            ),
          )),
          ...(await replaceLinks(
            tx,
            'tags',
            new Map(
              [...tags].map(([id, ofPost]) => [
                id,
                [...ofPost.keys()].map((slug) => idsOfTags.get(slug) ?? ''),
              ]),
            ),
          )),
        ]);

        const touched = groupBy(written, (row) => ids.get(row.externalId ?? '') ?? '');
        const onlyRelinked = [...relinked].filter((id) => !touched.has(id)).map(() => ({ added: false }));
        report.count(kind, wanted.length, [...written, ...onlyRelinked]);
      });
    },
  };
}
