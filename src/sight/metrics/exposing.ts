import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { EVEN_UNDER_PRESSURE } from '../../server/shedding.js';

const PATH = '/metrics';

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a header `Authorization` holds the token. Takes as long for a token that is almost right. */
const isAuthorised = (authorization: string | undefined, token: string): boolean =>
  timingSafeEqual(digestOf(authorization ?? ''), digestOf(`Bearer ${token}`));

/** Answers `/metrics` of the main port to whoever has the token. */
export function addMetricsRoute(http: FastifyInstance, register: Registry, token: string): void {
  http.get(PATH, { config: EVEN_UNDER_PRESSURE }, async (request, reply) => {
    if (!isAuthorised(request.headers.authorization, token)) {
      return reply.code(401).header('www-authenticate', 'Bearer').type('text/plain').send('Unauthorized\n');
    }
    return reply.type(register.contentType).send(await register.metrics());
  });
}

export interface MetricsPort {
  readonly host: string;
  readonly port: number;
  /** Undefined: whoever reaches the port may read. */
  readonly token: string | undefined;
}

/** Answers `/metrics` on a port of its own, which the world need not reach. Resolves with the port, and what closes it. */
export async function serveMetrics(register: Registry, { host, port, token }: MetricsPort) {
  const answer = async ({ url, headers }: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (url?.split('?', 1)[0] !== PATH) return void response.writeHead(404).end();
    if (token !== undefined && !isAuthorised(headers.authorization, token)) {
      return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    }
    const text = await register.metrics();
    return void response.writeHead(200, { 'content-type': register.contentType }).end(text);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close(): Promise<void> {
      server.close();
      server.closeAllConnections();
    },
  };
}
