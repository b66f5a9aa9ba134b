import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { registerCounters } from './counting.js';
import { registerGauges } from './gauges.js';
import type { Sources } from './sources.js';

/** Counts from now on. */
export interface Metrics {
  readonly register: Registry;
  /** Looks at what there is, too. */
  add(sources: Sources): void;
  stop(): void;
}

/** @see Metrics */
export function startMetrics(): Metrics {
  const register = new Registry();
  // Of Node and the process; `nodejs_eventloop_lag_*` is how late the event loop is.
  collectDefaultMetrics({ register });
  const stopCounting = registerCounters(register);
  return {
    register,
    add(sources) {
      registerGauges(register, sources);
      const executions = new Counter({
        name: 'tidings_executions_total',
        help: 'Executions for subscriptions: one for each event and cohort, and those made ahead for nothing.',
        registers: [register],
        collect() {
          executions.reset();
          executions.inc(sources.hub.executions);
        },
      });
    },
    stop() {
      stopCounting();
      register.clear();
    },
  };
}
