import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** Seconds for which a browser that came by https comes by nothing else. */
const HTTPS_ONLY = 'max-age=31536000';

const say = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  // For what is loaded without asking, such as an image; pages of ALLOWED_ORIGINS ask.
  crossOriginResourcePolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  // Below: only who came by https, and this host only. What other hosts of the domain do is not ours to say.
  strictTransportSecurity: false,
  // Of plugins and browsers that are gone.
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  xDnsPrefetchControl: false,
});

/** What helmet says of an answer. It is the same of each: putting it together anew takes 1 % of a page of posts. */
function usualHeaders(): Readonly<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  say(request, response, (error) => {
    if (error !== undefined) throw error;
  });
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}

const USUAL = usualHeaders();
const OVER_HTTPS = { ...USUAL, 'strict-transport-security': HTTPS_ONLY };

/**
 * What browsers are told of every answer. It is JSON, and nothing of it is to be run, framed or embedded; GraphiQL alone has a
 * policy of its own (graphiql.ts).
 *
 * @param protocol `https`, also where a trusted proxy says so by X-Forwarded-Proto.
 */
export const securityHeaders = (protocol: string): Readonly<Record<string, string>> =>
  protocol === 'https' ? OVER_HTTPS : USUAL;
