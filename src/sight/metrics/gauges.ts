import { Gauge, type Registry } from 'prom-client';
import type { Sources } from './sources.js';

/** Of the primary and of each replica. */
function registerPools(register: Registry, { primary, replicas }: Sources): void {
  const gauge = (name: string, help: string, read: 'size' | 'inUse' | 'waiting'): void => {
    const made: Gauge<'pool'> = new Gauge({
      name: `tidings_pool_${name}`,
      help,
      labelNames: ['pool'],
      registers: [register],
      collect() {
        made.set({ pool: 'primary' }, primary()[read]);
        for (const [place, { pool }] of replicas().entries()) {
          made.set({ pool: `replica-${place + 1}` }, pool[read]);
        }
      },
    });
  };
  gauge('connections_max', 'Database connections that the pool may open.', 'size');
  gauge('in_use', 'Statements and transactions that have a database connection.', 'inUse');
  gauge('waiting', 'Statements and transactions that wait for a database connection.', 'waiting');
}

/** Of the replicas, by the number that the log gives them. */
function registerReplicas(register: Registry, { replicas }: Sources): void {
  type Replica = ReturnType<Sources['replicas']>[number];
  const gauge = (name: string, help: string, read: (replica: Replica) => number | undefined): void => {
    const made: Gauge<'replica'> = new Gauge({
      name: `tidings_replica_${name}`,
      help,
      labelNames: ['replica'],
      registers: [register],
      collect() {
        for (const [place, replica] of replicas().entries()) {
          const value = read(replica);
          if (value !== undefined) made.set({ replica: place + 1 }, value);
        }
      },
    });
  };
  gauge('up', 'Whether the replica is read from (1), or is away or too far behind (0).', ({ isWell }) =>
    Number(isWell),
  );
  gauge('lag_seconds', 'How far the replica is behind the primary, at most.', ({ lag }) =>
    lag === undefined ? undefined : lag / 1_000,
  );
}

/** Metrics that are read from what there is. */
export function registerGauges(register: Registry, sources: Sources): void {
  const { streams, hub, open, waiting, bus } = sources;
  registerPools(register, sources);
  registerReplicas(register, sources);
  const gauge = (name: string, help: string, read: () => number): void => {
    const made: Gauge = new Gauge({
      name: `tidings_${name}`,
      help,
      registers: [register],
      collect: () => made.set(read()),
    });
  };
  const connections: Gauge<'transport'> = new Gauge({
    name: 'tidings_connections',
    help: 'Open WebSockets, and streams of server-sent events.',
    labelNames: ['transport'],
    registers: [register],
    collect() {
      for (const [transport, count] of Object.entries(open())) connections.set({ transport }, count);
    },
  });
  gauge('subscriptions', 'Subscriptions under way.', () => hub.streams);
  gauge('cohorts', 'Groups of subscriptions that are answered by one execution.', () => hub.cohorts);
  gauge(
    'streams_waiting',
    'Statements of streams that wait for their turn, before they ask for a connection.',
    () => streams().waiting,
  );
  gauge('outbox_messages', 'Messages that wait in memory for slow readers.', () => waiting.messages);
  gauge('outbox_bytes', 'Bytes that wait in memory for slow readers.', () => waiting.bytes);
  gauge(
    'bus_up',
    'Whether events of other instances arrive by message (1), or only through the log (0).',
    () => Number(bus.isHealthy),
  );
  gauge('bus_shared', 'Whether there is a bus between instances (1), or this one is alone (0).', () =>
    Number(bus.isShared),
  );
}
