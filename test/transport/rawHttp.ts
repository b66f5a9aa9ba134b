import { connect, type Socket } from 'node:net';
import { vi } from 'vitest';

/** A connection that speaks no HTTP by itself. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that came until now. */
  heard(this: void): string;
  /** Resolves with all that came when the server has hung up. */
  closed(this: void): Promise<string>;
  /** Sends a piece every so many milliseconds, and goes on until the server hangs up. */
  trickle(this: void, piece: string, milliseconds: number): void;
}

/** Opens one to an instance. */
export async function openRaw({ endpoint }: { readonly endpoint: string }): Promise<RawConnection> {
  const { port, hostname } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  let heard = '';
  let isClosed = false;
  let trickling: NodeJS.Timeout | undefined;
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => (heard += String(chunk)));
  // Hung up on in the middle of a piece: what was to happen.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    clearInterval(trickling);
  });
  await new Promise<void>((resolve) => void socket.once('connect', resolve));
  return {
    socket,
    heard: () => heard,
    async closed() {
      await vi.waitUntil(() => isClosed, { timeout: 15_000, interval: 5 });
      return heard;
    },
    trickle(piece, milliseconds) {
      trickling = setInterval(() => socket.write(piece), milliseconds);
    },
  };
}

/** The head of an answer and its body. */
export function partsOf(answer: string): { readonly head: string; readonly body: string } {
  const end = answer.indexOf('\r\n\r\n');
  return { head: answer.slice(0, end), body: answer.slice(end + 4) };
}
