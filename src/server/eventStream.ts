import type { ServerResponse } from 'node:http';
import type { GraphQLRequest } from '@apollo/server';
import type { FastifyReply } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { presentFailure } from '../graphql/errors.js';
import { type Asking, createAsking } from '../lib/asking.js';
import { DomainError } from '../lib/errors.js';
import { createAllowance } from '../live/limits.js';
import { createOutbox } from '../live/outbox.js';
import type { Answer } from '../live/rendering.js';
import type { Connection, Sink, Stream } from '../live/stream.js';
import { allAnswered } from './draining.js';
import { createExpiry } from './expiry.js';
import { passingRefusalIn } from './passing.js';
import {
  createConnection,
  letIn,
  type OperationFacts,
  runOperation,
  tooManyConnections,
  type TransportOptions,
} from './transport.js';
import type { Voice } from './voices.js';

/** Milliseconds after which a client may come again, at least, and over which they are spread. */
const RETRY_AFTER = 1_000;
const RETRY_SPREAD = 2_000;

/** Milliseconds that a client has to read the last messages. */
const LONGEST_CLOSE = 2_000;

const EMPTY = Buffer.alloc(0);

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Nginx would collect events until a page of them is full.
  'x-accel-buffering': 'no',
};

/** The messages share a body; only one among many has a head of its own. */
const encode = (head: string, body: Buffer): Buffer =>
  head === '' ? body : Buffer.concat([Buffer.from(head), body]);

const answerOf = (result: FormattedExecutionResult): Answer => ({
  json: JSON.stringify(result),
  cursor: null,
});

const noLonger = (): DomainError =>
  new DomainError('FORBIDDEN', 'Your token is over, or was taken back. Come again with another one.');

/** What a client sends to begin an operation. */
export interface StreamedOperation {
  readonly request: GraphQLRequest;
  readonly facts: OperationFacts;
  /** Whether nothing may be changed. */
  readonly onlyReads: boolean;
  /** The cursor to go on from: newer than what the document says. */
  readonly after?: string | undefined;
}

/** A stream of server-sent events: open, or waiting for its reader. */
export interface EventStream {
  readonly connection: Connection;
  /** Nothing more begins. */
  readonly isEnding: boolean;
  /** Takes a place of its address and its user. @throws DomainError when there is none, or for a token that is not good. */
  admit(authorization: string | undefined): Promise<void>;
  /** Whether an operation of this name is under way. */
  has(name: string): boolean;
  /**
   * Begins an operation, whose answers go out in this voice.
   *
   * @returns its answer when the document was refused: nothing went out then.
   * @throws DomainError or GraphQLError when a subscription cannot begin, and for what may begin in a moment.
   */
  begin(
    name: string,
    voice: Voice,
    operation: StreamedOperation,
  ): Promise<FormattedExecutionResult | undefined>;
  /** Ends an operation without a word: it reads nothing more. */
  stop(name: string): void;
  /** Sends what there is to say to an operation that does not begin, and ends the stream. */
  refuse(voice: Voice, result: FormattedExecutionResult): void;
  /** The reader is there. */
  attach(reply: FastifyReply): void;
  ping(): void;
  /** Ends the stream without a last message, so that its client comes back: when its operations are answered, or the time is over. */
  finish(patience: number): Promise<void>;
  /** The reader is gone. */
  leave(): void;
}

interface Operation {
  readonly voice: Voice;
  readonly asking: Asking;
  /** Undefined for a query, a mutation, and what has not begun. */
  stream: Stream | undefined;
}

/**
 * @param address the client's network address.
 * @param isForOne whether the stream ends with its operation.
 * @param left called once when the stream is no more.
 */
export function createEventStream(
  options: TransportOptions,
  address: string,
  isForOne: boolean,
  left: () => void,
): EventStream {
  const { hub, limits, places } = options;
  const operations = new Map<string, Operation>();
  const leaving: (() => void)[] = [];
  let response: ServerResponse | undefined;
  let underWay = 0;
  let isEnding = false;
  let closing: NodeJS.Timeout | undefined;
  let isOver = false;

  const outbox = createOutbox(null, encode, () => cut());
  const connection = createConnection(address, () => revoke());
  const allowance = createAllowance(connection, limits);
  const expiry = createExpiry(() => revoke());

  const giveUpAll = (): void => {
    for (const { asking } of operations.values()) asking.giveUp();
    operations.clear();
  };

  const leave = (): void => {
    if (isOver) return;
    isOver = true;
    isEnding = true;
    outbox.close();
    clearTimeout(closing);
    expiry.stop();
    giveUpAll();
    hub.disconnect(connection);
    for (const giveBack of leaving) giveBack();
    left();
  };

  /** Hangs up: the client comes back with the last cursor that it has. */
  function cut(): void {
    if (response === undefined) leave();
    else response.destroy();
  }

  /** Ends when all that was said is read. */
  const end = (): void => {
    isEnding = true;
    giveUpAll();
    hub.disconnect(connection);
    outbox.end();
  };

  /** The same, but nobody is waited for long. */
  const endSoon = (): void => {
    end();
    closing ??= setTimeout(cut, LONGEST_CLOSE).unref();
  };

  const say = ({ head, bodyOf }: Voice, answer: Answer, latestFor: object | null = null): void =>
    outbox.send(head, bodyOf(answer), latestFor);

  const complete = (name: string, { voice }: Operation): void => {
    outbox.send(voice.complete, EMPTY);
    operations.delete(name);
    if (isForOne) end();
  };

  function revoke(): void {
    if (isEnding) return;
    const lost = answerOf({ errors: [presentFailure(noLonger())] });
    for (const { voice } of operations.values()) {
      say(voice, lost);
      outbox.send(voice.pause, EMPTY);
    }
    // A place that is kept for nobody any more is none.
    if (response === undefined && !isForOne) leave();
    else endSoon();
  }

  const open = async (name: string, operation: Operation, subscription: Parameters<typeof hub.open>[1]) => {
    allowance.checkSubscriptions();
    const { voice } = operation;
    const sink: Sink = {
      next: (answer, isLatest) => say(voice, answer, isLatest ? sink : null),
      caughtUp: () => outbox.caughtUp(),
      end(error) {
        if (error !== undefined) say(voice, answerOf({ errors: [error] }));
        complete(name, operation);
      },
    };
    const stream = await hub.open(connection, subscription, sink);
    operation.stream = stream;
    // Stopped meanwhile.
    if (operations.get(name) !== operation) hub.close(stream);
  };

  const run = async (
    name: string,
    operation: Operation,
    { request, facts, onlyReads, after }: StreamedOperation,
  ): Promise<FormattedExecutionResult | undefined> => {
    await hub.currentRights();
    // Whose right is over begins nothing.
    if (operations.get(name) !== operation) return undefined;
    const { asking } = operation;
    const outcome = await runOperation(options, request, { connection, asking, ...facts }, onlyReads);
    if (operations.get(name) !== operation) return undefined;
    if (outcome.kind === 'subscription') {
      await open(name, operation, { ...outcome.subscription, after });
      return undefined;
    }
    if (outcome.result.data === undefined) {
      const passing = passingRefusalIn(outcome.result);
      if (passing !== undefined) throw passing;
      operations.delete(name);
      return outcome.result;
    }
    say(operation.voice, answerOf(outcome.result));
    complete(name, operation);
    return undefined;
  };

  const whileUnderWay = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  };

  return {
    connection,
    get isEnding() {
      return isEnding;
    },
    admit: (authorization) =>
      whileUnderWay(async () => {
        const leaveAddress = places.ofAddress(address);
        if (leaveAddress === undefined) throw tooManyConnections();
        leaving.push(leaveAddress);
        await letIn(options, { connection, expiry, leaving, isGone: () => isOver }, authorization);
      }),
    has: (name) => operations.has(name),
    begin: (name, voice, streamed) =>
      whileUnderWay(async () => {
        if (isEnding) return undefined;
        allowance.checkPace();
        const operation: Operation = { voice, asking: createAsking(), stream: undefined };
        operations.set(name, operation);
        try {
          return await run(name, operation, streamed);
        } catch (error) {
          if (operations.get(name) === operation) operations.delete(name);
          throw error;
        }
      }),
    stop(name) {
      const operation = operations.get(name);
      operations.delete(name);
      operation?.asking.giveUp();
      if (operation?.stream !== undefined) hub.close(operation.stream);
    },
    refuse(voice, result) {
      if (isEnding) return;
      say(voice, answerOf(result));
      outbox.send(voice.complete, EMPTY);
      end();
    },
    attach(reply) {
      reply.hijack();
      response = reply.raw;
      if (isOver) return cut();
      // What cannot be sent any more was for somebody who is gone.
      response.on('error', () => undefined);
      response.writeHead(200, { ...reply.getHeaders(), ...HEADERS } as Record<string, string>);
      response.write(`retry: ${Math.round(RETRY_AFTER + Math.random() * RETRY_SPREAD)}\n\n`);
      outbox.connect(response);
      return undefined;
    },
    ping() {
      if (response?.writableNeedDrain === false && !isEnding) response.write(':\n\n');
    },
    async finish(patience) {
      await allAnswered(() => underWay > 0, patience);
      if (response === undefined || isOver) return leave();
      const closed = new Promise((resolve) => response?.once('close', resolve));
      endSoon();
      await closed;
    },
    leave,
  };
}
