import { describe, expect, it } from 'vitest';
import { openStream } from '../kit/eventStreams.js';
import { createPerson } from '../kit/people.js';
import { hashOf } from '../kit/persisted.js';
import { usePublication } from '../kit/publication.js';
import { connect, eventually } from '../kit/sockets.js';

const COMMENTS = 'subscription Follow($post: ID!) { commentsChanged(postId: $post) { cursor type } }';

/** What every line has. */
const COMMON = new Set(['level', 'time', 'pid', 'hostname', 'msg']);

describe('the log of operations', () => {
  const publication = usePublication({ LOG_LEVEL: 'debug', TRUSTED_PROXIES: '127.0.0.1,::1' });

  /** The lines about what `work` did, without what every line has. */
  const linesOf = async (message: string, count: number, work: () => Promise<unknown>) => {
    const before = publication.app.logged.length;
    await work();
    const lines = () => publication.app.logged.slice(before).filter(({ msg }) => msg === message);
    await eventually(() => expect(lines()).toHaveLength(count));
    const own = ([name]: [string, unknown]): boolean => !COMMON.has(name);
    return lines().map((line): Record<string, unknown> =>
      Object.fromEntries(Object.entries(line).filter(own)),
    );
  };

  const aPost = async (): Promise<string> => {
    const { posts } = await publication.app.query<{ posts: { nodes: { id: string }[] } }>(
      '{ posts(first: 1) { nodes { id } } }',
    );
    return posts.nodes[0]?.id ?? '';
  };

  it('has a line for an operation over HTTP, with what it took and the id that the client was told', async () => {
    const { app } = publication;
    const query = 'query Newest { posts(first: 2) { nodes { id authors { name } } } }';
    let requestId: string | null = null;
    const [line] = await linesOf('operation', 1, async () => {
      const response = await fetch(app.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      requestId = response.headers.get('x-request-id');
      await response.text();
    });
    expect(line).toEqual({
      requestId,
      operation: 'Newest',
      type: 'query',
      hash: hashOf(query),
      viewerId: null,
      transport: 'http',
      ms: expect.any(Number) as number,
      statements: 2,
      cost: { requested: expect.any(Number) as number, actual: expect.any(Number) as number },
    });
  });

  it('names the viewer, and the codes of errors', async () => {
    const person = await createPerson(publication);
    const [line] = await linesOf('operation', 1, () =>
      person.send('query Nothing { node(id: "nonsense") { id } nothing }'),
    );
    expect(line).toMatchObject({ viewerId: person.uuid, codes: ['GRAPHQL_VALIDATION_FAILED'] });
  });

  it('counts the statements of a mutation, with those of its transaction', async () => {
    const person = await createPerson(publication);
    const postId = await aPost();
    const mutation =
      'mutation Add($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';
    const lines: Record<string, unknown>[] = [];
    const ran = await publication.app.statementsOf(async () => {
      const write = () => person.query(mutation, { input: { postId, body: 'Counted.' } });
      lines.push(...(await linesOf('operation', 1, write)));
    });
    // Whoever sends it is looked up before there is an operation.
    expect(lines).toMatchObject([{ operation: 'Add', type: 'mutation', statements: ran.length - 1 }]);
    expect(ran.map(({ name }) => name)).toContain('comments.add');
  });

  it('has the same line for a WebSocket and for server-sent events', async () => {
    const socket = await connect(publication.app);
    const query = 'query Asked { posts(first: 1) { nodes { id } } }';
    const [asked] = await linesOf('operation', 1, () => socket.ask(query));
    expect(asked).toMatchObject({ operation: 'Asked', transport: 'websocket', hash: hashOf(query) });
    await socket.close();
    const [streamed] = await linesOf('operation', 1, async () => {
      const stream = await openStream(publication.app, { query });
      await stream.until(1);
      stream.close();
    });
    expect(streamed).toMatchObject({ operation: 'Asked', transport: 'sse', hash: hashOf(query) });
  });

  it('says at debug when a subscription begins and ends', async () => {
    const person = await createPerson(publication);
    const socket = await connect(publication.app, { accessToken: person.accessToken });
    const post = await aPost();
    const operation = { operation: 'Follow', viewerId: person.uuid };
    const begun = await linesOf('stream begun', 1, async () =>
      socket.start(COMMENTS, { post }, { operationName: 'Follow' }),
    );
    expect(begun).toEqual([operation]);
    expect(await linesOf('stream ended', 1, () => socket.close())).toEqual([operation]);
  });

  it('has a line for a request that is refused before it is an operation, without its address', async () => {
    const [line] = await linesOf('request refused', 1, () =>
      fetch(`${publication.app.endpoint}/stream?token=hushhush`, {
        headers: { accept: 'text/event-stream' },
      }),
    );
    expect(line).toMatchObject({ method: 'GET', route: '/graphql/stream', status: 404 });
    expect(JSON.stringify(line)).not.toContain('hushhush');
  });

  it('has a line for each refused request, also with the id of an operation that failed', async () => {
    const headers = { 'x-request-id': 'an-id-that-a-client-sends-again' };
    await linesOf('operation', 1, () => publication.app.send('{ nothing }', {}, headers));
    const refused = () => fetch(`${publication.app.endpoint}/nothing-here`, { headers });
    const lines = await linesOf('request refused', 5, async () => {
      for (let turn = 0; turn < 5; turn += 1) await refused();
    });
    expect(new Set(lines.map(({ status }) => status))).toEqual(new Set([404]));
  });

  it('has no second line for an operation that fails', async () => {
    const before = publication.app.logged.length;
    await linesOf('operation', 1, () => publication.app.send('{ nothing }'));
    const lines = publication.app.logged.slice(before);
    expect(lines.filter(({ msg }) => msg === 'request refused')).toEqual([]);
  });
});
