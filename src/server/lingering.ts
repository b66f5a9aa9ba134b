import type { IncomingMessage } from 'node:http';

/** Bytes that are read, and thrown away, of a body that was refused. */
const MOST = 16_000_000;

/** Milliseconds. */
const LONGEST = 2_000;

/**
 * Calls back when a request has been read to its end, or far enough. A server that hangs up on a client that is still
 * sending resets the connection, and the client loses the answer that says why.
 */
export function readRest(request: IncomingMessage, done: () => void): void {
  if (request.complete || request.destroyed) return done();
  let bytes = 0;
  const end = (): void => {
    clearTimeout(timer);
    request.off('data', count).off('close', end);
    done();
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > MOST) end();
  };
  const timer = setTimeout(end, LONGEST).unref();
  // Away from whatever unpacked it, which reads no further. `close` is emitted after the end as well.
  request.unpipe();
  request.on('data', count).on('close', end).resume();
}
