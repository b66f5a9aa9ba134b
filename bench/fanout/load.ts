/**
 * A crowd of subscribers on bare sockets: it counts frames and reads as few of them as it can, so that the server has the
 * rest of the machine. Told what to do by the coordinator over IPC.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What the coordinator asks for. */
export type LoadOrder =
  | {
      readonly type: 'open';
      readonly url: string;
      readonly sockets: number;
      readonly payload: object;
      readonly tokens?: readonly string[];
    }
  /** Counts from now on, until so many messages came. */
  | { readonly type: 'expect'; readonly messages: number }
  /** The first of the sockets stops reading. */
  | { readonly type: 'stall' }
  | { readonly type: 'close' };

/** What it answers: `delays` are milliseconds from the commit to the receipt of one in fifty messages. */
export interface LoadReport {
  readonly type: 'opened' | 'received' | 'stalled' | 'closed';
  readonly at: number;
  /** When the first of the messages came that are counted. */
  readonly first: number;
  readonly delays: readonly number[];
}

const SAMPLE = 50;

let received = 0;
let expected = Infinity;
let first = 0;
let delays: number[] = [];
let sockets: Socket[] = [];

const tell = (type: LoadReport['type']): void => {
  process.send?.({ type, at: Date.now(), first, delays } satisfies LoadReport);
};

/** A client's frame; masked with zeros, which leaves the text as it is. */
function masked(text: string): Buffer {
  const body = Buffer.from(text);
  const head =
    body.length < 126
      ? Buffer.from([0x81, 0x80 | body.length])
      : Buffer.from([0x81, 0xfe, body.length >> 8, body.length & 255]);
  return Buffer.concat([head, Buffer.alloc(4), body]);
}

function count(isSampled: boolean, text: () => string): void {
  received += 1;
  if (received === 1) first = Date.now();
  if (isSampled) {
    const at = /"occurredAt":"([^"]+)"/.exec(text())?.[1];
    if (at !== undefined) delays.push(Date.now() - Date.parse(at));
  }
  if (received === expected) tell('received');
}

/** Counts the frames of one socket. */
function createCounter(isSampled: boolean): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const short = data.length < 2 ? undefined : (data[1] ?? 0) & 0x7f;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (short === undefined || data.length < start) break;
      const length =
        short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
      if (data.length < start + length) break;
      const frame = data.subarray(start, start + length);
      if (((data[0] ?? 0) & 0x0f) === 1) count(isSampled, () => frame.toString());
      data = data.subarray(start + length);
    }
    // Not the whole chunk: an idle socket would keep it.
    rest = data.length === 0 ? data : Buffer.from(data);
  };
}

async function open(
  url: URL,
  payload: object,
  token: string | undefined,
  isSampled: boolean,
): Promise<Socket> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await once(socket, 'connect');
  socket.write(
    `GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n` +
      `sec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
  );
  await once(socket, 'data');
  const init = token === undefined ? {} : { payload: { accessToken: token } };
  socket.write(masked(JSON.stringify({ type: 'connection_init', ...init })));
  await once(socket, 'data');
  socket.on('data', createCounter(isSampled)).on('error', () => undefined);
  socket.write(masked(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload })));
  return socket;
}

async function obey(order: LoadOrder): Promise<void> {
  if (order.type === 'open') {
    const url = new URL(order.url);
    for (let opened = 0; opened < order.sockets; opened += 100) {
      const some = Array.from({ length: Math.min(100, order.sockets - opened) }, (_, n) => {
        const place = opened + n;
        return open(url, order.payload, order.tokens?.[place % order.tokens.length], place % SAMPLE === 1);
      });
      // oxlint-disable-next-line no-await-in-loop -- a hundred at a time
      sockets.push(...(await Promise.all(some)));
    }
    tell('opened');
  } else if (order.type === 'expect') {
    received = 0;
    delays = [];
    expected = order.messages;
  } else if (order.type === 'stall') {
    sockets[0]?.pause();
    tell('stalled');
  } else {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    tell('closed');
  }
}

process.on('message', (order) => void obey(order as LoadOrder));
process.send?.({ type: 'ready' });
