/** Coverages with their entries, and reactions to everything. */
import { RENDERER_VERSION } from '../render/body.js';
import { nameOf, proseOf } from './prose.js';
import type { Publication } from './publication.js';
import { idOf, KIND, longTailed, type Random, randomOf, scatter } from './random.js';
import { iso, type Row } from './row.js';
import { momentsOf } from './threads.js';

const HOUR = 3_600_000;

/** In words. */
const ENTRY_BODY = { median: 7, spread: 1, most: 600 } as const;
const SPEAKERS = 70;
const NAMELESS = 0.05;
const NOTE = 0.015;
const KEY = 0.01;
/** Milliseconds from one entry to the next. */
const BETWEEN = { median: 15_000, spread: 1 } as const;

interface Coverage {
  readonly post: number;
  readonly id: string;
  readonly begin: number;
  /** The index of its first entry among all, and the moments of its entries. */
  readonly first: number;
  readonly moments: readonly number[];
}

function* coverages({ coverages: counts, published, end }: Publication): Generator<Coverage> {
  let first = 0;
  for (const [post, entries] of counts) {
    const begin = published(post);
    const random = randomOf(KIND.coverage, post);
    const moments: number[] = [];
    let moment = begin;
    for (let place = 0; place < entries; place += 1) {
      moment = Math.min(end, moment + Math.floor(longTailed(BETWEEN.median, BETWEEN.spread, random)));
      moments.push(moment);
    }
    yield { post, id: idOf(KIND.coverage, post, begin), begin, first, moments };
    first += entries;
  }
}

export function* coverageRows(publication: Publication): Generator<Row> {
  for (const { post, id, begin, moments } of coverages(publication)) {
    const ended = Math.min(publication.end, (moments.at(-1) ?? begin) + HOUR);
    const times = [iso(begin), iso(ended), iso(begin)];
    yield [id, publication.postId(post), 'ENDED', ...times, moments.length, iso(begin)];
  }
}

function speakerOf(random: Random): string | null {
  if (random() < NAMELESS) return null;
  const { first, last } = nameOf(randomOf(KIND.coverage, -1 - Math.floor(random() * SPEAKERS)));
  return `${first} ${last}`;
}

export function* entryRows(publication: Publication): Generator<Row> {
  for (const { post, id, first, moments } of coverages(publication)) {
    const language = publication.languageOf(post);
    for (const [place, moment] of moments.entries()) {
      const index = first + place;
      const random = randomOf(KIND.entry, index);
      const kind = random() < NOTE ? 'NOTE' : 'UTTERANCE';
      const isKey = random() < KEY ? 't' : 'f';
      const speaker = kind === 'NOTE' ? null : speakerOf(random);
      const { body, html, text } = proseOf(ENTRY_BODY, random);
      const facts = [idOf(KIND.entry, index, moment), id, iso(moment), iso(moment), kind, speaker, language];
      yield [...facts, body, 'MARKDOWN', html, text, RENDERER_VERSION, isKey];
    }
  }
}

/** How often each kind is chosen: to the share where the next one begins. */
const REACTION_KINDS = [
  ['LIKE', 0.62],
  ['LOVE', 0.77],
  ['THANKS', 0.88],
  ['LAUGH', 0.95],
  ['SURPRISE', 0.98],
  ['SAD', 1],
] as const;

type ReactionKind = (typeof REACTION_KINDS)[number][0];

/** So many have a reaction at least, half of these a second one, a third of these a third; and nothing has more than that. */
const REACTED = {
  post: { kind: KIND.postReaction, often: 0.15, most: 3_000 },
  comment: { kind: KIND.commentReaction, often: 0.005, most: 300 },
  entry: { kind: KIND.entryReaction, often: 0.02, most: 50 },
} as const;

type ReactedTo = (typeof REACTED)[keyof typeof REACTED];

/** Three ids of which one is set. */
type SubjectIds = readonly [post: string | null, comment: string | null, entry: string | null];

interface Reaction {
  readonly user: number;
  readonly kind: ReactionKind;
  readonly moment: number;
}

/** Reactions to one thing, each of another user; mostly none. @param moment when there was something to react to. */
function reactionsTo(
  { users, end }: Publication,
  { kind, often, most }: ReactedTo,
  index: number,
  moment: number,
): Reaction[] {
  const random = randomOf(kind, index);
  const count = Math.min(Math.floor(often / Math.max(random(), Number.EPSILON)), most, users);
  if (count === 0) return [];
  const first = Math.floor(random() * users);
  return Array.from({ length: count }, (_, place) => {
    const share = random();
    const chosen = REACTION_KINDS.find(([, until]) => share < until)?.[0] ?? 'LIKE';
    const later = Math.floor((end - moment) * random() ** 8);
    return { user: scatter((first + place) % users, users), kind: chosen, moment: moment + later };
  });
}

interface Subject {
  readonly ids: SubjectIds;
  readonly reactions: readonly Reaction[];
}

/** All that somebody reacted to. */
function* subjects(publication: Publication): Generator<Subject> {
  const { posts, commentCounts, published, postId } = publication;
  let index = 0;
  for (let post = 0; post < posts; post += 1) {
    const reactions = reactionsTo(publication, REACTED.post, post, published(post));
    if (reactions.length > 0) yield { ids: [postId(post), null, null], reactions };
    const momentAt = momentsOf(publication, post);
    for (let place = 0; place < (commentCounts[post] ?? 0); place += 1, index += 1) {
      const moment = momentAt(place, randomOf(KIND.comment, index)());
      const toComment = reactionsTo(publication, REACTED.comment, index, moment);
      if (toComment.length === 0) continue;
      yield { ids: [null, idOf(KIND.comment, index, moment), null], reactions: toComment };
    }
  }
  for (const { first, moments } of coverages(publication)) {
    for (const [place, moment] of moments.entries()) {
      const toEntry = reactionsTo(publication, REACTED.entry, first + place, moment);
      if (toEntry.length === 0) continue;
      yield { ids: [null, null, idOf(KIND.entry, first + place, moment)], reactions: toEntry };
    }
  }
}

export function* reactionRows(publication: Publication): Generator<Row> {
  for (const { ids, reactions } of subjects(publication)) {
    for (const { user, kind, moment } of reactions) {
      yield [...ids, kind, publication.userId(user), iso(moment)];
    }
  }
}

export function* reactionCountRows(publication: Publication): Generator<Row> {
  for (const { ids, reactions } of subjects(publication)) {
    const counts = new Map<ReactionKind, number>();
    for (const { kind } of reactions) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    for (const [kind, count] of counts) yield [...ids, kind, count];
  }
}
