import { setTimeout as pause } from 'node:timers/promises';
import type { SignedInViewer, Viewer } from '../../auth/viewer.js';
import type { LoggedEvent } from '../../events/catalogue.js';
import { signals } from '../../lib/signals.js';
import { inTurns } from '../../lib/turns.js';
import { expired, lost } from '../endings.js';
import type { Answer } from '../rendering.js';
import { type EventSource, type StreamEvent, streamEventOf } from '../source.js';
import type { Cohort, Stream } from '../stream.js';
import { type CohortOptions, type CohortTools, priceOf } from './cohort.js';
import { createRecovery } from './recovery.js';

/** Events, at most, that are executed while those before them are sent: the database answers meanwhile. */
const AHEAD = 8;

/** Milliseconds that a cohort with something to catch up waits for others who come back to the same position. */
const GATHERING = 50;

/** What is handed to a stream of an event; `isGone` when what it is about could not be found any more. */
type Given = { readonly answer: Answer; readonly isGone: boolean } | 'LOST' | null;

/** A cohort of a stream of events: it reads its topic from its position on, and every event is executed once for all. */
export function createEventCohort(
  { source, field, subscription, viewer, isShared, feeds: [feed] }: CohortOptions<EventSource>,
  start: number,
  tools: CohortTools,
): Cohort {
  const streams = new Set<Stream>();
  let position = start;
  let isOpen = true;
  /** Up to here its streams catch up: with what came before it began, or while they were waited for. */
  let missedUpTo = feed?.last ?? start;
  /** Grows while its readers keep up. */
  let ahead = 1;

  const givenTo = async (event: LoggedEvent, listener: Viewer): Promise<Given> => {
    const heard = source.hear(event, listener);
    if (heard === null || heard === 'LOST') return heard;
    let isGone = false;
    const read = async (context: object): Promise<StreamEvent> => {
      isGone = heard !== 'REMOVED' && (await source.find(event, context as never)) === null;
      return streamEventOf(event, heard, tools);
    };
    const isMissed = event.seq <= missedUpTo;
    const answer = await tools.render(subscription, field, read, listener, isMissed);
    // It shows its object as it was read, later than the event: whoever lost a right before that has left by now.
    await tools.rights.current();
    return { answer, isGone };
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

  const hand = (
    event: LoggedEvent,
    stream: Stream,
    given: Given,
    price: number,
    classLost: boolean,
  ): void => {
    // Rights that were lost and given back before this stream was let in.
    const isOld = event.seq <= stream.authorisedAt;
    if (given === 'LOST') {
      if (!isOld) tools.end(stream, lost());
      return;
    }
    if (given !== null) {
      if (!tools.pay(stream, price)) return tools.pause(stream, position, price);
      stream.sink.next(given.answer, false);
    }
    if (classLost && !isOld) tools.resettle(stream, event.seq);
  };

  /** What the class gets of the next events, by their `seq`. */
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

  const discard = (): void => {
    if (prepared.size > 0) signals.discarded.say({ executions: prepared.size });
    prepared.clear();
    ahead = 1;
  };

  const deliver = async (event: LoggedEvent): Promise<void> => {
    const toClass = await prepare(event);
    const toConcerned = new Map<string | null, Given>();
    // Of a single user, the class is that user.
    const isConcerned = isShared ? concernedBy(event, toClass) : undefined;
    const next = () => isConcerned && nextConcerned(isConcerned, toConcerned);
    for (let listener = next(); listener !== undefined; listener = next()) {
      toConcerned.set(listener.userId, await givenTo(event, listener));
    }
    // From here to the end nothing is waited for: nobody comes or goes in between.
    for (const stream of streams) {
      const { userId } = stream.connection.viewer;
      const isOwn = toConcerned.has(userId);
      const given = isOwn ? (toConcerned.get(userId) ?? null) : toClass;
      hand(event, stream, given, priceOf(isShared && !isOwn, subscription), toClass === 'LOST');
    }
    if (signals.delivery.isHeard) signals.delivery.say({ event, streams: streams.size });
    prepared.delete(event.seq);
    position = event.seq;
    tools.moved(cohort);
  };

  /** Those who catch up do so at the pace of the quickest of them; nobody makes others wait, or is waited for with what is new. */
  const waitForReader = async (): Promise<void> => {
    if (position >= missedUpTo) return;
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
    missedUpTo = Math.max(missedUpTo, feed?.last ?? 0);
    // They would show what was true before the wait, and be thrown away again at the next one.
    discard();
  };

  let hasGathered = false;
  const gather = async (): Promise<void> => {
    if (hasGathered) return;
    hasGathered = true;
    if (position < missedUpTo) await pause(GATHERING);
  };

  const isWanted = (): boolean => streams.size > 0;

  const advance = inTurns(
    async () => {
      if (feed === undefined) return;
      await gather();
      while (isWanted()) {
        const events = await feed.read(position);
        if (events === undefined) for (const stream of streams) tools.end(stream, expired());
        if (events === undefined || events.length === 0) return;
        for (const [index, event] of events.entries()) {
          if (!isWanted()) return;
          for (const next of events.slice(index, index + ahead)) void prepare(next);
          await deliver(event);
          recovery.succeeded();
          ahead = Math.min(AHEAD, 2 * ahead);
          await waitForReader();
        }
      }
    },
    (error) => {
      discard();
      // What was written meanwhile was missed, for no fault of the readers.
      missedUpTo = Math.max(missedUpTo, feed?.last ?? 0);
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
      // What is prepared was read before whoever comes now came: it may show them what was hidden since.
      return isOpen && prepared.size === 0;
    },
    advance,
    stop: () => recovery.stop(),
  };
  return cohort;
}
