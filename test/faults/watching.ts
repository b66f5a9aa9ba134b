import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { topicOf } from '../../src/events/topics.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createCursorCodec } from '../../src/lib/cursor.js';
import { TEST_SECRET } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { until } from '../kit/until.js';
import { type Reader, startReader } from './readers.js';
import type { Stage, StagedInstance } from './stage.js';
import { startClient, startMute } from './writers.js';

/** What readers got of what was committed. */
export interface Findings {
  /** Committed. */
  readonly events: number;
  readonly readers: number;
  /** Over all readers: events that never came, came after a later one, came twice, or were never committed. */
  readonly missing: number;
  readonly outOfOrder: number;
  readonly repeated: number;
  readonly invented: number;
  /** Comments that clients sent once and that stand in the log never, or more often. */
  readonly miscounted: number;
  /** Instances that ended though nobody ended them. */
  readonly crashed: number;
  /** Errors that ended streams, other than that the database was away. */
  readonly errors: readonly string[];
  /** The codes with which sockets were closed, and how often. */
  readonly closings: Readonly<Record<number, number>>;
  /** Milliseconds from a commit to its receipt. */
  readonly worstDelay: number;
}

/** What must be, whatever happened. */
export const FLAWLESS = {
  missing: 0,
  outOfOrder: 0,
  repeated: 0,
  invented: 0,
  miscounted: 0,
  crashed: 0,
  errors: [],
} as const;

/** Where people write and read. */
export interface Watched extends Pick<Stage, 'sql' | 'client' | 'anyEndpoint'> {
  readonly instances: readonly Pick<StagedInstance, 'isRunning'>[];
}

/** How much goes on meanwhile. */
export interface Crowd {
  readonly readers?: number;
  /** Of each kind. */
  readonly writers?: number;
}

/** Milliseconds that the last event may take to everybody, whatever was broken. */
const LONGEST_WAIT = 45_000;

const cursors = createCursorCodec(TEST_SECRET);

/** A post that takes comments. */
export async function addPost({ sql }: Pick<Stage, 'sql'>): Promise<string> {
  const id = v7();
  await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
    values (${id}, ${`post-${randomBytes(6).toString('hex')}`}, 'A post', 'en', 'PUBLISHED', now(), 'Text', 'MARKDOWN', '<p>Text</p>', 'Text', 1)`;
  return id;
}

/** What one reader got, beside what was committed: comments by their place, from the first on. */
function compare(committed: readonly string[], { received }: Reader, topic: string) {
  const places = received.map(({ cursor }) => cursors.openPlace(topic, cursor));
  const seen = new Set(places);
  return {
    missing: committed.filter((_, index) => !seen.has(index + 1)).length,
    outOfOrder: places.filter((place, index) => place < (places[index - 1] ?? 0)).length,
    repeated: places.length - seen.size,
    invented: received.filter(
      ({ commentId, type }, index) => type !== 'ADDED' || commentId !== committed[(places[index] ?? 0) - 1],
    ).length,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function countClosings(readers: readonly Reader[]): Record<number, number> {
  const counted: Record<number, number> = {};
  for (const code of readers.flatMap(({ closings }) => closings)) counted[code] = (counted[code] ?? 0) + 1;
  return counted;
}

/** Lets people write and read a post while something breaks, and says what became of the readers. */
export async function watchDuring(
  stage: Watched,
  fault: (postId: string) => Promise<void>,
  { readers: crowd = 12, writers = 2 }: Crowd = {},
): Promise<Findings> {
  const { sql, anyEndpoint } = stage;
  const post = await addPost(stage);
  const topic = topicOf.comments(post);
  const postId = encodeId('Post', post);
  const place = { app: { endpoint: anyEndpoint() }, sql };
  const people = await Promise.all(Array.from({ length: writers }, () => createPerson(place)));
  const after = cursors.sealPlace(topic, 0);
  const readers = Array.from({ length: crowd }, () => startReader({ anyEndpoint, postId, after }));
  const clients = people.map(({ accessToken }) => startClient(anyEndpoint, accessToken, postId));
  const mutes = people.map(({ uuid }) => startMute(stage.client.db, uuid, post));
  try {
    await until('every reader reads', () => readers.every(({ received }) => received.length > 0));
    await fault(postId);
    const sent = sum(await Promise.all(clients.map((writer) => writer.stop())));
    await Promise.all(mutes.map((writer) => writer.stop()));
    const log = await sql<{ id: string; isSent: boolean }[]>`
      select payload->>'commentId' as id, body like 'Sent%' and author_id = any(${people.map(({ uuid }) => uuid)}) as "isSent"
      from events join comments on comments.id = (payload->>'commentId')::uuid
      where topic = ${topic} order by seq`;
    const committed = log.map(({ id }) => encodeId('Comment', id));
    const isServed = ({ received }: Reader): boolean =>
      received.some(({ commentId }) => commentId === committed.at(-1));
    // Whoever never gets the last one is found wanting below.
    await until('every reader has all', () => readers.every(isServed), LONGEST_WAIT).catch(() => undefined);

    const compared = readers.map((reader) => compare(committed, reader, topic));
    return {
      events: committed.length,
      readers: readers.length,
      missing: sum(compared.map(({ missing }) => missing)),
      outOfOrder: sum(compared.map(({ outOfOrder }) => outOfOrder)),
      repeated: sum(compared.map(({ repeated }) => repeated)),
      invented: sum(compared.map(({ invented }) => invented)),
      miscounted: Math.abs(log.filter(({ isSent }) => isSent).length - sent),
      crashed: stage.instances.filter(({ isRunning }) => !isRunning()).length,
      errors: readers.flatMap(({ errors }) => errors).filter((code) => code !== 'UNAVAILABLE'),
      closings: countClosings(readers),
      worstDelay: readers
        .flatMap(({ received }) => received)
        .reduce((worst, { delay }) => Math.max(worst, delay), 0),
    };
  } finally {
    await Promise.allSettled([...clients, ...mutes].map((writer) => writer.stop()));
    for (const reader of readers) reader.leave();
  }
}
