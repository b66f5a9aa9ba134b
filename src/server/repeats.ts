import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import clientAddress, { compile } from '@fastify/proxy-addr';
import { LRUCache } from 'lru-cache';
import { DECISIVE } from './answering.js';
import { type Answers, LONGEST_REQUEST } from './answers.js';
import { createRequestIds } from './requestIds.js';

/** Bytes of requests that are known, about, and what each takes beside its text. */
const MOST_BYTES = 16_000_000;
const BYTES_BESIDE = 2_000;

/** Headers of requests that go the usual way. */
const UNUSUAL = [
  'authorization',
  'cache-control',
  'content-encoding',
  'expect',
  'transfer-encoding',
  'x-no-compression',
] as const;

/** Headers of an answer that are said anew each time. */
const EACH_TIME =
  /^(?:connection|content-encoding|content-length|date|keep-alive|ratelimit.*|transfer-encoding|x-request-id)$/i;

/** Whether `Accept-Encoding` names gzip, whatever else, and not to refuse it. */
const takesGzip = (encodings: string): boolean =>
  encodings.split(',').some((one) => {
    const [name = '', weight = 'q=1'] = one.split(';');
    return name.trim().toLowerCase() === 'gzip' && Number(weight.trim().slice(2)) > 0;
  });

/** A request that was answered with what is kept. */
interface Known {
  /** By which it is kept. */
  readonly key: string;
  /** Names and values in turn. */
  readonly head: readonly string[];
  /** Whether its body is packed with gzip. */
  readonly isPacked: boolean;
}

/** A request that was read before anybody else looked at it. */
interface Read {
  readonly body: Buffer;
  /** Names it by all that decides how it is answered. */
  readonly name: string;
  /** Whether its answer is to be packed. */
  readonly isPacked: boolean;
  /** By which its answer is kept. */
  key?: string;
}

export interface RepeatsOptions {
  readonly repeat: Answers['repeat'];
  /** Addresses and ranges of reverse proxies, whose X-Forwarded-For names the client. */
  readonly trustedProxies: readonly string[];
  /** Origins whose pages may read answers; all others get what everybody gets. */
  readonly allowedOrigins: readonly string[];
  /** Bytes. */
  readonly maxBodyBytes: number;
  /** Whether somebody else decides for the moment what becomes of requests. */
  readonly isBusy: () => boolean;
}

/** Answers again what was asked before, in the same words, before anything is made for it. */
export interface Repeats {
  /** Stands before whoever answers the rest. */
  around(this: void, handle: RequestListener): RequestListener;
  /** The body of a request, where it has been read already. */
  bodyOf(this: void, request: IncomingMessage): Readable | undefined;
  /** The answer to a request is kept by this key. */
  found(this: void, request: IncomingMessage, key: string): void;
  /** The answer that was found is sent. @param headers to this client. */
  note(this: void, request: IncomingMessage, headers: NodeJS.Dict<unknown>): void;
}

/** @see Repeats */
export function createRepeats({
  repeat,
  trustedProxies,
  allowedOrigins,
  maxBodyBytes,
  isBusy,
}: RepeatsOptions): Repeats {
  const isTrusted = compile([...trustedProxies]);
  const requestIdOf = createRequestIds(trustedProxies);
  const origins = new Set<string | undefined>(allowedOrigins);
  const longest = Math.min(LONGEST_REQUEST, maxBodyBytes);
  const known = new LRUCache<string, Known>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ key }, name) => 2 * key.length + name.length + BYTES_BESIDE,
  });
  const read = new WeakMap<IncomingMessage, Read>();

  /** Whether it looks like what somebody else may have asked. */
  const isUsual = ({ method, url, headers }: IncomingMessage): boolean => {
    if (method !== 'POST' || url !== '/graphql') return false;
    for (const name of UNUSUAL) if (headers[name] !== undefined) return false;
    return Number(headers['content-length']) <= longest;
  };

  /** Whether an answer to it is packed; undefined: with something else. */
  const wantsPacked = ({ headers }: IncomingMessage): boolean | undefined => {
    const encodings = headers['accept-encoding'];
    if (encodings === undefined || encodings === 'identity') return false;
    return (typeof encodings === 'string' && takesGzip(encodings)) || undefined;
  };

  /** By all that decides how it is answered. */
  const nameOf = ({ headers, socket }: IncomingMessage, isPacked: boolean, body: Buffer): string => {
    const protocol = isTrusted(socket.remoteAddress ?? '', 0) ? String(headers['x-forwarded-proto']) : '';
    const origin = origins.has(headers.origin) ? headers.origin : '';
    let name = `${isPacked} ${protocol}\n${origin}`;
    // One that is empty is not the same as none.
    for (const header of DECISIVE)
      name += headers[header] === undefined ? '\n' : `\n=${String(headers[header])}`;
    // As bytes: what these mean is not asked here.
    return `${name}\n${body.toString('latin1')}`;
  };

  /** @returns whether it is answered. */
  const answer = (request: IncomingMessage, response: ServerResponse, it: Known): boolean => {
    const requestId = requestIdOf(request);
    const repeated = repeat(it.key, { address: clientAddress(request, isTrusted), requestId }, it.isPacked);
    if (repeated === undefined) return false;
    const { text, extensions, rateLimits } = repeated;
    const head = [...it.head, 'x-request-id', requestId];
    for (const [header, value] of rateLimits) head.push(header, value);
    head.push('content-length', String(text.length + extensions.length));
    response.writeHead(200, head);
    // Node sends both at once, and copies neither.
    response.write(text);
    response.end(extensions);
    return true;
  };

  return {
    around: (handle) => (request, response) => {
      const isPacked = isUsual(request) && !isBusy() ? wantsPacked(request) : undefined;
      if (isPacked === undefined) {
        handle(request, response);
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const [first] = chunks;
        const body = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
        const name = nameOf(request, isPacked, body);
        const it = known.get(name);
        try {
          if (it !== undefined && answer(request, response, it)) return;
        } catch (error) {
          // The usual way meets it as well, and says so. An answer that was begun cannot be taken back.
          if (response.headersSent) {
            response.destroy(error as Error);
            return;
          }
        }
        read.set(request, { body, name, isPacked });
        handle(request, response);
      });
    },
    bodyOf(request) {
      const it = read.get(request);
      return it && Readable.from([it.body], { objectMode: false });
    },
    found(request, key) {
      const it = read.get(request);
      if (it !== undefined) it.key = key;
    },
    note(request, headers) {
      const { name, key, isPacked = false } = read.get(request) ?? {};
      // What is too short is packed for nobody.
      if (name === undefined || key === undefined || isPacked === (headers['content-encoding'] === undefined))
        return;
      const head = Object.entries(headers).flatMap(([header, value]) =>
        EACH_TIME.test(header) ? [] : [header, String(value)],
      );
      // Whatever it was packed with the first time.
      if (isPacked) head.push('content-encoding', 'gzip');
      known.set(name, { key, head, isPacked });
    },
  };
}
