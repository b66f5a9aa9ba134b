/** Who runs: the product, what one could take instead, and two limits. */
import type { Race, Vocabulary } from './works.js';

export interface Contender {
  readonly name: string;
  /** Its server, in bench/. */
  readonly file: string;
  readonly vocabulary: Vocabulary;
  /** Settings beside the database's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it does not do, and why. */
  readonly leftOut?: Partial<Readonly<Record<Race, string>>>;
  /** Whether it takes part in the mix. */
  readonly mixes: boolean;
}

/** All guard rails, a line of the log for each operation, and metrics. */
const RAILED = { LOG_LEVEL: 'info', TIDINGS_METRICS_TOKEN: 'of the bench, and of nobody else' };

/** What is compared with everybody: no answer is older than its question. */
export const OURS = 'ours';

/** The same where nobody gets anything that was made for somebody else: each request by itself. */
export const ALONE = 'ours (alone)';

/** The product as it starts: who is not signed in may get what somebody got a moment before. */
export const KEEPING = 'ours (kept)';

/** The statements, and nothing else. */
export const HAND = 'by hand';

/** The bytes, and nothing else. */
export const BYTES = 'bytes';

/** The one that most people take. */
export const APOLLO = 'apollo';

export const CONTENDERS: readonly Contender[] = [
  {
    name: OURS,
    file: 'kit/product.js',
    vocabulary: 'ours',
    environment: { ...RAILED, TIDINGS_ANSWER_AGE_MS: '0' },
    mixes: false,
  },
  {
    name: ALONE,
    file: 'kit/product.js',
    vocabulary: 'ours',
    environment: { ...RAILED, TIDINGS_ANSWER_AGE_MS: '0', TIDINGS_SHARED_READS: '0' },
    mixes: false,
  },
  {
    name: KEEPING,
    file: 'kit/product.js',
    vocabulary: 'ours',
    environment: RAILED,
    mixes: true,
  },
  { name: APOLLO, file: 'peers/servers/apollo.js', vocabulary: 'shared', mixes: true },
  { name: 'yoga', file: 'peers/servers/yoga.js', vocabulary: 'shared', mixes: true },
  { name: 'mercurius', file: 'peers/servers/mercurius.js', vocabulary: 'shared', mixes: true },
  {
    name: 'postgraphile',
    file: 'peers/servers/postgraphile.js',
    vocabulary: 'postgraphile',
    leftOut: {
      write: 'its mutations write a row; counters and rendered text would be a plugin of one’s own',
    },
    mixes: false,
  },
  { name: HAND, file: 'peers/servers/hand.js', vocabulary: 'bare', mixes: true },
  {
    name: BYTES,
    file: 'peers/servers/static.js',
    vocabulary: 'bare',
    leftOut: { write: 'it writes nothing' },
    mixes: false,
  },
];

/** A product that reads tables that are there, by GraphQL; asked for with `--with directus`. */
export const DIRECTUS: Contender = {
  name: 'directus',
  file: 'peers/directus/server.js',
  vocabulary: 'directus',
  leftOut: {
    search: 'it looks for a part of any text, and ranks nothing',
    write: 'its mutations write a row; counters and rendered text would be an extension of one’s own',
  },
  mixes: false,
};

/** Products that one could install instead, and why they are not here. */
export const NOT_HERE = [
  'Directus runs with --with directus: it is 700 MB, and one of its libraries is compiled.',
  'Keystone and Strapi are not here: both make tables of their own, and cannot be laid over these (by-lines have a key of two columns).',
];
