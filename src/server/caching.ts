import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether everybody who sends this without credentials gets the same answer. */
export const isAnonymousGet = ({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean =>
  method === 'GET' && headers.authorization === undefined;

/** Whether the client takes nothing that was kept somewhere: `Cache-Control: no-cache` (RFC 9111, 5.2.1.4). */
export const wantsNewest = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers['cache-control']?.split(',').some((directive) => directive.trim().toLowerCase() === 'no-cache') ??
  false;

/** How an answer begins in which nothing went wrong, not even in a part of it: Apollo writes errors first. */
export const WHOLE = '{"data":';

const isWhole = (body: string | Buffer): boolean =>
  typeof body === 'string' ? body.startsWith(WHOLE) : body.toString('latin1', 0, WHOLE.length) === WHOLE;

/** For how long, in seconds, caches may answer in our stead, and then once more while they ask. */
const directivesFor = (seconds: number): string =>
  seconds === 0 ? 'public, no-cache' : `public, max-age=${seconds}, stale-while-revalidate=${seconds}`;

/** Whether the client has it already: `If-None-Match`, compared weakly (RFC 9110, 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '');
  return (ifNoneMatch ?? '').split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(etag));
}

/** Weak: it is one for all encodings of the text. */
const etagOf = (type: string, body: string | Buffer): string =>
  `W/"${createHash('sha256').update(type).update('\0').update(body).digest('base64url').slice(0, 22)}"`;

/** Adds to what CORS and compression say that the answer varies with. */
export function appendVary(reply: FastifyReply, name: string): void {
  const vary = reply.getHeader('vary');
  void reply.header('vary', vary === undefined ? name : `${String(vary)}, ${name}`);
}

/**
 * Sends an answer that has its status and type. Caches may keep what an anonymous viewer was answered to a GET, wholly and
 * without errors: everybody gets that, so a CDN may hand it on. Nothing else is ever cacheable.
 *
 * @param seconds for which they may.
 */
export function sendCacheable(
  request: FastifyRequest,
  reply: FastifyReply,
  body: string | Buffer,
  seconds: number,
): FastifyReply {
  // What is kept for nobody in particular is never the answer to somebody.
  if (request.method === 'GET') appendVary(reply, 'authorization, accept-encoding');
  if (!isAnonymousGet(request) || reply.statusCode !== 200 || !isWhole(body)) {
    // Apollo has its own idea of it for unknown persisted documents.
    return reply.header('cache-control', 'no-store').send(body);
  }
  const etag = etagOf(String(reply.getHeader('content-type')), body);
  void reply.headers({ etag, 'cache-control': directivesFor(seconds) });
  if (!isKnown(request.headers['if-none-match'], etag)) return reply.send(body);
  return reply.code(304).removeHeader('content-type').send();
}
