import type { LoggedEvent } from '../catalogue.js';

/** Hears an event of a topic. */
export type Hear = (event: LoggedEvent) => void;

/** Who hears which topic on this instance. */
export interface Hearers {
  /** From now on `hear` hears the topic. The returned function stops it. */
  add(topic: string, hear: Hear): () => void;
  /** Whether anybody hears the topic. */
  has(topic: string): boolean;
  /** Tells everybody who hears the topic of the event. */
  tell(event: LoggedEvent): void;
  /** Nobody hears anything any more. */
  clear(): void;
}

/** @param report is told what a hearer threw: one that fails keeps the event from no other, and from nobody who publishes. */
export function createHearers(report: (error: unknown) => void): Hearers {
  const byTopic = new Map<string, Set<{ readonly hear: Hear }>>();
  return {
    add(topic, hear) {
      // An object of its own, so that one function can hear twice.
      const hearer = { hear };
      const hearers = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, hearers.add(hearer));
      return () => {
        hearers.delete(hearer);
        if (hearers.size === 0 && byTopic.get(topic) === hearers) byTopic.delete(topic);
      };
    },
    has: (topic) => byTopic.has(topic),
    tell(event) {
      for (const { hear } of byTopic.get(event.topic) ?? []) {
        try {
          hear(event);
        } catch (error) {
          report(error);
        }
      }
    },
    clear: () => byTopic.clear(),
  };
}
