import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createDemoDatabase } from '../kit/demo.js';
import { openStream } from '../kit/eventStreams.js';
import type { TestDatabase } from '../kit/database.js';
import { type InstanceProcess, startInstance } from '../kit/processes.js';
import { connect, dial } from '../kit/sockets.js';
import { startProxy } from '../kit/proxy.js';
import { until } from '../kit/until.js';

/** Stands in every place where a client or an operator could have a secret. */
const SECRET = 'Hush7c1fSecret';

const SIGN_IN = `mutation SignIn($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { code } } }`;

/** Operations with the secret in each place of the document and beside it. */
const OPERATIONS: readonly (readonly [string, Record<string, unknown>?])[] = [
  [SIGN_IN, { input: { email: `${SECRET}@example.org`, password: SECRET } }],
  [`mutation { signIn(input: { email: "a@example.org", password: "${SECRET}" }) { userErrors { code } } }`],
  [`{ ${SECRET} }`],
  [`{ posts(first: 1) { nodes { ${SECRET} } } }`],
  [`{ node(id: "${SECRET}") { id } }`],
  [`{ search(query: "${SECRET}", first: 1) { totalCount } }`],
  [`query ($first: Int) { posts(first: $first) { nodes { id } } }`, { first: SECRET }],
  [`query ($x: ${SECRET}) { posts(first: 1) { nodes { id } } }`],
  [`{ posts(first: 1, after: "${SECRET}") { nodes { id } } }`],
  [`{ posts(first: 1) { nodes { id } } # ${SECRET}`],
  [`"${SECRET}`],
];

/** A request with a body that is whatever it is. */
async function sendRaw(app: TestApp, body: string, headers: Record<string, string> = {}): Promise<void> {
  const sent = request(app.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
}

describe('nothing secret is ever logged', () => {
  let database: TestDatabase;
  let app: TestApp;
  beforeAll(async () => {
    database = await createDemoDatabase();
    app = await startTestApp({ DATABASE_URL: database.url, LOG_LEVEL: 'trace' });
  });
  afterAll(async () => {
    await app?.stop();
    await database?.drop();
  });

  const headers = {
    authorization: `Bearer ${SECRET}`,
    cookie: `session=${SECRET}`,
    'idempotency-key': SECRET,
    'x-request-id': SECRET,
    'user-agent': SECRET,
  };

  /** What is logged while `work` is done, as text; at least one line of it. */
  const loggedDuring = async (work: () => Promise<unknown>): Promise<string> => {
    const before = app.logged.length;
    await work();
    const lines = app.logged.slice(before);
    expect(lines.length).toBeGreaterThan(0);
    return JSON.stringify(lines);
  };

  it.for(OPERATIONS)('of %s over HTTP', async ([query, variables]) => {
    const said = await loggedDuring(async () => {
      await app.send(query, variables, { cookie: headers.cookie });
      await app.send(query, variables, headers);
    });
    expect(said).not.toContain(SECRET);
  });

  it.for(OPERATIONS)('of %s over a WebSocket', async ([query, variables]) => {
    const said = await loggedDuring(async () => {
      const socket = await connect(app, { payload: { note: SECRET }, headers: { cookie: headers.cookie } });
      await socket.ask(query, variables, { extensions: { note: SECRET } });
      await socket.close();
    });
    expect(said).not.toContain(SECRET);
  });

  it.for(OPERATIONS)('of %s over server-sent events', async ([query, variables]) => {
    const said = await loggedDuring(async () => {
      const stream = await openStream(app, {
        query,
        ...(variables && { variables }),
        search: { token: '', note: SECRET },
        headers: { cookie: headers.cookie },
      });
      await stream.ended;
    });
    expect(said).not.toContain(SECRET);
  });

  it('of a body that cannot be read', async () => {
    const said = await loggedDuring(async () => {
      await sendRaw(app, SECRET);
      await sendRaw(app, `{"query": "{ ${SECRET}`, headers);
      await sendRaw(app, JSON.stringify({ query: SECRET.repeat(200_000) }));
    });
    expect(said).not.toContain(SECRET);
  });

  it('of a token in the address of a stream', async () => {
    const said = await loggedDuring(() =>
      fetch(`${app.endpoint}/stream?token=${SECRET}`, { headers: { accept: 'text/event-stream' } }),
    );
    expect(said).not.toContain(SECRET);
  });

  it('of a WebSocket whose first message holds a token that is not good', async () => {
    const before = app.logged.length;
    const socket = dial(app);
    await once(socket.websocket, 'open');
    socket.say({ type: 'connection_init', payload: { accessToken: SECRET } });
    await socket.closed();
    expect(JSON.stringify(app.logged.slice(before))).not.toContain(SECRET);
  });
});

describe('an instance whose database goes away', () => {
  it('says so, and not with which password it was reached', { timeout: 60_000 }, async () => {
    const database = await createDemoDatabase();
    const url = new URL(database.url);
    const wire = await startProxy({ host: url.hostname, port: Number(url.port) });
    let instance: InstanceProcess | undefined;
    try {
      instance = await startInstance({
        DATABASE_URL: wire.through(url.href),
        LOG_LEVEL: 'trace',
      });
      await wire.close();
      const response = await fetch(instance.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ search(query: "${SECRET}", first: 1) { totalCount } }` }),
      });
      expect(JSON.stringify(await response.json())).not.toContain(SECRET);
      const { said } = instance;
      await until('the operator heard of it', () => said().includes('operation failed'));
      expect(instance.said()).not.toContain(SECRET);
      expect(instance.said()).not.toContain(url.password || SECRET);
    } finally {
      await instance?.kill();
      await wire.close();
      await database.drop();
    }
  });

  it('does not repeat the password when it cannot begin', { timeout: 60_000 }, async () => {
    const url = `postgres://somebody:${SECRET}@127.0.0.1:1/nothing`;
    const failed = await startInstance({ DATABASE_URL: url, LOG_LEVEL: 'trace' }).then(
      () => 'It began.',
      (error: Error) => error.message,
    );
    expect(failed).toContain('The instance ended and said');
    expect(failed).not.toContain(SECRET);
  });
});
