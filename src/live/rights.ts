import type { LoggedEvent } from '../events/catalogue.js';
import type { Feeds } from '../events/feeds.js';
import { topicOf } from '../events/topics.js';
import { DomainError } from '../lib/errors.js';
import { inTurns } from '../lib/turns.js';
import { NotNow } from './rendering.js';

/** Milliseconds until the topic is read or followed again, when that failed. */
const TRY_AGAIN = 500;

/** The topic `access` as this instance has heard it: who lost which right. */
export interface Rights {
  /** How much of it was heard. */
  readonly heard: number;
  /**
   * Resolves when everything up to a place was heard.
   *
   * @throws when the log cannot be read; NotNow when it has no such place any more: the database was restored.
   */
  upTo(seq: number): Promise<void> | undefined;
  /** Resolves when everything was heard that is committed by now. @throws as `upTo`. */
  current(): Promise<void>;
  stop(): void;
}

export interface RightsOptions {
  readonly feeds: Feeds;
  /** Called with each event of the topic, in order. */
  readonly hear: (event: LoggedEvent) => void;
  /** Called when events were missed for good: the database was restored, or fell back. */
  readonly lostTrack: () => void;
  /** Hears of what should not happen. */
  readonly report: (error: unknown) => void;
}

/** To be tried again; whoever asked for one answer is told that it cannot be had at the moment. */
const notKnown = (cause: unknown = new DomainError('UNAVAILABLE', 'The log has another past.')): NotNow =>
  new NotNow('Who lost which right is not known at the moment.', { cause });

/** Those who wait for a place. */
function createQueue() {
  const waiting = new Set<{
    readonly seq: number;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
  }>();
  return {
    /** @param look makes sure that the place comes; what it throws, whoever waits gets. */
    wait: (seq: number, look: () => Promise<void>): Promise<void> =>
      new Promise((resolve, reject) => {
        const waiter = { seq, resolve, reject };
        waiting.add(waiter);
        look().catch((error: Error) => {
          waiting.delete(waiter);
          reject(error);
        });
      }),
    wake(heard: number): void {
      for (const waiter of waiting) {
        if (waiter.seq > heard) continue;
        waiting.delete(waiter);
        waiter.resolve();
      }
    },
    sendAway(error: Error): void {
      for (const { reject } of waiting) reject(error);
      waiting.clear();
    },
  };
}

/** Follows the topic `access`. */
export async function followRights({ feeds, hear, lostTrack, report }: RightsOptions): Promise<Rights> {
  const topic = topicOf.access();
  const queue = createQueue();
  /** Whether what happens now is heard by nobody. */
  let isLost = false;
  let isFailing = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  // A function of its own each time: where the log has a hole, the old and the new one are of the same feed.
  const follow = () => feeds.follow(topic, () => advance());

  const followAnew = async (): Promise<void> => {
    const next = await follow();
    following.stop();
    following = next;
    heard = next.feed.last;
    isLost = false;
    // Who was let in meanwhile may have lost a right that nobody heard of.
    lostTrack();
    if (isStopped) next.stop();
  };

  const hearAll = (events: readonly LoggedEvent[]): void => {
    for (const event of events) {
      try {
        hear(event);
      } catch (error) {
        // The rights of others are heard all the same.
        report(error);
      }
      heard = event.seq;
    }
  };

  const read = async (): Promise<void> => {
    const events = isLost ? undefined : await following.feed.read(heard);
    if (events !== undefined) {
      hearAll(events);
    } else {
      if (!isLost) lostTrack();
      isLost = true;
      queue.sendAway(notKnown());
      await followAnew();
    }
    isFailing = false;
    queue.wake(heard);
    if (heard < following.feed.last) await read();
  };
  const advance = inTurns(read, (error) => {
    // A database that is away is one piece of news.
    if (!isFailing) report(error);
    isFailing = true;
    queue.sendAway(notKnown(error));
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(advance, TRY_AGAIN).unref();
  });
  let following = await follow();
  let heard = following.feed.last;

  const upTo = (seq: number): Promise<void> | undefined => {
    if (isLost) return Promise.reject(notKnown());
    if (seq <= heard) return undefined;
    return queue.wait(seq, async () => {
      // The bus may bring it any moment; the log has it already.
      await feeds.refresh([topic]);
      // Unless what spoke of it is no part of the log any more.
      if (seq > following.feed.last) throw notKnown();
      advance();
    });
  };

  return {
    get heard() {
      return heard;
    },
    upTo,
    current: async () => upTo(await feeds.headOf(topic)),
    stop() {
      isStopped = true;
      clearTimeout(timer);
      following.stop();
    },
  };
}
