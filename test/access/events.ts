import { topicOf } from '../../src/events/topics.js';
import type { Person } from '../kit/people.js';
import type { Publication } from '../kit/publication.js';

/** Lets topics have heard of something, as if it had been public then: what may be read of it is another matter now. */
async function addEvents(sql: Publication['sql'], topic: string, type: string, payloads: readonly object[]) {
  await sql`insert into topics ${sql({ name: topic, head: payloads.length })}`;
  for (const [place, payload] of payloads.entries()) {
    await sql`insert into events (topic, seq, type, payload, created_at)
      values (${topic}, ${place + 1}, ${type}, ${sql.json(payload as never)}, now())`;
  }
}

/** What the world has heard of: ids, by their posts. */
interface Heard {
  readonly author: Person;
  readonly commenter: Person;
  readonly posts: readonly string[];
  readonly comments: ReadonlyMap<string, readonly string[]>;
  readonly coverages: ReadonlyMap<
    string,
    { readonly coverageId: string; readonly entryIds: readonly string[] }
  >;
}

/** Gives every topic of the world an event for each of its objects. */
export async function addWorldEvents(
  sql: Publication['sql'],
  { author, commenter, posts, comments, coverages }: Heard,
): Promise<void> {
  const published = posts.map((postId) => ({
    postId,
    version: 1,
    authorIds: [author.uuid],
    previous: null,
    status: 'PUBLISHED',
    authors: [author.username],
    tags: [],
    language: 'en',
    hasCoverage: false,
    publishedAt: '2026-01-01T00:00:00.000Z',
  }));
  await addEvents(sql, topicOf.posts(), 'post.published', published);
  for (const facts of published) {
    await addEvents(sql, topicOf.post(facts.postId), 'post.published', [facts]);
  }
  for (const [postId, commentIds] of comments) {
    const added = commentIds.map((commentId) => ({
      commentId,
      postId,
      parentId: null,
      authorId: commenter.uuid,
      state: 'VISIBLE',
      previousState: null,
      version: 1,
      listed: true,
      previouslyListed: false,
    }));
    await addEvents(sql, topicOf.comments(postId), 'comment.added', added);
  }
  for (const [postId, { coverageId, entryIds }] of coverages) {
    const added = entryIds.map((entryId) => ({
      entryId,
      coverageId,
      postId,
      version: 1,
      isKey: true,
      isPinned: false,
      retracted: false,
      wasRetracted: false,
    }));
    await addEvents(sql, topicOf.coverage(postId), 'entry.added', added);
  }
}
