import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page may open a connection: pages say where they come from, other clients don't.
 *
 * @param allowed origins beside our own.
 */
export function isOriginAllowed(
  { origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
