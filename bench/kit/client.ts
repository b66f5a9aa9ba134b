/**
 * Clients before the product. Bare sockets, as the load shares its core with PostgreSQL: what an HTTP client takes there,
 * the product would be short of.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { quantile } from './statistics.js';

/** One connection that is kept alive. */
export interface Client {
  /** Sends a GraphQL request, and resolves with the answer: head and body. One at a time. */
  post(body: string, headers?: string): Promise<string>;
  close(): void;
}

/** Resolves when the answer on a socket is complete. */
function answered(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    let end = Infinity;
    const onData = (chunk: string): void => {
      answer += chunk;
      if (end === Infinity) {
        const head = answer.indexOf('\r\n\r\n');
        const length = /content-length: (\d+)/i.exec(answer)?.[1];
        if (head < 0 || length === undefined) return;
        end = head + 4 + Number(length);
      }
      if (answer.length < end) return;
      socket.off('data', onData).off('error', reject).off('close', hungUp);
      resolve(answer);
    };
    const hungUp = (): void => reject(new Error('The server hung up.'));
    socket.on('data', onData).on('error', reject).on('close', hungUp);
  });
}

export async function openClient(endpoint: string): Promise<Client> {
  const { hostname, port, pathname, host } = new URL(endpoint);
  const open = async (): Promise<Socket> => {
    const opened = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding('latin1');
    await once(opened, 'connect');
    return opened;
  };
  let socket = await open();
  return {
    async post(body, headers = '') {
      socket.write(
        `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`,
      );
      const answer = await answered(socket);
      // After so many requests the server wants a new connection.
      if (/\r\nconnection: close\r\n/i.test(answer)) socket = await open();
      return answer;
    },
    close: () => void socket.destroy(),
  };
}

/** What a crowd got done. */
export interface Result {
  /** How often. */
  readonly count: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Runs `clients` loops for a time. */
export async function race(
  clients: number,
  milliseconds: number,
  step: (client: number, turn: number) => Promise<void>,
): Promise<Result> {
  const times: number[] = [];
  const started = performance.now();
  const end = started + milliseconds;
  const run = async (client: number): Promise<void> => {
    for (let turn = 0; performance.now() < end; turn += 1) {
      const began = performance.now();
      await step(client, turn);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  const seconds = (performance.now() - started) / 1000;
  return {
    count: times.length,
    perSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
  };
}
