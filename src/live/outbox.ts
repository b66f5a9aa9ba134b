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

/** About so many bytes. */
const sizeOf = ({ head, body }: Message): number => head.length + body.length;

/** What goes out to one reader, in order; bounded. */
export interface Outbox {
  /** @param latestFor a message for the same one that still waits is dropped. */
  send(head: string, body: Buffer, latestFor?: object | null): void;
  /** Resolves when most of what waited is read; undefined when little waits. */
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
  const waiters: (() => void)[] = [];

  const wake = (): void => {
    for (const waiter of waiters.splice(0)) waiter();
  };

  const isBehind = (): boolean => waiting.length >= BEHIND_MESSAGES || bytes >= BEHIND_BYTES;

  const isFree = (): boolean => socket?.writableNeedDrain === false;

  const flush = (): void => {
    let sent = 0;
    for (; sent < waiting.length && isFree(); sent += 1) {
      const message = waiting[sent];
      if (message === undefined) break;
      bytes -= sizeOf(message);
      socket?.write(encode(message.head, message.body));
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
    waiting = [];
    bytes = 0;
    wake();
    if (isListening) socket?.off('drain', flush);
  };

  const queue = (message: Message): void => {
    listen();
    if (message.latestFor !== null) {
      const old = waiting.findIndex(({ latestFor }) => latestFor === message.latestFor);
      if (old >= 0) bytes -= waiting.splice(old, 1).reduce((sum, dropped) => sum + sizeOf(dropped), 0);
    }
    waiting.push(message);
    bytes += sizeOf(message);
    // One message may have any size: it has been made already.
    const behindNext = bytes - (waiting[0] === undefined ? 0 : sizeOf(waiting[0]));
    if (waiting.length <= MOST_MESSAGES && behindNext <= MOST_BYTES) return;
    close();
    overflowed();
  };

  return {
    send(head, body, latestFor = null) {
      if (isClosed || isEnding) return;
      if (waiting.length === 0 && isFree()) socket?.write(encode(head, body));
      else queue({ head, body, latestFor });
    },
    caughtUp() {
      if (isClosed || !isBehind()) return undefined;
      return new Promise((resolve) => waiters.push(resolve));
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
