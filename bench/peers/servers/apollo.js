/** Apollo Server 5 on express, as its documentation sets it up. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import cors from 'cors';
import express from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { report } from '../../kit/reporting.js';
import { sql } from './database.js';
import { contextOf, resolvers } from './resolvers.js';
import { typeDefs } from './schema.js';

const app = express();
const httpServer = createServer(app);
const server = new ApolloServer({
  typeDefs,
  resolvers,
  stopOnTerminationSignals: false,
  plugins: [ApolloServerPluginDrainHttpServer({ httpServer })],
});
await server.start();
app.use(
  '/graphql',
  cors(),
  express.json(),
  expressMiddleware(server, { context: ({ req }) => contextOf(req.headers.authorization) }),
);
httpServer.listen(0, '127.0.0.1');
await once(httpServer, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (httpServer.address());
report(`http://127.0.0.1:${port}/graphql`, async () => {
  await server.stop();
  await sql.end();
});
