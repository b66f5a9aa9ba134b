/** Directus over the tables of the product, in a process of its own. */
import { createServer } from '@directus/api/server';
import { once } from 'node:events';
import { report } from '../../kit/reporting.js';

const server = await createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
report(`http://127.0.0.1:${port}/graphql`, async () => {
  server.closeAllConnections();
});
