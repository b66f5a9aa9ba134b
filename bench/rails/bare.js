/**
 * The same schema, resolvers, loaders and database behind Apollo Server on fastify, and nothing else: no limits, costs,
 * throttle, security headers, shedding, log or metrics.
 */
import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import Fastify from 'fastify';
import { ANONYMOUS } from '../../dist/auth/viewer.js';
import { readConfig } from '../../dist/config.js';
import { createContextFactory } from '../../dist/context.js';
import { openDatabase } from '../../dist/db/client.js';
import { plainReaders } from '../../dist/db/readers.js';
import { createCursorCodec } from '../../dist/lib/cursor.js';
import { createSchema } from '../../dist/schema.js';
import { gatewayTo } from '../../dist/server/execution.js';
import { report } from '../kit/reporting.js';

const { databaseUrl = '', authSecret = '', poolSize, poolWait, statementTimeout } = readConfig();
const database = openDatabase({ url: databaseUrl, poolSize, poolWait, statementTimeout });
// Who only reads needs nothing of what writes.
const contextOf = createContextFactory(
  database.db,
  /** @type {any} */ ({ cursors: createCursorCodec(authSecret, undefined) }),
  plainReaders(database.db, false),
);
const apollo = new ApolloServer({
  // What is executed by what is no rail.
  gateway: gatewayTo(createSchema()),
  stopOnTerminationSignals: false,
  plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
});
await apollo.start();
const fastify = Fastify();
fastify.post('/graphql', async (request, reply) => {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, body: request.body, search: '' },
    context: async () =>
      contextOf(
        { address: request.ip, requestId: request.id, idempotencyKey: undefined, transport: 'http' },
        ANONYMOUS,
      ),
  });
  for (const [name, value] of answer.headers) void reply.header(name, value);
  return answer.body.kind === 'complete' ? answer.body.string : '';
});
const address = await fastify.listen({ host: '127.0.0.1', port: 0 });
report(`${address}/graphql`, async () => {
  await fastify.close();
  await apollo.stop();
  await database.close();
});
