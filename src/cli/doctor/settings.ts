import ipaddr from 'ipaddr.js';
import type { Config } from '../../config.js';
import { type Finding, ok, problem, warning } from './findings.js';

const MAKE_ONE = 'make one with `openssl rand -base64 48`, the same for all instances';

/** What examples and hurried people write. */
const COMMON = /secret|passw|change|example|default|tidings|qwert|12345|abcde/i;

/** A piece that is repeated to the end. */
const REPEATED = /^(.{1,16}?)\1+.{0,15}$/s;

/** Different characters of 32 random ones, at least: of hexadecimal digits all but never fewer. */
const DIFFERENT = 9;

/** Whether somebody made it up: what is random has none of this. */
const isGuessable = (secret: string): boolean =>
  COMMON.test(secret) || REPEATED.test(secret) || new Set(secret).size < DIFFERENT;

/** The secret before this one: it is believed as long as it is given. */
function checkPreviousSecret({ authSecret, previousAuthSecret, production }: Config): readonly Finding[] {
  if (previousAuthSecret === undefined) return [];
  if (previousAuthSecret === authSecret) {
    return [
      warning(
        'secret.previous',
        'AUTH_SECRET_PREVIOUS is the same as AUTH_SECRET',
        'set it to the one before, or to nothing',
      ),
    ];
  }
  return isGuessable(previousAuthSecret)
    ? [
        (production ? problem : warning)(
          'secret.previous',
          'AUTH_SECRET_PREVIOUS can be guessed, and is believed: whoever has it can be anybody',
          'set it to nothing: clients refresh their tokens, and begin anew where they had cursors',
        ),
      ]
    : [ok('secret.previous', 'AUTH_SECRET_PREVIOUS is given: take it out 30 days after the change')];
}

/** The secrets. Nothing of them is said. */
export function checkSecret(config: Config): readonly Finding[] {
  const { authSecret, production, dataDir } = config;
  const previous = checkPreviousSecret(config);
  if (authSecret === undefined) {
    return [ok('secret', `AUTH_SECRET is made and kept in ${dataDir}`), ...previous];
  }
  const guessable = 'AUTH_SECRET can be guessed: it looks made up, and whoever has it can be anybody';
  if (!isGuessable(authSecret)) return [ok('secret', 'AUTH_SECRET is given'), ...previous];
  return [(production ? problem : warning)('secret', guessable, MAKE_ONE), ...previous];
}

/** Whether a range is so wide that strangers are in it. */
function isTooWide(network: string): boolean {
  if (!ipaddr.isValidCIDR(network)) return false;
  const [address, bits] = ipaddr.parseCIDR(network);
  // Only 10.0.0.0/8 and the like are as wide and nobody's.
  return address.kind() === 'ipv4' ? bits < 8 : bits < 7;
}

/** What listens there is reached from this machine only. */
export const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Who is believed about where a client comes from. */
export function checkProxies({ trustedProxies, production, host }: Config): Finding {
  const wide = trustedProxies.find(isTooWide);
  if (wide !== undefined) {
    return problem(
      'proxies',
      `TRUSTED_PROXIES believes everybody in ${wide}: any client can name any address as its own, and so has no limits`,
      'name the addresses of your proxies only',
    );
  }
  if (trustedProxies.length > 0) return ok('proxies', `TRUSTED_PROXIES: ${trustedProxies.join(', ')}`);
  if (!production) return ok('proxies', 'no TRUSTED_PROXIES: clients connect directly');
  return LOOPBACK.has(host)
    ? problem(
        'proxies',
        `only this machine reaches HOST ${host}, so a proxy is in between, and none is trusted: all clients look like one, which no limit counts`,
        'set TRUSTED_PROXIES to the address of the proxy, such as 127.0.0.1,::1',
      )
    : warning(
        'proxies',
        'no TRUSTED_PROXIES: behind a proxy all clients look like one, and share its limits',
        'set it to the addresses of the proxy, unless clients connect directly',
      );
}

const isLocal = (origin: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(origin).hostname);

/** Whose pages may call. */
export function checkOrigins({ allowedOrigins, production }: Config): Finding {
  const local = allowedOrigins.filter(isLocal);
  const open = allowedOrigins.filter((origin) => origin.startsWith('http:') && !isLocal(origin));
  if (production && local.length > 0) {
    return warning(
      'origins',
      `ALLOWED_ORIGINS has ${local.join(', ')}: any program on a reader's machine may call in their name`,
      'leave it out in production',
    );
  }
  if (production && open.length > 0) {
    return warning(
      'origins',
      `ALLOWED_ORIGINS has ${open.join(', ')}: whoever is on the way can put words into such a page`,
      'serve it over https',
    );
  }
  return allowedOrigins.length > 0
    ? ok('origins', `ALLOWED_ORIGINS: ${allowedOrigins.join(', ')}`)
    : ok('origins', 'no ALLOWED_ORIGINS: only pages of our own origin may call');
}

/** What explains the API to strangers. */
export function checkOpenness({ production, graphiql, introspection }: Config): readonly Finding[] {
  const shown = [graphiql && 'TIDINGS_GRAPHIQL', introspection && 'TIDINGS_INTROSPECTION'].filter(Boolean);
  if (!production || shown.length === 0) return [];
  return [
    warning(
      'openness',
      `${shown.join(' and ')} in production: everybody can look at the whole schema`,
      'leave it out unless that is wanted',
    ),
  ];
}
