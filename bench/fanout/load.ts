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
      /** On each socket; 1 unless said. */
      readonly subscriptions?: number;
    }
  /** Counts from now on, until so many messages came. */
  | { readonly type: 'expect'; readonly messages: number }
  /** Says what came so far. */
  | { readonly type: 'tell' }
  /** The socket that was opened last stops reading. */
  | { readonly type: 'stall' }
  | { readonly type: 'close' };

/** What it answers: `delays` are milliseconds from the commit to the receipt of one in fifty messages. */
export interface LoadReport {
  readonly type: 'opened' | 'expecting' | 'received' | 'stalled' | 'closed';
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

/** Opcodes of frames. */
const [TEXT, PING, PONG] = [1, 9, 10];

/** A client's frame; masked with zeros, which leaves the text as it is. */
function masked(text: string | Buffer, opcode = TEXT): Buffer {
  const body = Buffer.from(text);
  const opening = 0x80 | opcode;
  const head =
    body.length < 126
      ? Buffer.from([opening, 0x80 | body.length])
      : Buffer.from([opening, 0xfe, body.length >> 8, body.length & 255]);
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

/** Counts the messages of one socket, and answers its pings: whoever does not is taken for dead. */
function createCounter(socket: Socket, isSampled: boolean): (chunk: Buffer) => void {
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
      const opcode = (data[0] ?? 0) & 0x0f;
      if (opcode === TEXT) count(isSampled, () => frame.toString());
      if (opcode === PING) socket.write(masked(frame.subarray(start), PONG));
      data = data.subarray(start + length);
    }
    // Not the whole chunk: an idle socket would keep it.
    rest = data.length === 0 ? data : Buffer.from(data);
  };
}

async function open(url: URL, payload: object, subscriptions: number, isSampled: boolean): Promise<Socket> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await once(socket, 'connect');
  socket.write(
    `GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n` +
      `sec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.write(masked(JSON.stringify({ type: 'connection_init' })));
  await once(socket, 'data');
  socket.on('data', createCounter(socket, isSampled)).on('error', () => undefined);
  for (let begun = 0; begun < subscriptions; begun += 1) {
    socket.write(masked(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload })));
  }
  return socket;
}

async function obey(order: LoadOrder): Promise<void> {
  if (order.type === 'open') {
    const url = new URL(order.url);
    for (let opened = 0; opened < order.sockets; opened += 100) {
      const some = Array.from({ length: Math.min(100, order.sockets - opened) }, (_, n) => {
        const place = opened + n;
        return open(url, order.payload, order.subscriptions ?? 1, place % SAMPLE === 1);
      });
      sockets.push(...(await Promise.all(some)));
    }
    tell('opened');
  } else if (order.type === 'expect') {
    received = 0;
    delays = [];
    expected = order.messages;
    tell('expecting');
  } else if (order.type === 'tell') {
    tell('received');
  } else if (order.type === 'stall') {
    sockets.at(-1)?.pause();
    tell('stalled');
  } else {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    tell('closed');
  }
}

process.on('message', (order) => void obey(order as LoadOrder));
process.send?.({ type: 'ready' });
