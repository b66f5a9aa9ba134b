import type { SignedInViewer, Viewer } from '../auth/viewer.js';
import type { LoggedEvent } from '../events/catalogue.js';
import type { Feed } from '../events/feeds.js';
import { isDatabaseAway } from '../graphql/errors.js';
import { DomainError } from '../lib/errors.js';
import { inTurns } from '../lib/turns.js';
import type { Subscription } from './documents.js';
import { type Answer, NotNow, type Render } from './rendering.js';
import type { Rights } from './rights.js';
import {
  type EventSource,
  type OpenedSource,
  type StreamEvent,
  streamEventOf,
  type ValueSource,
} from './source.js';
import type { Cohort, Stream } from './stream.js';

/** Milliseconds until something is tried again that the database was away for; twice as many each time, up to this. */
const TRY_AGAIN = 200;
const LONGEST_PAUSE = 5_000;

/** Milliseconds between two answers of a value: four a second. */
const VALUE_INTERVAL = 250;

/** Events that are executed while those before them are sent: the database answers meanwhile. */
const AHEAD = 4;

/** What cohorts need of the house. */
export interface CohortTools {
  readonly render: Render;
  readonly rights: Rights;
  readonly sealPlace: (topic: string, seq: number) => string;
  /** Ends a stream. */
  readonly end: (stream: Stream, error: unknown) => void;
  /** Looks anew where a stream belongs that was answered up to a place. */
  readonly resettle: (stream: Stream, position: number) => void;
  /** A cohort has come to a new place: another one may stand there already, and takes its streams. */
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
  readonly feeds: readonly Feed[];
}

/** Why a stream ends whose viewer may not go on. */
export const lost = (): DomainError => new DomainError('FORBIDDEN', 'You may not listen to this any more.');

/** Why a stream cannot go on from where its reader is. */
export const expired = (): DomainError =>
  new DomainError(
    'CURSOR_EXPIRED',
    'What came after this cursor is not kept any more. Read the list again, and go on from its streamCursor.',
  );

/** Ends what cannot go on, or tries again later what can. */
function createRecovery(tools: CohortTools, streams: ReadonlySet<Stream>, advance: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  return {
    /** It works again. */
    succeeded(): void {
      failures = 0;
    },
    failed(error: unknown): void {
      if (error instanceof NotNow || isDatabaseAway(error)) {
        clearTimeout(timer);
        const pause = Math.min(LONGEST_PAUSE, TRY_AGAIN * 2 ** failures);
        failures += 1;
        // Not all cohorts at the same moment.
        timer = setTimeout(advance, pause * (0.5 + Math.random() / 2)).unref();
        return;
      }
      tools.report(error);
      for (const stream of streams) tools.end(stream, error);
    },
    stop: () => clearTimeout(timer),
  };
}

/** What is handed to a stream of an event; `isGone` when what it is about could not be found any more. */
type Given = { readonly answer: Answer; readonly isGone: boolean } | 'LOST' | null;

/** A cohort of a stream of events: it reads its topic from its place on, and every event is executed once for all. */
export function createEventCohort(
  { source, field, subscription, viewer, feeds: [feed] }: CohortOptions<EventSource>,
  start: number,
  tools: CohortTools,
): Cohort {
  const streams = new Set<Stream>();
  let position = start;
  let isOpen = true;

  const givenTo = async (event: LoggedEvent, listener: Viewer): Promise<Given> => {
    const heard = source.hear(event, listener);
    if (heard === null || heard === 'LOST') return heard;
    let isGone = false;
    const read = async (context: object): Promise<StreamEvent> => {
      isGone = heard !== 'REMOVED' && (await source.find(event, context as never)) === null;
      return streamEventOf(event, heard, tools);
    };
    return { answer: await tools.render(subscription, field, read, listener), isGone };
  };

  /** Who hears of an event otherwise than their class; undefined: nobody. */
  const concernedBy = (
    event: LoggedEvent,
    toClass: Given,
  ): ((listener: SignedInViewer) => boolean) | undefined => {
    const concerned = source.concerns(event);
    // An event is told later than it was committed: by now it may be about what only some still see, as their own.
    const isGone = toClass !== null && toClass !== 'LOST' && toClass.isGone;
    if (concerned.length === 0 && !isGone) return undefined;
    return (listener) => concerned.includes(listener.userId) || (isGone && source.mayKeep(event, listener));
  };

  /** One of them who was given nothing yet; they may come and go meanwhile. */
  const nextConcerned = (
    isConcerned: (listener: SignedInViewer) => boolean,
    given: ReadonlyMap<string | null, Given>,
  ): SignedInViewer | undefined => {
    for (const { connection } of streams) {
      const listener = connection.viewer;
      if (listener.userId !== null && !given.has(listener.userId) && isConcerned(listener)) return listener;
    }
    return undefined;
  };

  const hand = (event: LoggedEvent, stream: Stream, given: Given, classLost: boolean): void => {
    // Rights that were lost and given back before this stream was let in.
    const isOld = event.seq <= stream.authorisedAt;
    if (given === 'LOST') {
      if (!isOld) tools.end(stream, lost());
    } else if (given !== null) {
      stream.sink.next(given.answer, false);
    } else if (classLost && !isOld) {
      tools.resettle(stream, event.seq);
    }
  };

  /** What the class gets of the next events, by their place. */
  const prepared = new Map<number, Promise<Given>>();
  const prepare = (event: LoggedEvent): Promise<Given> => {
    const known = prepared.get(event.seq);
    if (known !== undefined) return known;
    const given = (async () => {
      // Rights lost before this event was committed are lost before it is sent.
      await tools.rights.upTo(event.accessSeq);
      return givenTo(event, viewer);
    })();
    // A failure shows when its turn comes.
    given.catch(() => undefined);
    prepared.set(event.seq, given);
    return given;
  };

  const deliver = async (event: LoggedEvent): Promise<void> => {
    const toClass = await prepare(event);
    const toConcerned = new Map<string | null, Given>();
    const isConcerned = concernedBy(event, toClass);
    const next = () => isConcerned && nextConcerned(isConcerned, toConcerned);
    for (let listener = next(); listener !== undefined; listener = next()) {
      // eslint-disable-next-line no-await-in-loop -- few, and each may be gone after the one before
      toConcerned.set(listener.userId, await givenTo(event, listener));
    }
    // From here to the end nothing is waited for: nobody comes or goes in between.
    for (const stream of streams) {
      const { userId } = stream.connection.viewer;
      const given = toConcerned.has(userId) ? (toConcerned.get(userId) ?? null) : toClass;
      hand(event, stream, given, toClass === 'LOST');
    }
    prepared.delete(event.seq);
    position = event.seq;
    tools.moved(cohort);
  };

  /** Those who catch up do so at the pace of the quickest of them; nobody makes others wait. */
  const waitForReader = async (): Promise<void> => {
    const waits: Promise<void>[] = [];
    for (const { sink } of streams) {
      const caughtUp = sink.caughtUp();
      if (caughtUp === undefined) return;
      waits.push(caughtUp);
    }
    if (waits.length === 0) return;
    isOpen = false;
    await Promise.race(waits);
    isOpen = true;
    // They would show what was true before the wait.
    prepared.clear();
  };

  const advance = inTurns(
    async () => {
      // oxlint-disable-next-line no-unmodified-loop-condition -- streams come and go
      while (streams.size > 0 && feed !== undefined) {
        // eslint-disable-next-line no-await-in-loop -- page after page
        const events = await feed.read(position);
        if (events === undefined) for (const stream of streams) tools.end(stream, expired());
        if (events === undefined || events.length === 0) return;
        for (const [place, event] of events.entries()) {
          if (streams.size === 0) return;
          for (const next of events.slice(place, place + AHEAD)) void prepare(next);
          // eslint-disable-next-line no-await-in-loop -- in order
          await deliver(event);
          recovery.succeeded();
          // eslint-disable-next-line no-await-in-loop -- at the pace of its reader
          if (position < feed.last) await waitForReader();
        }
      }
    },
    (error) => {
      prepared.clear();
      recovery.failed(error);
    },
  );
  const recovery = createRecovery(tools, streams, advance);
  const cohort: Cohort = {
    streams,
    get position() {
      return position;
    },
    get isOpen() {
      return isOpen;
    },
    advance,
    stop: recovery.stop,
  };
  return cohort;
}

/** A cohort of a value: it is read anew after it changed, at most four times a second, and sent when it is another one. */
export function createValueCohort(
  { source, field, subscription, viewer }: CohortOptions<ValueSource<never>>,
  tools: CohortTools,
): Cohort {
  const streams = new Set<Stream>();
  /** Streams that had the last answer. */
  const served = new WeakSet<Stream>();
  let last: Answer | undefined;
  let readAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const send = (answer: Answer): void => {
    const isNew = answer.json !== last?.json;
    last = answer;
    for (const stream of streams) {
      if (!isNew && served.has(stream)) continue;
      stream.sink.next(answer, true);
      served.add(stream);
    }
  };

  const turn = inTurns(
    async () => {
      if (streams.size === 0) return;
      readAt = performance.now();
      try {
        await tools.rights.current();
        send(await tools.render(subscription, field, (context) => source.read(context as never), viewer));
        recovery.succeeded();
      } catch (error) {
        if (!(error instanceof DomainError) || error.code === 'UNAVAILABLE') throw error;
        // What its class may not read may still be the viewer's own.
        for (const stream of streams) {
          if (stream.connection.viewer === viewer) tools.end(stream, lost());
          else tools.resettle(stream, 0);
        }
      }
    },
    (error) => recovery.failed(error),
  );
  const advance = (): void => {
    timer ??= setTimeout(
      () => {
        timer = undefined;
        turn();
      },
      Math.max(0, readAt + VALUE_INTERVAL - performance.now()),
    );
  };
  const recovery = createRecovery(tools, streams, advance);
  const stopWatching = source.watch?.(advance);
  return {
    streams,
    position: 0,
    isOpen: true,
    advance,
    stop() {
      clearTimeout(timer);
      recovery.stop();
      stopWatching?.();
    },
  };
}

/** A cohort of any source. */
export const createCohort = (
  { source, ...options }: CohortOptions<OpenedSource>,
  position: number,
  tools: CohortTools,
): Cohort =>
  source.kind === 'events'
    ? createEventCohort({ ...options, source }, position, tools)
    : createValueCohort({ ...options, source }, tools);
