import { once } from 'node:events';
import type { Answer, TestApp } from '../kit/app.js';
import { streamsOf } from '../kit/eventStreams.js';
import { connect } from '../kit/sockets.js';
import { post } from '../transport/requests.js';
import type { Attack } from './attack.js';

/** What a client heard of its operation. */
export interface Outcome {
  /** The code of the first error; `ANSWERED` without errors, `CLOSED` and the close code when the socket was closed. */
  readonly code: string;
  readonly data: unknown;
  readonly messages: readonly string[];
  /** All that came. */
  readonly text: string;
}

/** Sends the JSON of an operation, as it is. */
export type Way = (app: TestApp, body: string) => Promise<Outcome>;

function outcomeIn(text: string, { data, errors = [] }: Partial<Answer<unknown>>): Outcome {
  const code = errors[0]?.extensions.code ?? 'ANSWERED';
  return { code, data: data ?? null, messages: errors.map(({ message }) => message), text };
}

const read = (text: string): Outcome => outcomeIn(text, JSON.parse(text) as Answer<unknown>);

const byPost: Way = async (app, body) => read(await (await post(app.endpoint, body)).text());

/** Values that are no text are sent as JSON, as clients do. */
const parametersOf = (body: string): URLSearchParams =>
  new URLSearchParams(
    Object.entries(JSON.parse(body) as Record<string, unknown>).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

const byGet: Way = async (app, body) => {
  const response = await fetch(`${app.endpoint}?${String(parametersOf(body))}`, {
    headers: { 'apollo-require-preflight': '1', accept: 'application/graphql-response+json' },
  });
  return read(await response.text());
};

const bySocket: Way = async (app, body) => {
  const socket = await connect(app);
  try {
    const answered = new Promise<void>((resolve) => {
      socket.websocket.on('message', (data: Buffer) => {
        if (['error', 'complete'].includes((JSON.parse(String(data)) as { type: string }).type)) resolve();
      });
    });
    // The protocol wants a text also of a document that is named by its hash.
    const payload: unknown = { query: '', ...(JSON.parse(body) as object) };
    socket.say({ id: '1', type: 'subscribe', payload });
    await Promise.race([answered, socket.closing ?? once(socket.websocket, 'close')]);
    if (socket.closing) {
      const { code, reason } = socket.closing;
      return { code: `CLOSED ${code}`, data: null, messages: [], text: reason };
    }
    const text = JSON.stringify(socket.heard);
    const next = socket.heard.find(({ type }) => type === 'next')?.payload;
    const refused = socket.heard.find(({ type }) => type === 'error')?.payload;
    return outcomeIn(text, (next ?? { errors: refused }) as Partial<Answer<unknown>>);
  } finally {
    await socket.close();
  }
};

const byStream: Way = async (app, body) => {
  const response = await fetch(streamsOf(app), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body,
  });
  const text = await response.text();
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return read(text);
  const [, data] = /^event: next\ndata: (.*)$/m.exec(text) ?? [];
  return outcomeIn(text, JSON.parse(data ?? '{}') as Partial<Answer<unknown>>);
};

/** The ways that every operation can take. */
export const WAYS: Readonly<Record<string, Way>> = {
  POST: byPost,
  WebSocket: bySocket,
  'server-sent events': byStream,
};

/** Longer addresses are refused with the head of the request. */
const LONGEST_ADDRESS = 12_000;

/** The ways that this operation can take: GET as well when it is a short document, and a query. */
export function waysFor({ query = '' }: Attack, body: string): [string, Way][] {
  const everywhere = Object.entries(WAYS);
  const isReadable = typeof query === 'string' && !/^\s*(mutation|subscription)/.test(query);
  if (!isReadable || String(parametersOf(body)).length > LONGEST_ADDRESS) return everywhere;
  return [...everywhere, ['GET', byGet]];
}
