import type { Writable } from 'node:stream';

/** What a slow reader may leave unread in our memory, beside what its socket takes. */
const MOST_MESSAGES = 256;
const MOST_BYTES = 1_000_000;

/** From this much unread on, whoever has a choice waits. */
const BEHIND_MESSAGES = 32;
const BEHIND_BYTES = 125_000;

/** One message: a head of its own, and a body that others may share. */
interface Message {
  readonly head: string;
  readonly body: Buffer;
  /** Whom it is the latest value for; null: every message counts. */
  readonly latestFor: object | null;
}

/** What waits in all outboxes of this instance. */
export const waitingEverywhere = { messages: 0, bytes: 0 };

/** About so many bytes. */
const sizeOf = ({ head, body }: Message): number => head.length + body.length;

/** Sockets that collect what is written: it goes out at the end of this turn, several messages in one call to the kernel. */
const collecting = new Set<Writable>();
function sendCollected(): void {
  for (const socket of collecting) if (socket.writableCorked > 0) socket.uncork();
  collecting.clear();
}
function collect(socket: Writable): void {
  if (collecting.size === 0) setImmediate(sendCollected);
  collecting.add(socket);
  socket.cork();
}

/** What goes out to one reader, in order; bounded. */
export interface Outbox {
  /** @param latestFor a message for the same one that still waits is dropped. */
  send(head: string, body: Buffer, latestFor?: object | null): void;
  /** Resolves when most of what waited is read: the same promise until then. Undefined when little waits. */
  caughtUp(): Promise<void> | undefined;
  /** The reader is there: a socket for what waited so far. */
  connect(to: Writable): void;
  /** Nothing more is sent: the socket ends when what waits has gone out. */
  end(): void;
  /** Drops what waits, and whatever is still sent. */
  close(): void;
}

/**
 * @param socket null: its reader is not there yet, and as slow as can be.
 * @param encode makes one message into bytes: only when it goes to the socket, so that what waits is shared memory.
 * @param overflowed called once when the reader left too much unread; nothing goes out any more then.
 */
export function createOutbox(
  socket: Writable | null,
  encode: (head: string, body: Buffer) => Buffer,
  overflowed: () => void,
): Outbox {
  let waiting: Message[] = [];
  let bytes = 0;
  let isClosed = false;
  let isEnding = false;
  let isListening = false;
  /** What those wait for who wait for the reader. */
  let catchingUp: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  const count = (messages: number, size: number): void => {
    bytes += size;
    waitingEverywhere.messages += messages;
    waitingEverywhere.bytes += size;
  };

  const wake = (): void => {
    catchingUp?.resolve();
    catchingUp = undefined;
  };

  const waitForReader = (): Promise<void> => {
    if (catchingUp !== undefined) return catchingUp.promise;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((resolvePromise) => (resolve = resolvePromise));
    catchingUp = { promise, resolve };
    return promise;
  };

  const isBehind = (): boolean => waiting.length >= BEHIND_MESSAGES || bytes >= BEHIND_BYTES;

  /** Not whether it wants to be waited for: it does so even after the kernel took everything at once. */
  const isFree = (): boolean => socket !== null && socket.writableLength < socket.writableHighWaterMark;

  const write = (to: Writable, head: string, body: Buffer): void => {
    const frame = encode(head, body);
    // One that collected all it can would look like one that nobody reads.
    const isFull = to.writableLength + frame.length >= to.writableHighWaterMark;
    if (isFull && to.writableCorked > 0) to.uncork();
    if (to.writableCorked === 0 && frame.length < to.writableHighWaterMark) collect(to);
    to.write(frame);
  };

  const flush = (): void => {
    let sent = 0;
    for (; sent < waiting.length && isFree(); sent += 1) {
      const message = waiting[sent];
      if (message === undefined || socket === null) break;
      count(-1, -sizeOf(message));
      write(socket, message.head, message.body);
    }
    waiting = waiting.slice(sent);
    if (!isBehind()) wake();
    if (isEnding && waiting.length === 0) socket?.end();
  };

  const listen = (): void => {
    if (isListening || socket === null) return;
    isListening = true;
    socket.on('drain', flush);
  };

  const close = (): void => {
    isClosed = true;
    count(-waiting.length, -bytes);
    waiting = [];
    wake();
    if (isListening) socket?.off('drain', flush);
  };

  const queue = (message: Message): void => {
    listen();
    if (message.latestFor !== null) {
      const old = waiting.findIndex(({ latestFor }) => latestFor === message.latestFor);
      for (const dropped of old >= 0 ? waiting.splice(old, 1) : []) count(-1, -sizeOf(dropped));
    }
    waiting.push(message);
    count(1, sizeOf(message));
    // One message may have any size: it has been made already.
    const behindNext = bytes - (waiting[0] === undefined ? 0 : sizeOf(waiting[0]));
    if (waiting.length <= MOST_MESSAGES && behindNext <= MOST_BYTES) return;
    close();
    overflowed();
  };

  return {
    send(head, body, latestFor = null) {
      if (isClosed || isEnding) return;
      if (waiting.length === 0 && socket !== null && isFree()) write(socket, head, body);
      else queue({ head, body, latestFor });
    },
    caughtUp() {
      return isClosed || !isBehind() ? undefined : waitForReader();
    },
    connect(to) {
      if (isClosed) return;
      socket = to;
      listen();
      flush();
    },
    end() {
      if (isClosed || isEnding) return;
      isEnding = true;
      flush();
    },
    close,
  };
}
