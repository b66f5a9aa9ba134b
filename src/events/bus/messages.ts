import { z } from 'zod';
import type { LoggedEvent } from '../catalogue.js';

/** What travels through Redis. */
export interface Message {
  /** The instance that published it. */
  readonly from: string;
  readonly event: LoggedEvent;
  /** The trace that it is part of, as W3C's `traceparent`. */
  readonly trace?: string | undefined;
}

const message = z.object({
  from: z.string(),
  event: z.object({
    topic: z.string(),
    seq: z.int().positive(),
    type: z.string(),
    payload: z.record(z.string(), z.unknown()),
    occurredAt: z.iso.datetime(),
    accessSeq: z.int().nonnegative(),
  }),
  // What only operators look at costs nobody an event.
  trace: z.string().max(64).optional().catch(undefined),
});

/**
 * Reads what came through a channel, where anybody with access to Redis may publish. What a newer version would add is left out;
 * the payload is as the catalogue says for its type, as it is in the log.
 *
 * @returns undefined when it is no message about this topic.
 */
export function readMessage(topic: string, received: unknown): Message | undefined {
  const { success, data } = message.safeParse(received);
  return success && data.event.topic === topic ? (data as Message) : undefined;
}
