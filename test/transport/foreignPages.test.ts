import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { needsBrowser, openBrowser, type TestBrowser, withoutBrowser } from '../kit/browser.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

/** Everything that a page can send without asking first, each as a script that resolves when it is over. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'a fetch of plain text': `fetch(api, { method: 'POST', mode: 'no-cors', body: operation })`,
  'a fetch that calls JSON plain text': `fetch(api, { method: 'POST', mode: 'no-cors', body: operation, headers: { 'content-type': 'text/plain; x=application/json' } })`,
  'a fetch of a form': `fetch(api, { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ query }) })`,
  'a fetch of a form with files': `(() => { const form = new FormData(); form.set('operations', operation); form.set('query', query);
    return fetch(api, { method: 'POST', mode: 'no-cors', body: form }); })()`,
  'a fetch without a type': `fetch(api, { method: 'POST', mode: 'no-cors', body: new Blob([operation]) })`,
  'a fetch of JSON': `fetch(api, { method: 'POST', body: operation, headers: { 'content-type': 'application/json' } })`,
  'a beacon of JSON': `new Promise((done) => { navigator.sendBeacon(api, new Blob([operation], { type: 'application/json' })); setTimeout(done, 500); })`,
  'a beacon of plain text': `new Promise((done) => { navigator.sendBeacon(api, operation); setTimeout(done, 500); })`,
  'a form that is sent': `new Promise((done) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'target', onload: done });
    document.body.append(frame);
    const form = Object.assign(document.createElement('form'), { action: api, method: 'POST', target: 'target', enctype: 'text/plain' });
    form.append(Object.assign(document.createElement('input'), { name: operation.slice(0, -1) + ', "x":"', value: '"}' }));
    document.body.append(form); form.submit(); })`,
  'an image': `new Promise((done) => Object.assign(new Image(), { onload: done, onerror: done, src: get }))`,
  'a script': `new Promise((done) => document.head.append(Object.assign(document.createElement('script'), { onload: done, onerror: done, src: get })))`,
  'a frame': `new Promise((done) => document.body.append(Object.assign(document.createElement('iframe'), { onload: done, src: get })))`,
  'a fetch by GET': `fetch(get, { mode: 'no-cors' })`,
  'a fetch by GET that accepts JSON': `fetch(get, { mode: 'no-cors', headers: { accept: 'application/graphql-response+json' } })`,
  'a fetch of a stream': `fetch(stream, { mode: 'no-cors', headers: { accept: 'text/event-stream' } })`,
  'a POST of a stream': `fetch(streams, { method: 'POST', mode: 'no-cors', body: operation, headers: { accept: 'text/event-stream' } })`,
  'a place for streams': `fetch(streams, { method: 'PUT' })`,
  'an EventSource': `new Promise((done) => { const source = new EventSource(stream); source.onerror = source.onmessage = () => { source.close(); done(); }; })`,
  'a WebSocket': `new Promise((done) => {
    const socket = new WebSocket(api.replace('http', 'ws'), 'graphql-transport-ws');
    socket.onopen = () => socket.send('{"type":"connection_init"}');
    socket.onmessage = ({ data }) => data.includes('connection_ack')
      ? socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } })) : socket.close();
    socket.onclose = socket.onerror = done; })`,
};

describe.skipIf(withoutBrowser)(`a page of another origin${needsBrowser}`, () => {
  let database: TestDatabase;
  let app: TestApp;
  let open: TestApp;
  let elsewhere: Server;
  let browser: TestBrowser;
  let origin: string;

  beforeAll(async () => {
    elsewhere = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<link rel="icon" href="data:,"><body></body>'),
    );
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const address = elsewhere.address();
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    database = await createTestDatabase();
    [app, open, browser] = await Promise.all([
      startTestApp({ DATABASE_URL: database.url }),
      startTestApp({ DATABASE_URL: database.url, ALLOWED_ORIGINS: origin }),
      openBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    elsewhere.close();
    await Promise.all([app.stop(), open.stop()]);
    await database.drop();
  });

  /** The statements that the attempt made an instance run. */
  async function attempt(instance: TestApp, script: string): Promise<readonly unknown[]> {
    const page = await browser.context.newPage();
    await page.goto(origin);
    const ran = await instance.statementsOf(() =>
      page.evaluate(`(async () => {
        const api = ${JSON.stringify(instance.endpoint)};
        const query = '{ posts(first: 1) { nodes { id } } }';
        const operation = JSON.stringify({ query });
        const get = api + '?query=' + encodeURIComponent(query);
        const streams = api + '/stream';
        const stream = streams + '?query=' + encodeURIComponent(query);
        await Promise.race([${script}, new Promise((done) => setTimeout(done, 3000))]).catch(() => undefined);
      })()`),
    );
    await page.close();
    return ran;
  }

  test.for(Object.entries(ATTEMPTS))('runs nothing by %s', async ([, script]) => {
    expect(await attempt(app, script)).toEqual([]);
  });

  test.for(['a fetch of JSON', 'an EventSource', 'a WebSocket'])(
    'runs what it wants by %s when it is in ALLOWED_ORIGINS',
    async (way) => {
      expect(await attempt(open, ATTEMPTS[way] ?? '')).not.toEqual([]);
    },
  );
});
