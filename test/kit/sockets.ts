import { once } from 'node:events';
import type postgres from 'postgres';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { createCursorCodec } from '../../src/lib/cursor.js';
import { type Answer, TEST_SECRET } from './app.js';

/** Waits until a check holds, however slow the machine. */
export const eventually = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(check, { timeout: 20_000, interval: 10 });

/** A message of graphql-transport-ws. */
export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** How a socket was closed. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** What an event of a stream looks like, as far as tests ask for it. */
export interface StreamEvent {
  readonly cursor: string;
  readonly type: 'ADDED' | 'CHANGED' | 'REMOVED';
}

/** An operation that was sent over a socket, and what was heard of it. */
export interface Operation<Event> {
  readonly id: string;
  /** What stood at the root of each answer so far. */
  readonly events: readonly Event[];
  /** The whole answers so far. */
  readonly answers: readonly Answer<Record<string, Event>>[];
  /** The code it ended with, `COMPLETE` for none, `CLOSED` with the socket; undefined while it goes on. */
  readonly end: string | undefined;
  /** What the message `error` said. */
  readonly errors: NonNullable<Answer<never>['errors']>;
  /** Resolves with the events when there are so many of them; fails when the operation ends before. */
  until(count: number): Promise<readonly Event[]>;
  /** Resolves with `end`. */
  ended(): Promise<string>;
  /** Says that no more is wanted. */
  stop(): void;
}

/** A connection, and all that was heard on it. */
export interface TestSocket {
  readonly websocket: WebSocket;
  /** Every message, in order. */
  readonly heard: readonly Message[];
  /** How it was closed; undefined while it is open. */
  readonly closing: Closing | undefined;
  closed(): Promise<Closing>;
  say(message: Message | string | Buffer): void;
  /** Starts an operation. @param more of its payload: operationName, extensions. */
  start<Event = StreamEvent>(
    query: string,
    variables?: Record<string, unknown>,
    more?: Record<string, unknown>,
  ): Operation<Event>;
  /** Sends a query or a mutation, and gives its answer as HTTP would. */
  ask<Data = unknown>(
    query: string,
    variables?: Record<string, unknown>,
    more?: Record<string, unknown>,
  ): Promise<Answer<Data>>;
  /** Sends a ping, and gives what the pong carries. */
  ping(payload?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** How to connect. */
export interface Connecting {
  readonly accessToken?: string;
  /** The payload of the first message; instead of a token. */
  readonly payload?: unknown;
  readonly headers?: Record<string, string>;
  readonly protocols?: string | string[];
}

const addressOf = (endpoint: string): string => endpoint.replace(/^http/, 'ws');

function createOperation<Event>(id: string, say: (message: Message) => void) {
  const answers: Answer<Record<string, Event>>[] = [];
  const events: Event[] = [];
  const errors: NonNullable<Answer<never>['errors']>[number][] = [];
  let end: string | undefined;
  const operation: Operation<Event> = {
    id,
    answers,
    events,
    errors,
    get end() {
      return end;
    },
    async until(count) {
      await vi.waitUntil(() => events.length >= count || end !== undefined, { timeout: 20_000, interval: 5 });
      if (events.length < count) throw new Error(`It ended with ${end} after ${events.length} events.`);
      return events;
    },
    ended: () => vi.waitUntil(() => end, { timeout: 20_000, interval: 5 }),
    stop: () => say({ id, type: 'complete' }),
  };
  const hear = ({ type, payload }: Message): void => {
    if (type === 'next') {
      const answer = payload as Answer<Record<string, Event>>;
      answers.push(answer);
      const [event] = Object.values(answer.data ?? {});
      if (event != null) events.push(event);
      return;
    }
    if (type === 'error') errors.push(...(payload as typeof errors));
    end ??= type === 'closed' ? 'CLOSED' : (errors[0]?.extensions.code ?? 'COMPLETE');
  };
  return { operation, hear };
}

/** Opens a connection and says nothing. Not waited for: it may be refused. */
export function dial(
  { endpoint }: { readonly endpoint: string },
  { headers, protocols = 'graphql-transport-ws' }: Connecting = {},
  path?: string,
): TestSocket {
  const address = new URL(addressOf(endpoint));
  const websocket = new WebSocket(path === undefined ? address : `${address.origin}${path}`, protocols, {
    ...(headers && { headers }),
  });
  const heard: Message[] = [];
  const operations = new Map<string, (message: Message) => void>();
  const pongs: ((payload: unknown) => void)[] = [];
  let closing: Closing | undefined;
  let operationsBegun = 0;
  websocket.on('error', () => undefined);
  websocket.on('close', (code, reason) => {
    closing = { code, reason: String(reason) };
    for (const hear of operations.values()) hear({ type: 'closed' });
  });
  websocket.on('message', (data: Buffer) => {
    const message = JSON.parse(String(data)) as Message;
    heard.push(message);
    if (message.type === 'pong') pongs.shift()?.(message.payload);
    operations.get(message.id ?? '')?.(message);
  });

  const say: TestSocket['say'] = (message) => {
    const isRaw = typeof message === 'string' || Buffer.isBuffer(message);
    websocket.send(isRaw ? message : JSON.stringify(message));
  };
  const start = <Event>(query: string, variables = {}, more = {}): Operation<Event> => {
    const id = `operation ${(operationsBegun += 1)}`;
    const { operation, hear } = createOperation<Event>(id, say);
    operations.set(id, hear);
    say({ id, type: 'subscribe', payload: { query, variables, ...more } });
    return operation;
  };
  return {
    websocket,
    heard,
    get closing() {
      return closing;
    },
    closed: () => vi.waitUntil(() => closing, { timeout: 20_000, interval: 5 }),
    say,
    start,
    async ask<Data>(query: string, variables?: Record<string, unknown>, more?: Record<string, unknown>) {
      const operation = start(query, variables, more);
      await operation.ended();
      const [answer] = operation.answers;
      return (answer ?? { errors: operation.errors }) as Answer<Data>;
    },
    ping(payload) {
      const answered = new Promise((resolve) => pongs.push(resolve));
      say({ type: 'ping', payload });
      return answered;
    },
    async close() {
      if (closing !== undefined) return;
      const closed = once(websocket, 'close');
      websocket.close(1000);
      await closed;
    },
  };
}

/** The status with which an upgrade is refused. */
export async function refusalOf(socket: TestSocket): Promise<number | undefined> {
  const [, response] = await Promise.race([
    once(socket.websocket, 'unexpected-response'),
    once(socket.websocket, 'open').then(() => []),
  ]);
  socket.websocket.terminate();
  return (response as { statusCode?: number } | undefined)?.statusCode;
}

/** Opens a connection and waits until it is accepted. */
export async function connect(
  app: { readonly endpoint: string },
  connecting: Connecting = {},
): Promise<TestSocket> {
  const { accessToken, payload = accessToken && { accessToken } } = connecting;
  const socket = dial(app, connecting);
  await once(socket.websocket, 'open');
  socket.say({ type: 'connection_init', payload });
  await vi.waitUntil(() => socket.heard.length > 0 || socket.closing, { timeout: 20_000, interval: 5 });
  if (socket.heard[0]?.type !== 'connection_ack') {
    throw new Error(`The connection was closed: ${JSON.stringify(socket.closing)}`);
  }
  return socket;
}

const cursors = createCursorCodec(TEST_SECRET);

/** The place in a topic, as the API would name it. */
export const cursorAt = (topic: string, seq: number): string => cursors.sealPlace(topic, seq);

/** Where a topic stands: a stream that begins after it misses nothing, however long it takes to open. */
export async function cursorOf({ sql }: { readonly sql: postgres.Sql }, topic: string): Promise<string> {
  const [row] = await sql<{ head: string }[]>`select head from topics where name = ${topic}`;
  return cursorAt(topic, Number(row?.head ?? 0));
}
