import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { compile } from '@fastify/proxy-addr';

/** What proxies use for ids, and nothing that a log or a header could trip over. */
const SANE = /^[\w.:/+=@-]{1,128}$/;

/**
 * Names requests: as the proxy in front named them, so that its log and ours speak of the same one, and anew for everybody
 * else. A client of its own could give all its requests one name, or somebody else's.
 *
 * @param trustedProxies addresses and ranges.
 */
export function createRequestIds(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = compile([...trustedProxies]);
  return ({ headers, socket }) => {
    const given = headers['x-request-id'];
    const isGood = typeof given === 'string' && SANE.test(given);
    return isGood && isTrusted(socket.remoteAddress ?? '', 0) ? given : randomUUID();
  };
}
