/** Who answers whom, and when. */
import type { Publication } from './publication.js';
import { idOf, KIND, longTailed, type Random, randomOf, zipf } from './random.js';

/** A comment at its place. */
export interface SeededComment {
  readonly post: number;
  /** Among all comments: everything else about it follows from this. */
  readonly index: number;
  readonly id: string;
  readonly parent: SeededComment | null;
  readonly depth: number;
  /** Milliseconds. */
  readonly moment: number;
  replies: number;
  /** Its series, from where the thread leaves it. */
  readonly random: Random;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** How long people go on about a post: half of the discussions end within two days. */
const DISCUSSION = { median: 2 * DAY, spread: 1.2 } as const;
/** So many comments answer the post itself, the others one of those just before. */
const TO_THE_POST = 0.11;
const LOOKS_BACK = 6;
/** The real threads end at 103. */
const DEEPEST = 100;

/**
 * Posts whose discussions overlap: their comments are in the order of their moments, as they would have come, so that those of
 * one post do not lie side by side.
 */
const TOGETHER = 256;

/** When comments to a post were written. */
export function momentsOf({ commentCounts, published, end }: Publication, post: number) {
  const count = commentCounts[post] ?? 0;
  const begin = published(post) + MINUTE;
  const { median, spread } = DISCUSSION;
  const lasts = Math.min(longTailed(median, spread, randomOf(KIND.thread, post)), end - begin);
  /** Most of them early. @param place among the comments of the post. @param random the first number of the comment's series. */
  return (place: number, random: number): number =>
    begin + Math.floor(lasts * ((place + random) / count) ** 3);
}

/** The comments of a post in their order. @param first the index of the first of them. */
function threadOf(publication: Publication, post: number, first: number): SeededComment[] {
  const count = publication.commentCounts[post] ?? 0;
  const momentAt = momentsOf(publication, post);
  const thread: SeededComment[] = [];
  for (let place = 0; place < count; place += 1) {
    const index = first + place;
    const random = randomOf(KIND.comment, index);
    const moment = momentAt(place, random());
    const isAnswer = random() >= TO_THE_POST && place > 0;
    const back = 1 + zipf(Math.min(place || 1, LOOKS_BACK), random);
    const answered = isAnswer ? thread[place - back] : undefined;
    const parent = answered === undefined || answered.depth === DEEPEST ? null : answered;
    if (parent !== null) parent.replies += 1;
    const depth = parent === null ? 0 : parent.depth + 1;
    const id = idOf(KIND.comment, index, moment);
    thread.push({ post, index, id, parent, depth, moment, replies: 0, random });
  }
  return thread;
}

/** All comments; those of posts of the same time in the order of their moments. */
export function* threads(publication: Publication): Generator<SeededComment> {
  const { posts, commentCounts } = publication;
  let first = 0;
  for (let from = 0; from < posts; from += TOGETHER) {
    const comments: SeededComment[] = [];
    for (let post = from; post < Math.min(from + TOGETHER, posts); post += 1) {
      for (const comment of threadOf(publication, post, first)) comments.push(comment);
      first += commentCounts[post] ?? 0;
    }
    yield* comments.toSorted((one, other) => one.moment - other.moment || one.index - other.index);
  }
}
