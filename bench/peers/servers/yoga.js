/** GraphQL Yoga on node:http, with the resolvers of the others. */
import { createSchema, createYoga } from 'graphql-yoga';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { report } from '../../kit/reporting.js';
import { sql } from './database.js';
import { contextOf, resolvers } from './resolvers.js';
import { typeDefs } from './schema.js';

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: ({ request }) => contextOf(request.headers.get('authorization') ?? undefined),
  graphiql: false,
});
const server = createServer((request, response) => void yoga(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
report(`http://127.0.0.1:${port}/graphql`, async () => {
  server.closeAllConnections();
  await sql.end();
});
