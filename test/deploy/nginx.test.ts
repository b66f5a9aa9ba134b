import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import {
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { connect as connectTo, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { text } from 'node:stream/consumers';
import { EventSource } from 'eventsource';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { topicOf } from '../../src/events/topics.js';
import { decodeId, encodeId } from '../../src/graphql/globalIds.js';
import { FLAWLESS, watchDuring } from '../faults/watching.js';
import { createPerson } from '../kit/people.js';
import { needsRedis, withoutRedis } from '../kit/redis.js';
import { connect, cursorAt, eventually, type TestSocket } from '../kit/sockets.js';
import { type Deployment, openDeployment } from './deployment.js';
import { needsNginx, startNginx, type TestNginx, withoutNginx } from './nginx.js';
import { freePort } from '../kit/ports.js';

const QUERY = { query: '{ posts(first: 1) { totalCount } }' };
const COMMENTS = `subscription ($postId: ID!, $after: String) {
  commentsChanged(postId: $postId, after: $after) { cursor commentId }
}`;

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** The address that it comes from: all of 127.0.0.0/8 is this machine. */
  readonly from?: string;
  /** Another nginx than that of the deployment. */
  readonly to?: TestNginx;
}

interface Got {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe.skipIf(withoutNginx || withoutRedis)(`behind nginx, two instances${needsNginx}${needsRedis}`, () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await openDeployment();
  });
  afterAll(() => deployment?.close());

  /** Not with fetch, which tidies addresses up before it sends them. */
  async function get({ method = 'GET', path = '/graphql', headers, body, from, to }: Sent): Promise<Got> {
    const { port } = to ?? deployment.nginx;
    const request = send({
      port,
      host: '127.0.0.1',
      method,
      path,
      headers,
      localAddress: from,
      agent: false,
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  }

  const ask = (sent: Sent = {}, query: object = QUERY): Promise<Got> =>
    get({
      ...sent,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...sent.headers },
      body: JSON.stringify(query),
    });

  const codeOf = ({ body }: Got): unknown =>
    (JSON.parse(body) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

  /** Who answered. */
  const upstreams = async (): Promise<Set<string>> => {
    const lines = (await deployment.nginx.log()).filter(
      ({ path, status }) => path === '/graphql' && status === 200,
    );
    return new Set(lines.flatMap(({ upstream }) => upstream.split(', ')));
  };

  const places = (): Set<string> => new Set(deployment.instances.map(({ port }) => `127.0.0.1:${port}`));

  it('both answer queries', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask()));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    await eventually(async () => expect(await upstreams()).toEqual(places()));
  });

  it('share sockets evenly', async () => {
    const { nginx } = deployment;
    const share = async (): Promise<readonly string[]> => {
      const before = (await nginx.log()).length;
      const sockets: TestSocket[] = [];
      for (let count = 0; count < 6; count += 1) sockets.push(await connect(nginx));
      await Promise.all(sockets.map((socket) => socket.close()));
      return eventually(async () => {
        const lines = (await nginx.log()).slice(before).filter(({ status }) => status === 101);
        expect(lines).toHaveLength(6);
        return lines.map(({ upstream }) => upstream);
      });
    };
    // One that has just come back is sent nobody for two seconds.
    await eventually(async () => {
      const taken = await share();
      for (const place of places()) expect(taken.filter((upstream) => upstream === place)).toHaveLength(3);
    });
  });

  it(
    'one is killed: over WebSocket, server-sent events and HTTP everybody goes on, and nothing is missing',
    { timeout: 120_000 },
    async () => {
      const { instances, nginx, sql } = deployment;
      const sources: EventSource[] = [];
      const told: string[][] = [];
      let postId = '';
      const openSource = (): void => {
        const after = cursorAt(topicOf.comments(decodeId(postId)?.uuid ?? ''), 0);
        const variables = JSON.stringify({ postId, after });
        const heard: string[] = [];
        const source = new EventSource(
          `${nginx.endpoint}/stream?${String(new URLSearchParams({ query: COMMENTS, variables }))}`,
        );
        source.addEventListener('next', ({ data }) => {
          const answer = JSON.parse(String(data)) as { data: { commentsChanged: { commentId: string } } };
          heard.push(answer.data.commentsChanged.commentId);
        });
        sources.push(source);
        told.push(heard);
      };
      const findings = await watchDuring(deployment, async (watched) => {
        postId = watched;
        for (let count = 0; count < 6; count += 1) openSource();
        await eventually(() => expect(told.every((heard) => heard.length > 0)).toBe(true));
        await instances[0].kill();
        const sofar = told.map((heard) => heard.length);
        // Before it is there again: the other one has them all.
        await eventually(() =>
          expect(told.every((heard, index) => heard.length > (sofar[index] ?? 0))).toBe(true),
        );
        await instances[0].start();
      });
      expect(findings).toMatchObject(FLAWLESS);
      expect(Object.keys(findings.closings)).toEqual(['1006']);
      const topic = topicOf.comments(decodeId(postId)?.uuid ?? '');
      const log = await sql<{ id: string }[]>`
        select payload->>'commentId' as id from events where topic = ${topic} order by seq`;
      const committed = log.map(({ id }) => encodeId('Comment', id));
      for (const heard of told) await eventually(() => expect(heard).toEqual(committed));
      for (const source of sources) source.close();
    },
  );

  it('both are replaced, one after the other: nobody misses anything', { timeout: 120_000 }, async () => {
    const findings = await watchDuring(
      deployment,
      async () => {
        for (const { stop, start } of deployment.instances) {
          expect(await stop()).toBe(0);
          await start();
        }
      },
      { readers: 60 },
    );
    expect(findings).toMatchObject(FLAWLESS);
    expect(Object.keys(findings.closings)).toEqual(['1012']);
  });

  it('a stream of many operations stays where it was reserved, wherever its client is', async () => {
    for (let host = 2; host < 10; host += 1) {
      const from = `127.0.0.${host}`;
      const reserved = await get({ method: 'PUT', path: '/graphql/stream', from });
      expect(reserved.status).toBe(201);
      const begun = await ask(
        {
          path: '/graphql/stream',
          headers: { 'x-graphql-event-stream-token': reserved.body },
          from,
        },
        { ...QUERY, extensions: { operationId: 'one' } },
      );
      expect(begun.status).toBe(202);
      const stopped = await get({
        method: 'DELETE',
        path: `/graphql/stream?operationId=one&token=${reserved.body}`,
        from,
      });
      expect(stopped.status).toBe(200);
    }
    const reserving = (await deployment.nginx.log()).filter(({ method }) => method === 'PUT');
    expect(new Set(reserving.map(({ upstream }) => upstream))).toEqual(places());
  });

  it('a client of graphql-sse reads over a single connection', async () => {
    const client = createClient({ url: `${deployment.nginx.endpoint}/stream`, singleConnection: true });
    const results: unknown[] = [];
    for await (const result of client.iterate(QUERY)) results.push(result);
    client.dispose();
    expect(results).toMatchObject([{ data: { posts: { totalCount: expect.any(Number) as number } } }]);
  });

  it('learn who a client is from nginx, whatever the client says', async () => {
    const { nginx, sql } = deployment;
    const place = { app: nginx, sql };
    const [administrator, somebody] = [await createPerson(place, 'ADMIN'), await createPerson(place)];
    const answer = await ask(
      {
        from: '127.0.0.77',
        headers: {
          authorization: `Bearer ${administrator.accessToken}`,
          'x-forwarded-for': '203.0.113.9',
          forwarded: 'for=203.0.113.9',
          'x-real-ip': '203.0.113.9',
        },
      },
      {
        query:
          'mutation ($input: SetUserRoleInput!) { setUserRole(input: $input) { userErrors { message } } }',
        variables: { input: { userId: somebody.id, role: 'AUTHOR' } },
      },
    );
    expect(JSON.parse(answer.body)).toMatchObject({ data: { setUserRole: { userErrors: [] } } });
    const rows = await sql`select address from audit_log where actor_id = ${administrator.uuid}`;
    expect(rows).toEqual([{ address: '127.0.0.77' }]);
  });

  it.for<[string, string]>([
    ['GET', '/metrics'],
    ['GET', '//metrics'],
    ['GET', '/%6detrics'],
    ['GET', '/graphql/../metrics'],
    ['GET', '/graphql/%2e%2e/metrics'],
    ['GET', '/metrics/'],
    ['GET', '/METRICS'],
    ['GET', '/metrics?query={__typename}'],
    ['POST', '/metrics'],
    ['GET', 'http://tidings-1:4000/metrics'],
    ['GET', '/health/ready'],
    ['GET', '/graphql/'],
    ['GET', '/graphql/stream/'],
  ])('are not asked for %s %s', async ([method, path]) => {
    const from = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`;
    const got = await get({ method, path, from });
    expect(got.status).toBe(404);
    expect(codeOf(got)).toBe('NOT_FOUND');
    await eventually(async () => {
      const lines = (await deployment.nginx.log()).filter(({ address }) => address === from);
      expect(lines.map(({ upstream }) => upstream)).toEqual(['']);
    });
  });

  it('never see an upgrade to anything but WebSocket', async () => {
    const got = await get({
      path: '/graphql?query={__typename}',
      headers: { connection: 'Upgrade', upgrade: 'h2c', 'apollo-require-preflight': '1' },
    });
    expect(got.status).toBe(200);
    expect(JSON.parse(got.body)).toMatchObject({ data: { __typename: 'Query' } });
  });

  it('are not sent what is far too long, and refuse in JSON what is too long', async () => {
    const headers = { 'content-type': 'application/json' };
    const long = (bytes: number) => get({ method: 'POST', headers, body: '"'.padEnd(bytes, 'x') });
    const [ours, nginx] = [await long(2_100_000), await long(3_200_000)];
    expect([ours.status, codeOf(ours), ours.headers['x-request-id']]).toEqual([
      413,
      'LIMIT_EXCEEDED',
      expect.any(String),
    ]);
    expect([nginx.status, codeOf(nginx), nginx.headers['x-request-id']]).toEqual([
      413,
      'LIMIT_EXCEEDED',
      undefined,
    ]);
  });

  it('both are away: clients are told to come back, and are served when one is', async () => {
    const [port, other] = [await freePort(), await freePort()];
    const nginx = await startNginx([port, other]);
    onTestFinished(() => nginx.stop());
    const away = await ask({ to: nginx });
    expect([away.status, away.headers['retry-after'], codeOf(away)]).toEqual([503, '1', 'UNAVAILABLE']);
    // After any other status an EventSource would never come back.
    const stream = await get({ to: nginx, path: '/graphql/stream?query={__typename}' });
    expect([stream.status, stream.headers['content-type'], stream.body]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'retry: 2000\n\n',
    ]);
    await get({ to: nginx, path: '/graphql/stream?token=a-token-of-somebody' });
    expect(nginx.said() + JSON.stringify(await nginx.log())).not.toContain('a-token-of-somebody');
    const back = createServer((client) => {
      pipeline(client, connectTo(deployment.instances[0].port, '127.0.0.1'), client, () => undefined);
    }).listen(port, '127.0.0.1');
    onTestFinished(() => void back.close());
    await once(back, 'listening');
    const began = performance.now();
    await eventually(async () => expect((await ask({ to: nginx })).status).toBe(200));
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});
