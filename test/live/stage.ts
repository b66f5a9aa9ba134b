import { topicOf } from '../../src/events/topics.js';
import type { Client } from '../kit/app.js';
import { uuidOf } from '../kit/ids.js';
import type { Person } from '../kit/people.js';
import type { Publication } from '../kit/publication.js';
import { connect, cursorOf, type Operation, type StreamEvent, type TestSocket } from '../kit/sockets.js';

/** The fields of `Subscription`, each with what tests look at. */
export const STREAMS = {
  comments: `subscription ($postId: ID!, $after: String) {
    commentsChanged(postId: $postId, after: $after) { cursor type occurredAt commentId comment { id body state } } }`,
  coverage: `subscription ($postId: ID!, $after: String) {
    coverageChanged(postId: $postId, after: $after) {
      cursor type entryId entry { id body retractedAt } coverage { id status entryCount } } }`,
  post: `subscription ($postId: ID!, $after: String) {
    postChanged(id: $postId, after: $after) { cursor type postId post { id title status } } }`,
  published: `subscription ($filter: PostFilter, $after: String) {
    postPublished(filter: $filter, after: $after) { cursor type postId post { id title } } }`,
  reactions: `subscription ($subjectId: ID!) {
    reactionsChanged(subjectId: $subjectId) { subjectId reactions { kind count viewerHasReacted } } }`,
  readers: 'subscription ($postId: ID!) { readersChanged(postId: $postId) { postId count } }',
} as const;

/** Nine times what a comment says, so that what systems buffer for a socket is soon full. */
export const LONG = `subscription ($postId: ID!, $after: String) {
  commentsChanged(postId: $postId, after: $after) { cursor type ${Array.from(
    { length: 9 },
    (_, place) => `c${place}: comment { body }`,
  ).join(' ')} } }`;

export interface CommentEvent extends StreamEvent {
  readonly occurredAt: string;
  readonly commentId: string;
  readonly comment: { readonly id: string; readonly body: string; readonly state: string } | null;
}

export interface CoverageEvent extends StreamEvent {
  readonly entryId: string;
  readonly entry: { readonly id: string; readonly body: string; readonly retractedAt: string | null } | null;
  readonly coverage: { readonly id: string; readonly status: string; readonly entryCount: number };
}

export interface PostEvent extends StreamEvent {
  readonly postId: string;
  readonly post: { readonly id: string; readonly title: string; readonly status?: string } | null;
}

export interface Reactions {
  readonly subjectId: string;
  readonly reactions: readonly {
    readonly kind: string;
    readonly count: number;
    readonly viewerHasReacted: boolean;
  }[];
}

/** The events of each kind of stream on a post. */
interface Streamed {
  readonly comments: CommentEvent;
  readonly coverage: CoverageEvent;
  readonly post: PostEvent;
}

const topicsOf = { comments: topicOf.comments, coverage: topicOf.coverage, post: topicOf.post };

/** Subscribes to a post from where its topic stands now: nothing that is written from here on is missed. */
export async function listen<Kind extends keyof Streamed>(
  publication: Publication,
  socket: TestSocket,
  kind: Kind,
  postId: string,
  after?: string,
): Promise<Operation<Streamed[Kind]>> {
  const cursor = after ?? (await cursorOf(publication, topicsOf[kind](uuidOf(postId))));
  return socket.start<Streamed[Kind]>(STREAMS[kind], { postId, after: cursor });
}

/** A socket for each of these people; undefined: for nobody. */
export const connectAll = (
  { app }: Publication,
  ...people: readonly (Person | undefined)[]
): Promise<TestSocket[]> =>
  Promise.all(people.map((person) => connect(app, person && { accessToken: person.accessToken })));

/** Sends a mutation of one field that must be done, and gives what it answers. */
export async function act<Payload = unknown>(
  who: Client,
  field: string,
  input: object,
  selection = '__typename',
): Promise<Payload> {
  const type = `${field[0]?.toUpperCase() ?? ''}${field.slice(1)}Input!`;
  const { payload } = await who.query<{
    payload: Payload & { userErrors: readonly { message: string }[] };
  }>(
    `mutation ($input: ${type}) { payload: ${field}(input: $input) { ${selection} userErrors { code message } } }`,
    { input },
  );
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors));
  return payload;
}

/** Writes a comment and gives its id. */
export async function comment(who: Client, postId: string, body: string, parentId?: string): Promise<string> {
  const { comment: written } = await act<{ comment: { id: string } }>(
    who,
    'addComment',
    { postId, body, parentId },
    'comment { id }',
  );
  return written.id;
}

/** What a stream told of comments: type and body. */
export const toldOf = (events: readonly CommentEvent[]) =>
  events.map(({ type, comment: told }) => [type, told?.body ?? null]);
