import { WebSocket } from 'ws';

/** An event as a reader got it. */
export interface Received {
  readonly cursor: string;
  readonly type: string;
  readonly commentId: string;
  /** Milliseconds since it was committed. */
  readonly delay: number;
}

/** A client as the guide wants it: whatever closes its stream, it goes on from its last cursor, at another instance. */
export interface Reader {
  readonly received: readonly Received[];
  /** The codes with which connections were closed that had been let in. */
  readonly closings: readonly number[];
  /** The codes of errors that ended its stream. */
  readonly errors: readonly string[];
  leave(): void;
}

/** What a reader reads, and from where. */
export interface ReaderOptions {
  readonly anyEndpoint: () => string;
  readonly postId: string;
  readonly after: string;
}

const SUBSCRIPTION = `subscription ($postId: ID!, $after: String) {
  commentsChanged(postId: $postId, after: $after) { cursor type occurredAt commentId comment { id bodyHtml } }
}`;

/** Milliseconds until a connection that says nothing is given up, and between two tries, at most. */
const LONGEST_WAIT = 3_000;
const PAUSE = 200;

interface Answer {
  readonly data: {
    readonly commentsChanged: {
      readonly cursor: string;
      readonly type: string;
      readonly occurredAt: string;
      readonly commentId: string;
    };
  };
}

interface Message {
  readonly type: string;
  readonly payload: unknown;
}

/** Begins to read. */
export function startReader({ anyEndpoint, postId, after }: ReaderOptions): Reader {
  const received: Received[] = [];
  const closings: number[] = [];
  const errors: string[] = [];
  let socket: WebSocket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hasLeft = false;

  const take = (answer: Answer): void => {
    const { cursor, type, occurredAt, commentId } = answer.data.commentsChanged;
    received.push({ cursor, type, commentId, delay: Date.now() - Date.parse(occurredAt) });
  };

  const connect = (): void => {
    const websocket = new WebSocket(anyEndpoint().replace('http', 'ws'), 'graphql-transport-ws', {
      handshakeTimeout: LONGEST_WAIT,
    });
    socket = websocket;
    let isIn = false;
    const patience = setTimeout(() => websocket.terminate(), LONGEST_WAIT);
    const say = (message: object): void => websocket.send(JSON.stringify(message));
    const hear: Record<string, (payload: unknown) => void> = {
      connection_ack() {
        isIn = true;
        clearTimeout(patience);
        const variables = { postId, after: received.at(-1)?.cursor ?? after };
        say({ type: 'subscribe', id: '1', payload: { query: SUBSCRIPTION, variables } });
      },
      next: (payload) => take(payload as Answer),
      error(payload) {
        errors.push(
          ...(payload as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code),
        );
        websocket.close(1000);
      },
      complete: () => websocket.close(1000),
      ping: () => say({ type: 'pong' }),
    };
    websocket.on('open', () => say({ type: 'connection_init' }));
    websocket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(String(data)) as Message;
      hear[type]?.(payload);
    });
    websocket.on('error', () => undefined);
    websocket.on('close', (code) => {
      clearTimeout(patience);
      if (hasLeft) return;
      if (isIn) closings.push(code);
      timer = setTimeout(connect, Math.random() * PAUSE);
    });
  };

  connect();
  return {
    received,
    closings,
    errors,
    leave() {
      hasLeft = true;
      clearTimeout(timer);
      socket?.terminate();
    },
  };
}
