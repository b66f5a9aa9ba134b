/** What is measured. */

/** Reads and writes that are measured by themselves. */
export const RACES = ['feed', 'post', 'thread', 'search', 'write'] as const;
export type Race = (typeof RACES)[number];

/** All that can be chosen with `--work`. */
export const WORKS = [...RACES, 'mix', 'fanout'] as const;
export type Work = (typeof WORKS)[number];

/** What each one is, for people. */
export const TITLES: Readonly<Record<Work, string>> = {
  feed: '20 posts with their authors, and 3 comments each with theirs',
  post: 'a post by its slug: 50 entries of its coverage, 50 comments with 2 replies each, and everybody’s names',
  thread: 'the longest discussion: pages of 100 comments of every depth, with parents and authors',
  search: 'posts by a word, the best 20',
  write:
    'a comment with its counters; the product and the statements by hand also with its event, the peers without',
  mix: '95 reads (feeds and posts) to 5 writes at a fixed rate, each timed from the moment it was due',
  fanout: 'deliveries to sockets: the bench of that name in its shortest form',
};

/** In whose words it is asked for: of the product's schema, or of one that somebody makes of the tables. `bare` is no GraphQL. */
export type Vocabulary = 'ours' | 'shared' | 'postgraphile' | 'directus' | 'bare';
