import { v7 } from 'uuid';
import { extentOf, may } from '../../auth/actions.js';
import type { Caller } from '../../changes/caller.js';
import type { Change, Changes } from '../../changes/change.js';
import { collectProblems, type Problems, refusal } from '../../changes/refusal.js';
import type { Database } from '../../db/client.js';
import { type BodyFormat, RENDERER_VERSION } from '../../render/body.js';
import type { BodyRenderer } from '../../render/pool.js';
import { claimTags, tagsBySlug } from '../tags/public.js';
import { emit, factsOf, type HeldPost, listingOf, toChange, toConsider, topicsOf } from './changing.js';
import { createPublishing } from './publishing.js';
import type { PostRow } from './repo/reading.js';
import { createRevisionRepo } from './repo/revisions.js';
import { createPostWriting, type PostText, type PostWriting, type WrittenBody } from './repo/writing.js';
import { freeSlug, takingSlug } from './slugs.js';

const SLUG_TAKEN = 'Another post has this slug, or had it before. Choose another one.';
const KNOWN_TO_READERS = 'This post was published before: only editors may delete it. You may archive it.';

/** The names of tags by slug. */
type Tags = ReadonlyMap<string, string>;

/** What a new post says. */
export interface NewPost extends Omit<PostText, 'slug'> {
  /** Given when the id has to be known before the post is there; clients can not. */
  readonly id?: string;
  /** Null: made from the title. */
  readonly slug: string | null;
  readonly body: string;
  readonly tags: Tags;
}

/** What is left out stays. */
export type PostEdit = { readonly [Field in keyof PostText]?: PostText[Field] | undefined } & {
  readonly id: string;
  readonly expectedVersion: number;
  readonly body?: string | undefined;
  readonly tags?: Tags | undefined;
};

const checkVersion = (problems: Problems, isExpected: boolean, { version }: PostRow): void => {
  if (isExpected) return;
  const message = `The post has version ${version} by now. Read it again, and change that.`;
  problems.add('CONFLICT', message, 'expectedVersion');
};

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, place) => value === other[place]);

async function setTags(change: Change, writing: PostWriting, postId: string, tags: Tags): Promise<void> {
  const tagIds = await claimTags(change.tx, tags);
  if (tagIds.length > 0) await writing.addTags(postId, tagIds);
}

/** Makes the next version of a post that is held, and keeps it; nothing when it would say the same. */
async function revise(
  change: Change,
  writing: PostWriting,
  { post, bodyFormat }: HeldPost,
  wanted: { readonly [Field in keyof PostText]?: PostText[Field] | undefined },
  body: WrittenBody | undefined,
  tags: Tags | undefined,
): Promise<PostRow> {
  const { slug = post.slug, title = post.title, summary = post.summary, language = post.language } = wanted;
  const text: PostText = { slug, title, summary, language };
  const stored = body || tags ? await writing.contentOf(post.id) : undefined;
  const newBody = body?.body === stored?.body && body?.bodyFormat === bodyFormat ? undefined : body;
  const newTags = tags && stored && same([...tags.keys()], stored.tags) ? undefined : tags;
  const isSameText =
    slug === post.slug && title === post.title && summary === post.summary && language === post.language;
  if (isSameText && newBody === undefined && newTags === undefined) return post;

  const revisions = createRevisionRepo(change.tx);
  // What an import wrote is not kept yet, and this is its last moment.
  await revisions.keep(post.id, null);
  const edited = await writing.edit(post.id, text, newBody);
  if (newTags) {
    await writing.removeTags(post.id);
    await setTags(change, writing, post.id, newTags);
  }
  await revisions.keep(post.id, change.viewer.userId);
  const before = { ...listingOf(post), ...(newTags && stored && { tags: stored.tags }) };
  await emit(change, 'updated', { postId: post.id, before });
  return edited;
}

export type PostService = ReturnType<typeof createPostService>;

/** What can be done with posts. */
export function createPostService(db: Database, changes: Changes, renderer: BodyRenderer) {
  const write = async (body: string, bodyFormat: BodyFormat): Promise<WrittenBody> => ({
    body,
    bodyFormat,
    rendered: await renderer.render(body, bodyFormat),
    rendererVersion: RENDERER_VERSION,
  });

  return {
    ...createPublishing(changes),

    /** Writes a new post, a draft of the viewer. */
    async create(caller: Caller, { id = v7(), slug, tags, body, ...given }: NewPost): Promise<PostRow> {
      const written = await write(body, 'MARKDOWN');
      return takingSlug(() =>
        changes.run(caller, async (change) => {
          const { userId } = change.viewer;
          if (userId === null) throw refusal('FORBIDDEN', 'Sign in to write.');
          change.authorise('POST_CREATE', { type: 'Post', id, isOwn: true });
          const writing = createPostWriting(change.tx);
          if (slug !== null && (await writing.ownerOfSlug(slug)) !== undefined) {
            throw refusal('TAKEN', SLUG_TAKEN, 'slug');
          }
          const text = { ...given, slug: slug ?? (await freeSlug(writing, given.title)) };
          const post = await writing.create(id, text, written);
          await writing.addAuthor(id, userId);
          await setTags(change, writing, id, tags);
          await createRevisionRepo(change.tx).keep(id, userId);
          await emit(change, 'created', { postId: id, before: null });
          return post;
        }),
      );
    },

    /** Changes a post. A change that changes nothing makes no version. */
    async update(caller: Caller, { id, expectedVersion, body, tags, ...text }: PostEdit): Promise<PostRow> {
      const [format] = body === undefined ? [] : await createPostWriting(db).formatOf(id);
      const written = body === undefined ? undefined : await write(body, format?.bodyFormat ?? 'MARKDOWN');
      return takingSlug(() =>
        changes.run(caller, async (change) => {
          const writing = createPostWriting(change.tx);
          const held = await toChange(change, writing, id);
          const { post, bodyFormat, subject } = held;
          change.authorise('POST_EDIT', subject, { version: post.version });
          const problems = collectProblems();
          // An import in between may have changed what the body is written in.
          const isAsRendered = written === undefined || written.bodyFormat === bodyFormat;
          checkVersion(problems, post.version === expectedVersion && isAsRendered, post);
          if (text.slug !== undefined && text.slug !== post.slug) {
            const owner = await writing.ownerOfSlug(text.slug);
            if (owner !== undefined && owner !== id) problems.add('TAKEN', SLUG_TAKEN, 'slug');
          }
          problems.refuse();
          return revise(change, writing, held, text, written, tags);
        }),
      );
    },

    /** Brings the text of an old version back, as a new version. The slug stays what it is. */
    async restore(
      caller: Caller,
      { id, version, expectedVersion }: { id: string; version: number; expectedVersion: number },
    ): Promise<PostRow> {
      const [kept] = await createRevisionRepo(db).read(id, version);
      const written = kept && (await write(kept.body, kept.bodyFormat));
      return changes.run(caller, async (change) => {
        const writing = createPostWriting(change.tx);
        const held = await toChange(change, writing, id);
        const { post, subject } = held;
        change.authorise('POST_EDIT', subject, { version: post.version, restored: version });
        const problems = collectProblems();
        checkVersion(problems, post.version === expectedVersion, post);
        if (kept === undefined && version !== post.version) {
          problems.add('NOT_FOUND', `The post has no version ${version}.`, 'version');
        }
        problems.refuse();
        if (kept === undefined) return post;
        const { title, summary, language } = kept;
        return revise(change, writing, held, { title, summary, language }, written, tagsBySlug(kept.tags));
      });
    },

    /** Deletes a post with all that hangs on it. @returns its id. */
    delete: (caller: Caller, { id }: { id: string }): Promise<string> =>
      changes.run(caller, async (change) => {
        const writing = createPostWriting(change.tx);
        let found = await toConsider(change, writing, id);
        // Who may not delete it is refused below, and holds up nobody before.
        if (may(change.viewer, 'POST_DELETE', found.subject.isOwn && !found.wasPublished)) {
          await writing.holdComments(id);
          found = await toChange(change, writing, id);
        }
        const { post, wasPublished, subject } = found;
        const { slug, title, status } = post;
        if (wasPublished && subject.isOwn && extentOf(change.viewer, 'POST_DELETE') === 'own') {
          throw refusal('FORBIDDEN', KNOWN_TO_READERS);
        }
        change.authorise('POST_DELETE', subject, { slug, title, status });
        await emit(change, 'deleted', { postId: id, before: {} });
        await writing.delete(id);
        return id;
      }),

    /** Opens a post for comments, has them wait, or closes it. */
    setCommentPolicy: (
      caller: Caller,
      { postId, policy }: { postId: string; policy: PostRow['commentPolicy'] },
    ): Promise<PostRow> =>
      changes.run(caller, async (change) => {
        const writing = createPostWriting(change.tx);
        const { post, subject } = await toChange(change, writing, postId, 'postId');
        change.authorise('POST_SET_COMMENT_POLICY', subject, { from: post.commentPolicy, to: policy });
        if (post.commentPolicy === policy) return post;
        const set = await writing.setCommentPolicy(postId, policy);
        const [facts] = await factsOf(change, [{ postId, before: {} }]);
        if (facts === undefined) throw new Error('A post that was held has no facts.');
        const payload = { ...facts, commentPolicy: policy };
        for (const topic of topicsOf(facts)) change.emit({ topic, type: 'post.commentPolicySet', payload });
        return set;
      }),
  };
}
