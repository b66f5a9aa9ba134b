import type { Viewer } from '../../auth/viewer.js';
import type { Feed } from '../../events/feeds.js';
import type { Render } from '../rendering.js';
import type { Rights } from '../rights.js';
import type { Cohort, Stream } from '../stream.js';
import type { Subscription } from '../subscription.js';

/** What cohorts need of the house. */
export interface CohortTools {
  readonly render: Render;
  readonly rights: Rights;
  readonly sealPlace: (topic: string, seq: number) => string;
  /** Ends a stream. */
  readonly end: (stream: Stream, error: unknown) => void;
  /** Takes points of whoever listens. False: there are none left. */
  readonly pay: (stream: Stream, points: number) => boolean;
  /** Lets a stream go on from a position once so many points are there. */
  readonly pause: (stream: Stream, position: number, points: number) => void;
  /** Looks anew where a stream belongs that was answered up to a position. */
  readonly resettle: (stream: Stream, position: number) => void;
  /** A cohort has come to a new position: another one may stand there already, and takes its streams. */
  readonly moved: (cohort: Cohort) => void;
  /** Hears of what should not happen. */
  readonly report: (error: unknown) => void;
}

export interface CohortOptions<CohortSource> {
  readonly source: CohortSource;
  readonly field: string;
  readonly subscription: Subscription;
  /** Who the answers are for: a user, or the representative of a class. */
  readonly viewer: Viewer;
  /** Whether they are for everybody of the class. */
  readonly isShared: boolean;
  readonly feeds: readonly Feed[];
}

/** Points for an answer that was made for many. */
const SHARED_PRICE = 1;

/** What an answer costs each of those who get it: those for whom alone it was made pay for all of it. */
export const priceOf = (isShared: boolean, { cost }: Subscription): number =>
  isShared ? SHARED_PRICE : Math.max(SHARED_PRICE, cost);
