/**
 * Readers of the feed page: each asks again when it is answered. Their connections stay open from one turn to the next. Says how
 * many answers there were.
 */
import { type Client, openClient, race, type Result } from '../kit/client.js';

/** What the coordinator asks for. */
export interface LoadOrder {
  readonly endpoint: string;
  readonly milliseconds: number;
}

/** What it answers. */
export type LoadReport = { readonly type: 'ready' } | { readonly type: 'done'; readonly result: Result };

const CLIENTS = 16;
const FEED = `query Feed {
  posts(first: 20) {
    nodes { id title slug summary publishedAt commentCount authors { name username }
      comments(first: 3) { nodes { id body createdAt author { name username } } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const body = JSON.stringify({ query: FEED });

const known = new Map<string, readonly Client[]>();
async function clientsOf(endpoint: string): Promise<readonly Client[]> {
  const clients =
    known.get(endpoint) ?? (await Promise.all(Array.from({ length: CLIENTS }, () => openClient(endpoint))));
  known.set(endpoint, clients);
  return clients;
}

const tell = (report: LoadReport): void => void process.send?.(report);

async function obey({ endpoint, milliseconds }: LoadOrder): Promise<void> {
  const clients = await clientsOf(endpoint);
  const result = await race(CLIENTS, milliseconds, async (client) => {
    const answer = await clients[client]?.post(body);
    if (!answer?.includes('"hasNextPage":true') || answer.includes('"errors"'))
      throw new Error(`Not the feed: ${answer}`);
  });
  tell({ type: 'done', result });
}

process.on('message', (order) => void obey(order as LoadOrder));
tell({ type: 'ready' });
