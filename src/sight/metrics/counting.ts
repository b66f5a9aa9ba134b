import { Counter, Histogram, type Registry } from 'prom-client';
import { signals } from '../../lib/signals.js';
import { createNames } from './labels.js';
import { createReadings } from './readings.js';

/** Seconds. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const STATEMENTS = [0, 1, 2, 5, 10, 20, 50, 100];
const POINTS = [1, 5, 10, 25, 50, 100, 250, 500, 1_000];
const KEYS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** Makes metrics whose names begin alike. */
const factoryFor = (register: Registry) => ({
  counter: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `tidings_${name}`, help, labelNames, registers: [register] }),
  histogram: <Label extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    ...labelNames: Label[]
  ) =>
    new Histogram({
      name: `tidings_${name}`,
      help,
      buckets: [...buckets],
      labelNames,
      registers: [register],
    }),
  readings: (name: string, help: string, buckets: readonly number[], ...labelNames: string[]) =>
    createReadings(register, { name: `tidings_${name}`, help, buckets, labelNames }),
});

type Factory = ReturnType<typeof factoryFor>;

function countOperations({ counter, readings }: Factory): () => void {
  const nameOf = createNames();
  const durations = readings(
    'operation_duration_seconds',
    'Time to answer an operation; of a subscription, to let it in.',
    DURATIONS,
    'operation',
    'type',
    'transport',
  );
  const errors = counter(
    'operation_errors_total',
    'Operations whose answer has an error of this code.',
    'operation',
    'code',
  );
  const statements = readings('operation_statements', 'Statements that an operation asked for.', STATEMENTS);
  const costs = readings('operation_cost_points', 'Points that an operation took.', POINTS);
  const kept = counter('answers_kept_total', 'Answers that were made for somebody else, a moment before.');
  return signals.operation.hear((fact) => {
    if (fact.isKept) kept.inc();
    const operation = fact.type === undefined ? 'refused' : nameOf(fact.name, !fact.cost?.isLetIn);
    const { transport, type = 'unknown' } = fact;
    durations(fact.seconds, operation, type, transport);
    for (const code of fact.codes) errors.inc({ operation, code });
    statements(fact.statements);
    if (fact.cost !== undefined) costs(fact.cost.actual);
  });
}

function countLimits({ counter }: Factory): readonly (() => void)[] {
  const throttled = counter(
    'throttled_total',
    'Operations and tokens refused, and deliveries put off, for want of points.',
    'tier',
    'what',
  );
  const exceeded = counter('limit_exceeded_total', 'Documents and bodies refused by a limit.', 'limit');
  return [
    signals.throttled.hear(({ tier, what }) => throttled.inc({ tier, what })),
    signals.limitExceeded.hear(({ limit }) => exceeded.inc({ limit })),
  ];
}

function countDeliveries({ counter, histogram }: Factory): readonly (() => void)[] {
  const published = counter('events_published_total', 'Events that this instance committed and told of.');
  const received = counter('events_received_total', 'Events that other instances told of.');
  const deliveries = counter('deliveries_total', 'Answers written to subscriptions of events.');
  const delays = histogram(
    'delivery_delay_seconds',
    'Time from the commit of an event to its answer being written to the sockets of a cohort.',
    DURATIONS,
  );
  const holes = counter(
    'holes_filled_total',
    'Times that events which no message brought were read from the log.',
  );
  const missed = counter('hole_events_total', 'Events read from the log because no message brought them.');
  const discarded = counter('executions_discarded_total', 'Executions made ahead that came to nothing.');
  return [
    signals.publishing.hear(() => published.inc()),
    signals.received.hear(() => received.inc()),
    signals.delivery.hear(({ event, streams }) => {
      deliveries.inc(streams);
      // The database's clock may be ahead of ours.
      delays.observe(Math.max(0, Date.now() - Date.parse(event.occurredAt)) / 1_000);
    }),
    signals.hole.hear(({ events }) => {
      holes.inc();
      missed.inc(events);
    }),
    signals.discarded.hear(({ executions }) => discarded.inc(executions)),
  ];
}

function countReading({ counter, readings }: Factory): readonly (() => void)[] {
  const batches = readings('loader_batch_size', 'Keys that a loader asked for at once.', KEYS, 'loader');
  const statements = readings(
    'statement_duration_seconds',
    'Time from sending a statement to its answer.',
    DURATIONS,
  );
  const failed = counter('statement_failures_total', 'Statements that failed.');
  const shared = counter(
    'statements_shared_total',
    'Statements that were not sent, because the same one was about to be.',
  );
  return [
    signals.shared.hear(() => shared.inc()),
    signals.batch.hear(({ loader, size }) => batches(size, loader)),
    signals.statement.hear(({ whenSettled }) => {
      const began = performance.now();
      const observe = (isGood: boolean): void => {
        statements((performance.now() - began) / 1_000);
        if (!isGood) failed.inc();
      };
      whenSettled(observe);
    }),
  ];
}

/** Metrics of what happens. The returned function stops the counting. */
export function registerCounters(register: Registry): () => void {
  const factory = factoryFor(register);
  const stops = [
    countOperations(factory),
    ...countLimits(factory),
    ...countDeliveries(factory),
    ...countReading(factory),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
