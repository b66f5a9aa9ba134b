import { randomBytes, randomUUID } from 'node:crypto';
import { encodeId, type NodeType } from '../../src/graphql/globalIds.js';
import type { Client } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import type { Publication } from '../kit/publication.js';
import { addWorldEvents } from './events.js';

/** Everybody who may come. */
export const VIEWERS = [
  'anonymous',
  'reader',
  'commenter',
  'author',
  'writer',
  'moderator',
  'editor',
  'admin',
] as const;
export type ViewerName = (typeof VIEWERS)[number];

/** An object to look for. */
export interface Subject {
  readonly name: string;
  readonly type: NodeType;
  readonly id: string;
  /** What names it in addresses: slug or user name. */
  readonly slug: string;
  /** Who may see it. */
  readonly seenBy: readonly ViewerName[];
  /** Whether readers find it, in lists and in search. */
  readonly isPublic: boolean;
  /** Whose own it is, as far as somebody may read more of their own. */
  readonly ownedBy?: ViewerName;
  /** Objects around it, by their roles in routes. */
  readonly around: Readonly<Record<string, string>>;
}

export interface World {
  readonly viewers: { readonly anonymous: Client } & Readonly<
    Record<Exclude<ViewerName, 'anonymous'>, Person>
  >;
  readonly subjects: readonly Subject[];
}

const ALL = VIEWERS;
const PUBLISHERS: readonly ViewerName[] = ['writer', 'editor', 'admin'];
const MODERATORS: readonly ViewerName[] = ['moderator', 'editor', 'admin'];

/** A word that search finds each object by; of a run of its own. */
export const MARK = 'zanzibarine';

/** Lets somebody have what a viewer can have: reactions, follows, bookmarks, an API token. */
async function endow(
  sql: Publication['sql'],
  userId: string,
  { reactedTo, followed }: { readonly reactedTo: string; readonly followed: string },
): Promise<void> {
  await sql`insert into reactions ${sql({ post_id: reactedTo, kind: 'LIKE', user_id: userId })}`;
  await sql`insert into reaction_counts ${sql({ post_id: reactedTo, kind: 'LIKE', count: 1 })}
    on conflict (subject_id, kind) do update set count = reaction_counts.count + 1`;
  await sql`insert into user_follows ${sql({ follower_id: userId, user_id: followed })}`;
  const [tag] = await sql<{ id: string }[]>`
    insert into tags ${sql({ id: randomUUID(), slug: `followed-by-${userId}`, name: 'Followed' })} returning id`;
  await sql`insert into tag_follows ${sql({ follower_id: userId, tag_id: tag?.id ?? '' })}`;
  await sql`insert into bookmarks (user_id, post_id)
    select ${userId}, id from posts where listed_at is not null order by listed_at desc, id limit 1`;
  await sql`insert into api_tokens ${sql({ id: randomUUID(), user_id: userId, name: 'A token', scopes: [], digest: randomBytes(32) })}`;
}

/** What the staff has to do with: a report, somebody suspended, an entry of the audit log. */
async function addStaffMatters(
  sql: Publication['sql'],
  { reported, reporterId }: { readonly reported: string; readonly reporterId: string },
): Promise<void> {
  await sql`insert into comment_reports ${sql({ comment_id: reported, reporter_id: reporterId, reason: 'Look' })}`;
  const suspended = { id: randomUUID(), username: 'suspended', name: 'Suspended', suspended_at: new Date() };
  await sql`insert into users ${sql(suspended)}`;
  await sql`insert into audit_log (id, actor_id, action, operation, subject_type, subject_id, user_id, details)
    values (${randomUUID()}, ${reporterId}, 'USER_SUSPEND', 'suspendUser', 'User', ${suspended.id}, ${suspended.id}, '{}')`;
}

/**
 * One object of each type in each state, made behind the API's back: `writer` is an author of all posts, `commenter` of
 * all comments; `author` has the same role as `writer` and wrote nothing. `writer` and `commenter` also reacted, follow and
 * keep what `author` and `reader` did not: of each class with two viewers, the two differ in all that can be one's own.
 */
export async function createWorld(publication: Publication): Promise<World> {
  const { sql, app } = publication;
  const [reader, commenter, author, writer, moderator, editor, admin] = (await Promise.all(
    (['READER', 'READER', 'AUTHOR', 'AUTHOR', 'MODERATOR', 'EDITOR', 'ADMIN'] as const).map((role) =>
      createPerson(publication, role),
    ),
  )) as [Person, Person, Person, Person, Person, Person, Person];
  const text = {
    language: 'en',
    body: MARK,
    body_format: 'MARKDOWN',
    body_html: `<p>${MARK}</p>`,
    body_text: MARK,
    renderer_version: 1,
  };

  const [tag] = await sql<{ id: string }[]>`
    insert into tags ${sql({ id: randomUUID(), slug: `tag-${MARK}`, name: `Tag ${MARK}` })} returning id`;
  const tagId = tag?.id ?? '';

  const createPost = async (
    status: string,
    publishedAt: Date | null,
  ): Promise<{ id: string; slug: string }> => {
    const post = { id: randomUUID(), slug: `${status.toLowerCase()}-${MARK}` };
    const row = {
      ...post,
      external_id: post.slug,
      title: `${status} ${MARK}`,
      status,
      published_at: publishedAt,
    };
    await sql`insert into posts ${sql({ ...row, ...text })}`;
    await sql`insert into post_authors ${sql({ post_id: post.id, position: 0, user_id: writer.uuid })}`;
    await sql`insert into post_tags ${sql({ post_id: post.id, position: 0, tag_id: tagId })}`;
    return post;
  };
  const createComment = async (
    postId: string,
    state: string,
    parentId: string | null = null,
    replyCount = 0,
    reportCount = 0,
  ): Promise<string> => {
    const id = randomUUID();
    const depth = parentId === null ? 0 : 1;
    await sql`insert into comments ${sql({ id, post_id: postId, parent_id: parentId, depth, author_id: commenter.uuid, state, reply_count: replyCount, report_count: reportCount, ...text })}`;
    return id;
  };
  const createCoverage = async (postId: string): Promise<string> => {
    const id = randomUUID();
    await sql`insert into coverages ${sql({ id, post_id: postId, status: 'LIVE', started_at: new Date() })}`;
    return id;
  };
  const createEntry = async (coverageId: string, retracted: boolean): Promise<string> => {
    const id = randomUUID();
    const reason = retracted ? 'Not so' : null;
    await sql`insert into coverage_entries ${sql({ id, coverage_id: coverageId, occurred_at: new Date(), is_key: true, retracted_at: retracted ? new Date() : null, retraction_reason: reason, ...text })}`;
    return id;
  };

  const published = await createPost('PUBLISHED', new Date(1e12));
  const draft = await createPost('DRAFT', null);
  const scheduled = await createPost('SCHEDULED', new Date(Date.now() + 1e9));
  const archived = await createPost('ARCHIVED', new Date(1e12));
  const parent = await createComment(published.id, 'VISIBLE');
  const [visible, pending, hidden, deleted, place] = [
    await createComment(published.id, 'VISIBLE', parent),
    await createComment(published.id, 'PENDING', parent),
    await createComment(published.id, 'HIDDEN', parent),
    await createComment(published.id, 'DELETED', parent),
    await createComment(published.id, 'DELETED', parent, 1),
  ];
  const belowPlace = await createComment(published.id, 'VISIBLE', place);
  const onDraft = await createComment(draft.id, 'VISIBLE', null, 0, 1);
  const coverage = await createCoverage(published.id);
  const draftCoverage = await createCoverage(draft.id);
  const [standing, retracted, entryOnDraft] = [
    await createEntry(coverage, false),
    await createEntry(coverage, true),
    await createEntry(draftCoverage, false),
  ];
  // So that feeds and bookmarks are routes as well.
  for (const person of [reader, commenter, author, writer, moderator, editor, admin]) {
    await sql`insert into tag_follows ${sql({ follower_id: person.uuid, tag_id: tagId })}`;
    for (const post of [published, draft, scheduled, archived]) {
      await sql`insert into bookmarks ${sql({ user_id: person.uuid, post_id: post.id })}`;
    }
  }
  // Of a post that waits again: what stands below a comment that only its author sees.
  await createComment(published.id, 'VISIBLE', await createComment(published.id, 'PENDING'));
  for (const { uuid } of [commenter, writer]) {
    await endow(sql, uuid, { reactedTo: published.id, followed: moderator.uuid });
  }

  await addWorldEvents(sql, {
    author: writer,
    commenter,
    posts: [published.id, draft.id, scheduled.id, archived.id],
    comments: new Map([
      [published.id, [visible, pending, hidden, deleted, place]],
      [draft.id, [onDraft]],
    ]),
    coverages: new Map([
      [published.id, { coverageId: coverage, entryIds: [standing, retracted] }],
      [draft.id, { coverageId: draftCoverage, entryIds: [entryOnDraft] }],
    ]),
  });

  await addStaffMatters(sql, { reported: onDraft, reporterId: reader.uuid });

  const tagSlug = `tag-${MARK}`;
  const postOf = (post: { id: string; slug: string }, isPublic: boolean): Subject => ({
    name: post.slug.split('-')[0] ?? '',
    type: 'Post',
    id: encodeId('Post', post.id),
    slug: post.slug,
    seenBy: isPublic ? ALL : PUBLISHERS,
    isPublic,
    ownedBy: 'writer',
    around: { tag: tagSlug, author: writer.username },
  });
  const commentOf = (name: string, id: string, seenBy: readonly ViewerName[], isPublic = false): Subject => ({
    name,
    type: 'Comment',
    id: encodeId('Comment', id),
    slug: '',
    seenBy,
    isPublic,
    around: {
      post: encodeId('Post', id === onDraft ? draft.id : published.id),
      parent: encodeId('Comment', id === onDraft ? onDraft : parent),
      child: encodeId('Comment', belowPlace),
    },
  });
  const entryOf = (
    name: string,
    id: string,
    coverageId: string,
    seenBy: readonly ViewerName[],
    isPublic: boolean,
  ): Subject => ({
    name,
    type: 'CoverageEntry',
    id: encodeId('CoverageEntry', id),
    slug: '',
    seenBy,
    isPublic,
    around: {
      coverage: encodeId('Coverage', coverageId),
      post: encodeId('Post', coverageId === coverage ? published.id : draft.id),
    },
  });
  const coverageOf = (
    name: string,
    id: string,
    postId: string,
    entryId: string,
    isPublic: boolean,
  ): Subject => ({
    name,
    type: 'Coverage',
    id: encodeId('Coverage', id),
    slug: '',
    seenBy: isPublic ? ALL : PUBLISHERS,
    isPublic,
    around: { post: encodeId('Post', postId), entry: encodeId('CoverageEntry', entryId) },
  });

  return {
    viewers: { anonymous: app, reader, commenter, author, writer, moderator, editor, admin },
    subjects: [
      postOf(published, true),
      postOf(draft, false),
      postOf(scheduled, false),
      postOf(archived, false),
      commentOf('visible', visible, ALL, true),
      commentOf('pending', pending, ['commenter', ...MODERATORS]),
      commentOf('hidden', hidden, MODERATORS),
      commentOf('deleted', deleted, []),
      commentOf('place', place, ALL),
      commentOf('reported on a draft', onDraft, PUBLISHERS),
      entryOf('standing', standing, coverage, ALL, true),
      entryOf('retracted', retracted, coverage, ['editor', 'admin'], false),
      entryOf('standing on a draft', entryOnDraft, draftCoverage, PUBLISHERS, false),
      coverageOf('of a published post', coverage, published.id, standing, true),
      coverageOf('of a draft', draftCoverage, draft.id, entryOnDraft, false),
      {
        name: 'a commenter',
        type: 'User',
        id: commenter.id,
        slug: commenter.username,
        seenBy: ALL,
        isPublic: true,
        ownedBy: 'commenter',
        around: { comment: encodeId('Comment', visible) },
      },
      {
        name: 'a writer',
        type: 'User',
        id: writer.id,
        slug: writer.username,
        seenBy: ALL,
        isPublic: true,
        ownedBy: 'writer',
        around: { post: encodeId('Post', published.id) },
      },
      {
        name: 'a tag',
        type: 'Tag',
        id: encodeId('Tag', tagId),
        slug: tagSlug,
        seenBy: ALL,
        isPublic: true,
        around: { post: encodeId('Post', published.id) },
      },
    ],
  };
}
