/**
 * A made-up publication of any size: who writes, what about, and how much is said to it. Its shape is that of real ones, in
 * which little has most: see docs/adr/021-seed.md for the figures.
 */
import { lineOf } from './prose.js';
import { idOf, KIND, type Random, randomOf, scatter, zipf } from './random.js';

/** How many of each there shall be. */
export interface Size {
  readonly users: number;
  readonly posts: number;
  readonly comments: number;
}

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const YEAR = 365 * DAY;

/** The end of all that is told: never now, or the same seed would give other rows tomorrow. */
const END = Date.UTC(2026, 0, 1);
/** Posts are written for twenty years, until a day before the end, and the readers were there before. */
const FIRST_POST = END - 20 * YEAR;
const LAST_POST = END - DAY;
const FIRST_USER = FIRST_POST - YEAR;

/** A comment is written to one post of so many; the others have none. */
const DISCUSSED = 0.28;
/** What the most discussed post has of all comments, and the most of them that it ever has. */
const GIANT = { share: 0.13, most: 20_000 } as const;
/** One writer for so many posts, one who comments for so many comments, one coverage for so many posts. */
const POSTS_PER_WRITER = 5;
const COMMENTS_PER_COMMENTER = 9.5;
const POSTS_PER_COVERAGE = 1_500;
const ENTRIES_PER_POST = 0.1;

/** Of a hundred posts so many have no author, and no more than one. */
const BYLINE = { none: 0.05, one: 0.92, most: 13 } as const;
/** How many posts have at most so many tags: the place in the list. */
const TAGS_AT_MOST = [0.1, 0.38, 0.66, 0.84, 0.93, 0.96, 0.98, 0.99, 0.995, 0.997, 0.998, 0.999];
const TAGS_PER_ROOT = 9.3;
const MOST_TAGS = 20_000;

/** A language of all posts, to the share where the next one begins. */
const LANGUAGES = [
  ['en', 0.97],
  ['de', 0.985],
  ['es', 0.995],
  ['fr', 1],
] as const;

/** Divides a whole by weights, without a rest. */
function divide(whole: number, places: number, weight: (place: number) => number): Int32Array {
  const parts = new Int32Array(places);
  let all = 0;
  for (let place = 0; place < places; place += 1) all += weight(place);
  let before = 0;
  let sum = 0;
  for (let place = 0; place < places; place += 1) {
    sum += weight(place);
    const until = place === places - 1 ? whole : Math.round((whole * sum) / all);
    parts[place] = until - before;
    before = until;
  }
  return parts;
}

/** How many comments each post has. */
function discuss({ posts, comments }: Size): Int32Array {
  const counts = new Int32Array(posts);
  if (comments === 0) return counts;
  const discussed = Math.max(1, Math.round(posts * DISCUSSED));
  const giant = discussed === 1 ? comments : Math.min(GIANT.most, Math.floor(comments * GIANT.share));
  const parts = divide(comments - giant, discussed - 1, (place) => 1 / (place + 1 + discussed / 500));
  counts[scatter(0, posts)] = giant;
  for (const [place, count] of parts.entries()) counts[scatter(place + 1, posts)] = count;
  return counts;
}

/** The coverages by their posts, with how many entries each has. */
function cover(posts: number): Map<number, number> {
  const coverages = Math.min(posts, Math.max(1, Math.round(posts / POSTS_PER_COVERAGE)));
  if (posts === 0) return new Map();
  const entries = divide(Math.ceil(posts * ENTRIES_PER_POST), coverages, (place) => 1 / (place + 3));
  // Far from the most discussed ones.
  return new Map(
    Array.from(entries, (count, place) => [posts - 1 - scatter(place, posts), Math.max(1, count)]),
  );
}

/** Different ones of `count`, drawn until there are enough or chance has been asked too often. */
function distinct(wanted: number, draw: () => number): number[] {
  const drawn = new Set<number>();
  for (let tries = 0; drawn.size < wanted && tries < wanted * 3; tries += 1) drawn.add(draw());
  return [...drawn];
}

export type Publication = ReturnType<typeof createPublication>;

/** The publication of a size. Everything about a user, a post or a tag follows from its index. */
export function createPublication(size: Size) {
  const { users, posts, comments } = size;
  const writers = Math.min(users, Math.max(1, Math.ceil(posts / POSTS_PER_WRITER)));
  const commenters = Math.min(users, Math.max(1, Math.ceil(comments / COMMENTS_PER_COMMENTER)));
  const tags = posts === 0 ? 0 : Math.min(MOST_TAGS, Math.ceil(TAGS_PER_ROOT * Math.sqrt(posts)));
  const commentCounts = discuss(size);
  const coverages = cover(posts);

  const joined = (user: number): number => FIRST_USER + Math.floor((YEAR * (user + 0.5)) / users);
  const published = (post: number): number => {
    const place = (post + randomOf(KIND.moment, post)()) / posts;
    // More and more are written.
    return FIRST_POST + Math.floor((LAST_POST - FIRST_POST) * place ** 0.8);
  };

  return {
    ...size,
    tags,
    commentCounts,
    coverages,
    /** Milliseconds after which nothing happens any more. */
    end: END,
    /** When a user joined and a post was published, in milliseconds. */
    joined,
    published,
    userId: (user: number): string => idOf(KIND.user, user, joined(user)),
    tagId: (tag: number): string => idOf(KIND.tag, tag, FIRST_POST + tag),
    postId: (post: number): string => idOf(KIND.post, post, published(post)),

    /** Those who write are the first of all users. */
    isWriter: (user: number): boolean => user < writers,

    /** Somebody who comments: a quarter of them say half of all. */
    commenter: (random: Random): number => scatter(Math.floor(commenters * random() ** 1.9), users),

    languageOf: (post: number): string => {
      const place = randomOf(KIND.language, post)();
      return LANGUAGES.find(([, share]) => place < share)?.[0] ?? 'en';
    },

    titleOf: (post: number): string => {
      const random = randomOf(KIND.title, post);
      return lineOf(3 + Math.floor(random() * 8), random);
    },

    authorsOf: (post: number): number[] => {
      const random = randomOf(KIND.byline, post);
      const place = random();
      const several = Math.min(BYLINE.most, 2 + Math.floor(-Math.log(1 - random()) * 1.5));
      const wanted = place < BYLINE.none ? 0 : place < BYLINE.one ? 1 : several;
      return distinct(Math.min(wanted, writers), () => zipf(writers, random));
    },

    tagsOf: (post: number): number[] => {
      const random = randomOf(KIND.topic, post);
      const place = random();
      const found = TAGS_AT_MOST.findIndex((share) => place < share);
      const wanted = found === -1 ? TAGS_AT_MOST.length + Math.floor(random() * 11) : found;
      return distinct(Math.min(wanted, tags), () => zipf(tags, random));
    },
  };
}
