import { DomainError } from '../../lib/errors.js';
import { inTurns } from '../../lib/turns.js';
import { lost } from '../endings.js';
import type { Answer } from '../rendering.js';
import type { ValueSource } from '../source.js';
import type { Cohort, Stream } from '../stream.js';
import { type CohortOptions, type CohortTools, priceOf } from './cohort.js';
import { createRecovery } from './recovery.js';

/** Milliseconds between two answers of a value: four a second. */
const VALUE_INTERVAL = 250;

/** A cohort of a value: it is read anew after it changed, at most four times a second, and sent to those who had another one. */
export function createValueCohort(
  { source, field, subscription, viewer, isShared }: CohortOptions<ValueSource<never>>,
  tools: CohortTools,
): Cohort {
  const streams = new Set<Stream>();
  let readAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const price = priceOf(isShared, subscription);
  const send = (answer: Answer): void => {
    for (const stream of streams) {
      if (stream.lastValue === answer.json) continue;
      if (!tools.pay(stream, price)) {
        tools.pause(stream, 0, price);
        continue;
      }
      stream.sink.next(answer, true);
      stream.lastValue = answer.json;
    }
  };

  const turn = inTurns(
    async () => {
      if (streams.size === 0) return;
      readAt = performance.now();
      try {
        const read = (context: object): Promise<object> => source.read(context as never);
        const answer = await tools.render(subscription, field, read, viewer);
        // Whoever lost a right before the value was read has left by then.
        await tools.rights.current();
        send(answer);
        recovery.succeeded();
      } catch (error) {
        if (!(error instanceof DomainError) || error.code === 'UNAVAILABLE') throw error;
        // What its class may not read may still be the viewer's own.
        for (const stream of streams) {
          if (stream.connection.viewer.userId === viewer.userId) tools.end(stream, lost());
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
