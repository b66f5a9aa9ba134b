import type { Redis } from 'ioredis';

/** A subscribing connection, as RedisPubSub uses one. */
export interface Subscriber {
  on(event: string, hear: (...heard: unknown[]) => void): void;
  /** Asks for a channel until it is open, over any number of connections; `opened` is called once, when it is. */
  subscribe(channel: string, opened: () => void): void;
  unsubscribe(channel: string): void;
  punsubscribe(): void;
  /** Asks again for every channel that is not open, if it can be asked for. Resolves when that has been answered. */
  askAgain(): Promise<void>;
}

/**
 * Stands between RedisPubSub and its connection, because a `subscribe` that is refused costs RedisPubSub more than the channel: it
 * keeps the reference, and leaves a rejected promise that nobody hears, which ends the process. Here none is refused.
 * It also sends no PUNSUBSCRIBE after each UNSUBSCRIBE, and asks for all channels in one command after a reconnect: so
 * when one of them is heard again, all are.
 *
 * @param redis without an offline queue, and neither resubscribing nor resending by itself: what it lost is asked for here.
 */
export function createSubscriber(redis: Redis): Subscriber {
  const wanted = new Set<string>();
  /** Those that are not open, each with what to call then, when it opens for the first time. */
  const closed = new Map<string, (() => void) | undefined>();

  const ask = async (channels: readonly string[]): Promise<void> => {
    if (channels.length === 0 || redis.status !== 'ready') return;
    try {
      await redis.subscribe(...channels);
    } catch {
      return;
    }
    for (const channel of channels) {
      const opened = closed.get(channel);
      closed.delete(channel);
      opened?.();
    }
  };

  redis.on('close', () => {
    for (const channel of wanted) closed.set(channel, closed.get(channel));
  });

  return {
    on: (event, hear) => void redis.on(event, hear),
    subscribe(channel, opened) {
      wanted.add(channel);
      closed.set(channel, opened);
      void ask([channel]);
    },
    unsubscribe(channel) {
      wanted.delete(channel);
      closed.delete(channel);
      redis.unsubscribe(channel).catch(() => undefined);
    },
    punsubscribe: () => undefined,
    askAgain: () => ask([...closed.keys()]),
  };
}
