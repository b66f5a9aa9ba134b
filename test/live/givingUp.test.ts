import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { openStream, streamsOf } from '../kit/eventStreams.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, eventually, type TestSocket } from '../kit/sockets.js';
import { until } from '../kit/until.js';
import { codeIn, headersOf, useStreams } from './sseStage.js';

const publication = usePublication();
const openOf = useStreams(() => publication.app);
let hurried: TestApp;
beforeAll(async () => {
  hurried = await startTestApp({ DATABASE_URL: publication.url, TIDINGS_OPERATION_TIMEOUT_MS: '1000' });
});
afterAll(() => hurried.stop());

const sockets: TestSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.websocket.terminate();
});

async function connected(...[app, connecting]: Parameters<typeof connect>): Promise<TestSocket> {
  const socket = await connect(app, connecting);
  sockets.push(socket);
  return socket;
}

/** What it has PostgreSQL do. */
const READING = '/* posts.list */%';
const WRITING = '/* posts.create */%';
/** Pages of different lengths: those who ask for the same share a statement. */
const pageOf = (length: number): string => `{ posts(first: ${length}) { nodes { id } } }`;
const query = pageOf(1);
const CREATE = `mutation ($title: String!) { createPost(input: { title: $title, body: "Begun.", tags: ["Given up"] }) {
  post { title } userErrors { code } } }`;

/** How many statements like this wait for the posts. */
async function waiting(pattern: string): Promise<number> {
  const found = await publication.sql`
    select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like ${pattern}`;
  return found.length;
}

const untilSoManyWait = (count: number, pattern = READING): Promise<void> =>
  until(`${count} statements wait`, async () => (await waiting(pattern)) === count, 5_000);

/** Nobody reads or writes posts meanwhile. */
const whileLocked = (work: () => Promise<void>): Promise<void> =>
  publication.sql.begin(async (sql) => {
    await sql`lock table posts in access exclusive mode`;
    await work();
  });

describe('an operation that nobody waits for any more reads nothing more', () => {
  /** Begins one, and gives how its client gives it up. */
  const WAYS: Readonly<Record<string, () => Promise<() => unknown>>> = {
    'over a WebSocket that broke': async () => {
      const socket = await connected(publication.app);
      socket.start(query);
      return () => socket.websocket.terminate();
    },
    'over a WebSocket that is closed': async () => {
      const socket = await connected(publication.app);
      socket.start(query);
      return () => socket.close();
    },
    'over a WebSocket where it is completed': async () => {
      const operation = (await connected(publication.app)).start(query);
      return () => operation.stop();
    },
    'over a stream of its own, asked for by POST': async () => hangingUp('POST'),
    'over a stream of its own, asked for by GET': async () => hangingUp('GET'),
    'among many, when the stream is closed': async () => {
      const { stream, begin } = await reserved();
      void begin('one');
      return () => stream.close();
    },
    'among many, when it is stopped': async () => {
      const { begin, stop } = await reserved();
      void begin('one');
      return () => stop('one');
    },
  };

  /** Before it is answered there is no stream that could be closed. */
  function hangingUp(method: 'GET' | 'POST'): () => void {
    const control = new AbortController();
    const isGet = method === 'GET';
    fetch(
      isGet ? `${streamsOf(publication.app)}?${new URLSearchParams({ query })}` : streamsOf(publication.app),
      {
        method,
        headers: { accept: 'text/event-stream', ...(!isGet && { 'content-type': 'application/json' }) },
        ...(!isGet && { body: JSON.stringify({ query }) }),
        signal: control.signal,
      },
    ).catch(() => undefined);
    return () => control.abort();
  }

  async function reserved() {
    const url = streamsOf(publication.app);
    const token = await (await fetch(url, { method: 'PUT' })).text();
    const headers = { 'x-graphql-event-stream-token': token };
    return {
      stream: await openOf({ method: 'GET', search: { token } }),
      begin: (operationId: string, asked = query) =>
        fetch(url, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ query: asked, extensions: { operationId } }),
        }),
      stop: (operationId: string) =>
        fetch(`${url}?operationId=${operationId}`, { method: 'DELETE', headers }),
    };
  }

  it.each(Object.entries(WAYS))('%s', async (_, begin) => {
    await whileLocked(async () => {
      const giveUp = await begin();
      await untilSoManyWait(1);
      await giveUp();
      await untilSoManyWait(0);
    });
    expect(publication.app.logged).toEqual([]);
  });

  it('and the others of its WebSocket are answered', async () => {
    const socket = await connected(publication.app);
    let others: ReturnType<TestSocket['start']>[] = [];
    await whileLocked(async () => {
      const [first, ...rest] = [1, 2, 3].map((length) => socket.start(pageOf(length)));
      others = rest;
      await untilSoManyWait(3);
      first?.stop();
      await untilSoManyWait(2);
    });
    for (const operation of others) expect(await operation.ended()).toBe('COMPLETE');
  });

  it('and the others of its stream are answered', async () => {
    const { stream, begin, stop } = await reserved();
    await whileLocked(async () => {
      void begin('one', pageOf(1));
      void begin('two', pageOf(2));
      await untilSoManyWait(2);
      await stop('one');
      await untilSoManyWait(1);
    });
    expect(await stream.until(1)).toMatchObject([
      { data: { id: 'two', payload: { data: expect.anything() as unknown } } },
    ]);
  });
});

describe('an operation whose time is over reads nothing more', () => {
  it('over a WebSocket', async () => {
    const socket = await connected(hurried);
    await whileLocked(async () => {
      const operation = socket.start(query);
      await untilSoManyWait(1);
      expect(await operation.ended()).toBe('UNAVAILABLE');
      await untilSoManyWait(0);
    });
    expect(await socket.ask(query)).not.toHaveProperty('errors');
  });

  it('over server-sent events', async () => {
    await whileLocked(async () => {
      const asked = openStream(hurried, { query });
      await untilSoManyWait(1);
      expect((await asked).status).toBe(503);
      await untilSoManyWait(0);
    });
    const stream = await openStream(hurried, { query });
    await stream.ended;
    expect(codeIn(stream.events)).toBeUndefined();
  });
});

describe('a change that was begun and that nobody waits for any more', () => {
  const titlesAmong = async (titles: readonly string[]): Promise<ReadonlySet<unknown>> => {
    const found = await publication.sql`select title from posts where title = any(${titles})`;
    return new Set(found.map(({ title }) => title as unknown));
  };

  it('is made, wholly: over WebSocket', async () => {
    const { accessToken } = await createPerson(publication, 'AUTHOR');
    const titles = [`Broken ${randomUUID()}`, `Completed ${randomUUID()}`];
    const broken = await connected(publication.app, { accessToken });
    const open = await connected(publication.app, { accessToken });
    await whileLocked(async () => {
      broken.start(CREATE, { title: titles[0] });
      broken.start(query);
      const begun = [open.start(CREATE, { title: titles[1] }), open.start(pageOf(2))];
      await untilSoManyWait(2, WRITING);
      await untilSoManyWait(2);
      broken.websocket.terminate();
      for (const operation of begun) operation.stop();
      await untilSoManyWait(0);
      expect(await waiting(WRITING)).toBe(2);
    });
    await eventually(async () => expect(await titlesAmong(titles)).toEqual(new Set(titles)));
  });

  it('is made, wholly: over server-sent events', async () => {
    const author = await createPerson(publication, 'AUTHOR');
    const title = `Gone ${randomUUID()}`;
    const control = new AbortController();
    const ask = (body: object): void =>
      void fetch(streamsOf(publication.app), {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headersOf(author) },
        body: JSON.stringify(body),
        signal: control.signal,
      }).catch(() => undefined);
    await whileLocked(async () => {
      ask({ query: CREATE, variables: { title } });
      ask({ query });
      await untilSoManyWait(1, WRITING);
      await untilSoManyWait(1);
      control.abort();
      await untilSoManyWait(0);
      expect(await waiting(WRITING)).toBe(1);
    });
    await eventually(async () => expect(await titlesAmong([title])).toEqual(new Set([title])));
  });
});
