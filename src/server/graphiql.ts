import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphiQLOptions } from 'graphql-yoga';
import { appendVary, isKnown } from './caching.js';
import { GRAPHIQL_TABS } from './graphiqlTabs.js';

/** GraphiQL as one page that loads nothing from anywhere, compressed. */
interface GraphiqlPage {
  readonly gzipped: Buffer;
  readonly etag: string;
  readonly policy: string;
}

/**
 * Whatever a title or a pasted query holds, the page runs no script but its own and talks to this host only.
 *
 * @param scripts the hashes of the page's inline scripts.
 */
const policyFor = (scripts: readonly string[]): string =>
  [
    "default-src 'none'",
    "connect-src 'self'",
    `script-src ${scripts.map((hash) => `'${hash}'`).join(' ')}`,
    // The editor's language services are workers that the page makes of its own text.
    'worker-src blob:',
    // The editor makes style elements as it goes.
    "style-src 'unsafe-inline'",
    'font-src data:',
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const scriptHashes = (html: string): string[] =>
  [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    // A browser hashes what its parser made of the text: with line feeds only.
    ([, script = '']) =>
      `sha256-${createHash('sha256').update(script.replace(/\r\n?/g, '\n')).digest('base64')}`,
  );

/** A wave, in GraphiQL's pink. Inline: the page asks for nothing. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E" +
  "%3Cpath d='M2 20q7-14 14 0t14 0' fill='none' stroke='%23d60590' stroke-width='5' stroke-linecap='round'/%3E%3C/svg%3E";

/** `query` is read by the page but missing in its type. */
const OPTIONS: GraphiQLOptions & { readonly query: string | undefined } = {
  title: 'Tidings · GraphiQL',
  favicon: ICON,
  endpoint: '/graphql',
  subscriptionsProtocol: 'WS',
  defaultTabs: GRAPHIQL_TABS.map((query) => ({ query })),
  // Whoever comes back finds the tabs as they were. Without it GraphiQL adds an empty tab and shows that.
  query: GRAPHIQL_TABS[0],
  defaultEditorToolsVisibility: false,
  // A token pasted into the headers is gone when the page is closed.
  shouldPersistHeaders: false,
  headers: '{}',
};

async function renderPage(): Promise<GraphiqlPage> {
  const html = renderGraphiQL(OPTIONS);
  const gzipped = await promisify(gzip)(html);
  // Weak: it is one for all encodings of the page.
  const etag = `W/"${createHash('sha256').update(gzipped).digest('base64url').slice(0, 16)}"`;
  return { gzipped, etag, policy: policyFor(scriptHashes(html)) };
}

let rendered: Promise<GraphiqlPage> | undefined;

/** Renders and compresses once, when the first explorer comes: 9 MB of editor are not worth a slower start. */
export function graphiqlPage(): Promise<GraphiqlPage> {
  rendered ??= renderPage().catch((error: unknown) => {
    // The next explorer may have more luck.
    rendered = undefined;
    throw error;
  });
  return rendered;
}

/** What an Accept or Accept-Encoding header names, in lower case, with its weight: 0 (not at all) to 1 (RFC 9110, 12.4.2). */
function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const item of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    // What cannot be read is not asked for.
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)) || 0);
  }
  return weights;
}

/**
 * Whether a browser navigated here, rather than a client asked: it names HTML, and would rather have that than JSON.
 * Whoever names both alike is a client; whoever names HTML and takes "anything" as gladly is not.
 */
export function wantsGraphiql({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  const weights = weightsOf(headers.accept ?? '');
  const most = (...names: readonly string[]): number =>
    Math.max(...names.map((name) => weights.get(name) ?? 0));
  const html = most('text/html');
  return (
    method === 'GET' &&
    html > most('application/json', 'application/graphql-response+json') &&
    html >= most('application/*', '*/*')
  );
}

/** Answers with the page, or with "you have it". */
export async function sendGraphiql(
  request: FastifyRequest,
  reply: FastifyReply,
  { gzipped, etag, policy }: GraphiqlPage,
): Promise<FastifyReply> {
  // With "you have it", too: a browser takes the headers of that for the page.
  void reply.headers({ etag, 'cache-control': 'no-cache', 'content-security-policy': policy });
  appendVary(reply, 'accept-encoding');
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  void reply.type('text/html; charset=utf-8');
  // Every browser takes gzip; this is for whoever looks at the page with curl.
  const encodings = weightsOf(request.headers['accept-encoding']?.toString() ?? '');
  const takesGzip = (encodings.get('gzip') ?? encodings.get('*') ?? 0) > 0;
  if (!takesGzip) return reply.send(await promisify(gunzip)(gzipped));
  return reply.header('content-encoding', 'gzip').send(gzipped);
}
