import type { TestApp } from './app.js';
import { eventually } from './sockets.js';

/** A message of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** A stream that was asked for. */
export interface OpenedStream {
  readonly status: number;
  readonly headers: Headers;
  /** What came until now. */
  readonly events: readonly ServerSentEvent[];
  /** What came until now, as it was sent. */
  readonly text: string;
  /** Resolves when so many `next` came, with them. */
  until(count: number): Promise<readonly ServerSentEvent[]>;
  /** Resolves when the server has ended it: whether properly. */
  readonly ended: Promise<'END' | 'CUT'>;
  close(): void;
}

/** An operation, and how it is sent. */
export interface StreamRequest {
  readonly query?: string;
  readonly variables?: object;
  readonly method?: 'GET' | 'POST';
  /** Behind the question mark, beside what GET sends there. */
  readonly search?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** http://localhost:PORT/graphql/stream */
export const streamsOf = (app: Pick<TestApp, 'endpoint'>): string => `${app.endpoint}/stream`;

function readBlock(block: string): ServerSentEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
    }),
  );
  const event = fields.get('event');
  if (event === undefined) return undefined;
  const data = fields.get('data') ?? '';
  return { event, id: fields.get('id'), data: data === '' ? '' : JSON.parse(data) };
}

/** Asks for a stream with fetch, and reads it. */
export async function openStream(
  app: Pick<TestApp, 'endpoint'>,
  { query, variables, method = 'POST', search = {}, headers = {} }: StreamRequest,
): Promise<OpenedStream> {
  const control = new AbortController();
  const isGet = method === 'GET';
  const parameters = new URLSearchParams({
    ...search,
    ...(isGet && query !== undefined && { query }),
    ...(isGet && variables && { variables: JSON.stringify(variables) }),
  });
  const response = await fetch(`${streamsOf(app)}?${String(parameters)}`, {
    method,
    headers: {
      accept: 'text/event-stream',
      ...(!isGet && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(!isGet && { body: JSON.stringify({ query, variables }) }),
    signal: control.signal,
  });
  const events: ServerSentEvent[] = [];
  let text = '';
  let unread = '';
  const hear = (chunk: string): void => {
    text += chunk;
    unread += chunk;
    const blocks = unread.split('\n\n');
    unread = blocks.pop() ?? '';
    events.push(...blocks.map(readBlock).filter((event) => event !== undefined));
  };
  const read = async (): Promise<'END' | 'CUT'> => {
    try {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) hear(chunk);
      return 'END';
    } catch {
      return 'CUT';
    }
  };
  const ended = read();
  return {
    status: response.status,
    headers: response.headers,
    events,
    get text() {
      return text;
    },
    until: (count) =>
      eventually(() => {
        const nexts = events.filter(({ event }) => event === 'next');
        if (nexts.length < count) throw new Error(`${nexts.length} of ${count} came: ${text.slice(-500)}`);
        return nexts;
      }),
    ended,
    close: () => control.abort(),
  };
}
