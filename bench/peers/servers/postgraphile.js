/**
 * PostGraphile 5 with its own schema, read from the tables. Two functions that the bench made (../postgraphile.ts) are
 * what its users write themselves: a list of what is published, which an index serves, and search.
 */
import './withResolvers.js';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { report } from '../../kit/reporting.js';

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  // Without it lists cannot be ordered by columns that only a partial index begins with.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [
    makePgService({
      connectionString: process.env['DATABASE_URL'] ?? '',
      schemas: ['public', 'bench_postgraphile'],
      poolConfig: { max: 10 },
    }),
  ],
  grafserv: { watch: false },
});
const server = createServer();
await pgl.createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
report(`http://127.0.0.1:${port}/graphql`, async () => {
  server.closeAllConnections();
  await pgl.release();
});
