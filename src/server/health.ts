import type { FastifyInstance } from 'fastify';

/** Milliseconds that a dependency may take to say that it is there. */
const PATIENCE = 900;

const within = async (milliseconds: number, work: Promise<unknown>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
};

/**
 * What an orchestrator asks. `live`: the process turns over; restart it when not. `ready`: it can serve; send no
 * requests while not. `startup`: it has migrated and listens.
 *
 * @param askDatabase runs a statement.
 * @param isDraining whether the process is on its way out.
 */
export function addHealth(
  fastify: FastifyInstance,
  askDatabase: () => Promise<unknown>,
  isDraining: () => boolean,
): void {
  fastify.get('/health/live', () => ({ status: 'ok' }));
  fastify.get('/health/startup', () => ({ status: 'ok' }));
  fastify.get('/health/ready', async (_, reply) => {
    const database = (await within(PATIENCE, askDatabase())) ? 'ok' : 'away';
    const ready = database === 'ok' && !isDraining();
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'unavailable', draining: isDraining(), database });
  });
}
