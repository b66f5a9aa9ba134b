import type { LoggedEvent } from '../events/catalogue.js';
import type { Feeds } from '../events/feeds.js';
import { topicOf } from '../events/topics.js';
import { inTurns } from '../lib/turns.js';

/** The topic `access` as this instance has heard it: who lost which right. */
export interface Rights {
  /** How much of it was heard. */
  readonly heard: number;
  /** Resolves when everything up to a place was heard. @throws when the log cannot be read. */
  upTo(seq: number): Promise<void> | undefined;
  /** Resolves when everything was heard that is committed by now. @throws when the log cannot be read. */
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

/** Follows the topic `access`. */
export async function followRights({ feeds, hear, lostTrack, report }: RightsOptions): Promise<Rights> {
  const topic = topicOf.access();
  const waiting = new Set<() => void>();

  const read = async (): Promise<void> => {
    const events = await following.feed.read(heard);
    if (events === undefined) {
      lostTrack();
      following.stop();
      following = await feeds.follow(topic, advance);
      heard = following.feed.last;
    }
    for (const event of events ?? []) {
      try {
        hear(event);
      } catch (error) {
        // The rights of others are heard all the same.
        report(error);
      }
      heard = event.seq;
    }
    for (const wake of waiting) wake();
    if (heard < following.feed.last) await read();
  };
  const advance = inTurns(read, report);
  let following = await feeds.follow(topic, advance);
  let heard = following.feed.last;

  const upTo = (seq: number): Promise<void> | undefined => {
    if (seq <= heard) return undefined;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (seq > heard) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      // The bus may bring it any moment; the log has it already.
      feeds.refresh([topic]).then(advance, (error: unknown) => {
        waiting.delete(look);
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  };

  return {
    get heard() {
      return heard;
    },
    upTo,
    current: async () => upTo(await feeds.headOf(topic)),
    stop: () => following.stop(),
  };
}
