import type { FastifyInstance } from 'fastify';
import { within } from '../lib/time.js';
import { EVEN_UNDER_PRESSURE } from './shedding.js';

/** Milliseconds that a dependency may take to say that it is there. */
const PATIENCE = 500;

/**
 * What an orchestrator asks. `live`: the process turns over, and has memory to do so; restart it when not. `ready`: it can serve; send no
 * requests while not. `startup`: it has migrated and listens.
 *
 * @param askDatabase runs a statement.
 * @param isBusHealthy whether events of other instances arrive by themselves. Without, they are read from the log, a bit
 *   later: the instance is degraded, and serves.
 * @param isDraining whether the process is on its way out.
 */
export function addHealth(
  fastify: FastifyInstance,
  askDatabase: () => Promise<unknown>,
  isBusHealthy: () => boolean,
  isDraining: () => boolean,
): void {
  let asking: Promise<boolean> | undefined;
  /** A database that hangs is asked once, however many probes come: they would take all connections of the pool. */
  const databaseAnswers = (): Promise<boolean> =>
    (asking ??= askDatabase()
      .then(
        () => true,
        () => false,
      )
      .finally(() => (asking = undefined)));

  const always = { config: EVEN_UNDER_PRESSURE };
  fastify.get('/health/live', always, (_, reply) =>
    fastify.isOutOfMemory() ? reply.code(503).send({ status: 'out of memory' }) : { status: 'ok' },
  );
  fastify.get('/health/startup', always, () => ({ status: 'ok' }));
  fastify.get('/health/ready', always, async (_, reply) => {
    const database = (await within(PATIENCE, databaseAnswers(), false)) ? 'ok' : 'away';
    const bus = isBusHealthy() ? 'ok' : 'away';
    const ready = database === 'ok' && !isDraining() && !fastify.isOutOfMemory();
    return reply.code(ready ? 200 : 503).send({
      status: ready ? (bus === 'ok' ? 'ok' : 'degraded') : 'unavailable',
      draining: isDraining(),
      database,
      bus,
    });
  });
}
