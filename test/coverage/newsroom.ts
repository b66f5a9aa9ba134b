import { v7 } from 'uuid';
import { encodeId } from '../../src/graphql/globalIds.js';
import type { Answer, Client } from '../kit/app.js';
import type { Person } from '../kit/people.js';
import type { Publication } from '../kit/publication.js';

/** What stood in the way, as the tests ask for it. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}

/** A coverage as the tests ask for it. */
export interface Coverage {
  readonly id: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly entryCount: number;
}

/** An entry as the tests ask for it. */
export interface Entry {
  readonly id: string;
  readonly occurredAt: string;
  readonly kind: string;
  readonly speaker: string | null;
  readonly body: string;
  readonly bodyHtml: string;
  readonly isKey: boolean;
  readonly isPinned: boolean;
  readonly retractedAt: string | null;
  readonly retractionReason: string | null;
  readonly version: number;
}

const ENTRY_FIELDS =
  'id occurredAt kind speaker body bodyHtml isKey isPinned retractedAt retractionReason version';
const PROBLEMS = 'userErrors { code message field }';

const mutationOf = (field: string, payload: string): string => {
  const type = `${field[0]?.toUpperCase() ?? ''}${field.slice(1)}Input`;
  return `mutation ($input: ${type}!) { ${field}(input: $input) { ${payload} ${PROBLEMS} } }`;
};

const COVERAGE = 'coverage { id status startedAt endedAt entryCount }';
const ENTRY = `entry { ${ENTRY_FIELDS} }`;

/** The mutations of a coverage, each with what it answers. */
export const MUTATIONS = {
  startCoverage: mutationOf('startCoverage', COVERAGE),
  endCoverage: mutationOf('endCoverage', COVERAGE),
  addCoverageEntry: mutationOf('addCoverageEntry', ENTRY),
  updateCoverageEntry: mutationOf('updateCoverageEntry', ENTRY),
  retractCoverageEntry: mutationOf('retractCoverageEntry', ENTRY),
};

/** The payload of one mutation of a coverage. */
export interface Payload {
  readonly coverage?: Coverage | null;
  readonly entry?: Entry | null;
  readonly userErrors: readonly Problem[];
}

type Field = keyof typeof MUTATIONS;

/** Sends one mutation, and gives the whole answer. */
export const attempt = (client: Client, field: Field, input: object, headers?: Record<string, string>) =>
  client.send<Record<Field, Payload>>(MUTATIONS[field], { input }, headers);

/** Sends one mutation that GraphQL has nothing against, and gives its payload. */
export async function write(
  client: Client,
  field: Field,
  input: object,
  headers?: Record<string, string>,
): Promise<Payload> {
  const { data, errors }: Answer<Record<Field, Payload>> = await attempt(client, field, input, headers);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[field];
}

/** Adds an entry that nothing stands against. */
export async function addEntry(client: Client, postId: string, more: object = {}): Promise<Entry> {
  const { entry, userErrors } = await write(client, 'addCoverageEntry', { postId, body: 'Goal', ...more });
  if (entry == null) throw new Error(JSON.stringify(userErrors));
  return entry;
}

/** A post in the database. */
export interface Post {
  readonly id: string;
  readonly uuid: string;
}

/** Writes a post behind the instance's back: its state, its by-line, and the state of its coverage, if it is to have one. */
export async function createPost(
  { sql }: Publication,
  {
    status = 'PUBLISHED',
    authors = [],
    language = 'en',
    coverage,
  }: {
    status?: 'DRAFT' | 'SCHEDULED' | 'PUBLISHED' | 'ARCHIVED';
    authors?: readonly Person[];
    language?: string;
    coverage?: 'UPCOMING' | 'LIVE' | 'ENDED';
  } = {},
): Promise<Post> {
  const uuid = v7();
  const publishedAt =
    status === 'DRAFT' ? null : new Date(Date.now() + (status === 'SCHEDULED' ? 3_600_000 : -1_000));
  await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
    values (${uuid}, ${uuid}, 'A post', ${language}, ${status}, ${publishedAt}, '', 'TEXT', '', '', 1)`;
  for (const [position, author] of authors.entries()) {
    await sql`insert into post_authors (post_id, position, user_id) values (${uuid}, ${position}, ${author.uuid})`;
  }
  if (coverage !== undefined) {
    const start = coverage === 'UPCOMING' ? null : new Date('2026-01-01T10:00:00Z');
    const end = coverage === 'ENDED' ? new Date('2026-01-01T12:00:00Z') : null;
    await sql`insert into coverages (id, post_id, status, started_at, ended_at)
      values (${v7()}, ${uuid}, ${coverage}, ${start}, ${end})`;
  }
  return { id: encodeId('Post', uuid), uuid };
}

/** What a topic has heard, in its order. */
const eventsOf = async ({ sql }: Publication, topic: string) =>
  (
    await sql<{ seq: string; type: string; payload: Record<string, unknown> }[]>`
      select seq, type, payload from events where topic = ${topic} order by seq`
  ).map(({ seq, type, payload }) => ({ seq: Number(seq), type, payload }));

/** What the topic of a post's coverage has heard. */
export const heardOf = (publication: Publication, { uuid }: Post) =>
  eventsOf(publication, `post:${uuid}:coverage`);

/** What the topic of a post has heard, and of that the topic of the published ones. */
export async function heardOfPost(publication: Publication, { uuid }: Post) {
  const own = await eventsOf(publication, `post:${uuid}`);
  const all = await eventsOf(publication, 'posts');
  const listed = all.filter(({ payload }) => payload['postId'] === uuid);
  return { own, listed: listed.map(({ type, payload }) => ({ type, payload })) };
}
