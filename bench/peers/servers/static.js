/** The limit of HTTP: takes the request in, and sends bytes that were there before. Nothing is parsed and nothing read. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { report } from '../../kit/reporting.js';

/** By the name of the work. @type {Map<string, Buffer>} */
const answers = new Map(
  Object.entries(JSON.parse(readFileSync(process.env['BENCH_ANSWERS'] ?? '', 'utf8'))).map(([work, text]) => [
    work,
    Buffer.from(text),
  ]),
);
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const answer = answers.get(String(request.headers['x-work'])) ?? Buffer.alloc(0);
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
      .end(answer);
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
report(`http://127.0.0.1:${port}/`, async () => {
  server.closeAllConnections();
});
