import { v7 } from 'uuid';
import { encodeId } from '../../src/graphql/globalIds.js';
import type { Client } from '../kit/app.js';
import { uuidOf } from '../kit/ids.js';
import type { Person } from '../kit/people.js';
import type { Publication } from '../kit/publication.js';

/** A kind of reaction, as the tests ask for it. */
export interface Reaction {
  readonly kind: string;
  readonly count: number;
  readonly viewerHasReacted: boolean;
}

/** What a mutation answers. */
export interface Payload {
  readonly reactions: readonly Reaction[];
  readonly userErrors: readonly { code: string; message: string; field: readonly string[] | null }[];
}

export type Way = 'add' | 'remove';

const FIELDS = 'reactions { kind count viewerHasReacted } userErrors { code message field }';
export const MUTATIONS: Record<Way, string> = {
  add: `mutation ($input: ReactionInput!) { payload: addReaction(input: $input) { ${FIELDS} } }`,
  remove: `mutation ($input: ReactionInput!) { payload: removeReaction(input: $input) { ${FIELDS} } }`,
};

/** Adds or removes a reaction, and gives the payload. */
export const react = async (
  client: Client,
  way: Way,
  subjectId: string,
  kind: string,
  headers?: Record<string, string>,
): Promise<Payload> =>
  (await client.query<{ payload: Payload }>(MUTATIONS[way], { input: { subjectId, kind } }, headers)).payload;

const text = { body: 'Text', body_format: 'TEXT', body_html: '', body_text: '', renderer_version: 1 };

/** Writes a post, by this author, behind the instance's back. */
export async function createPost(
  { sql }: Publication,
  author: Person,
  status: 'PUBLISHED' | 'DRAFT' = 'PUBLISHED',
): Promise<string> {
  const id = v7();
  const published_at = status === 'PUBLISHED' ? new Date() : null;
  const row = { id, slug: id, title: 'A post', language: 'en', status, published_at, ...text };
  await sql`insert into posts ${sql(row)}`;
  await sql`insert into post_authors (post_id, position, user_id) values (${id}, 0, ${author.uuid})`;
  return encodeId('Post', id);
}

/** Writes a comment by this reader. */
export async function createComment(
  { sql }: Publication,
  reader: Person,
  postId: string,
  state: 'VISIBLE' | 'PENDING' | 'HIDDEN' | 'DELETED' = 'VISIBLE',
  reply_count = 0,
): Promise<string> {
  const id = v7();
  const place = { post_id: uuidOf(postId), author_id: reader.uuid, depth: 0, state, reply_count };
  await sql`insert into comments ${sql({ id, ...place, language: 'en', ...text })}`;
  return encodeId('Comment', id);
}

/** Writes an entry into the coverage of a post, which is made with the first. */
export async function createEntry(
  { sql }: Publication,
  postId: string,
  isRetracted = false,
): Promise<string> {
  const [coverage] = await sql<{ id: string }[]>`
      insert into coverages (id, post_id, status, started_at) values (${v7()}, ${uuidOf(postId)}, 'LIVE', now())
      on conflict (post_id) do update set status = 'LIVE' returning id`;
  const id = v7();
  const row = { id, coverage_id: coverage?.id ?? '', occurred_at: new Date(), language: 'en', ...text };
  await sql`insert into coverage_entries ${sql({ ...row, retracted_at: isRetracted ? new Date() : null })}`;
  return encodeId('CoverageEntry', id);
}

/** What the topic of the reactions to a subject has heard, in its order. */
export const heardOf = async ({ sql }: Publication, subjectId: string) =>
  (
    await sql<{ seq: string; type: string; payload: Record<string, unknown> }[]>`
        select seq, type, payload from events where topic = ${`reactions:${uuidOf(subjectId)}`} order by seq`
  ).map(({ seq, type, payload }) => ({ seq: Number(seq), type, payload }));

/** Counters as they stand, and as they should: the rows counted. */
export const countersOf = async ({ sql }: Publication, ...subjectIds: string[]) => {
  const uuids = subjectIds.map(uuidOf);
  const [kept, counted] = await Promise.all([
    sql<{ subject_id: string; kind: string; count: number }[]>`
        select subject_id, kind, count from reaction_counts
        where subject_id = any(${uuids}::uuid[]) and count <> 0 order by subject_id, kind`,
    sql<{ subject_id: string; kind: string; count: number }[]>`
        select subject_id, kind, count(*)::int as count from reactions
        where subject_id = any(${uuids}::uuid[]) group by subject_id, kind order by subject_id, kind`,
  ]);
  return { kept: [...kept], counted: [...counted] };
};
