/** Readers of the feed page: each asks again when it is answered. Says how many answers there were. */
import { openClient, race, type Result } from '../kit/client.js';

const CLIENTS = 16;
const FEED = `query Feed {
  posts(first: 20) {
    nodes { id title slug summary publishedAt commentCount authors { name username }
      comments(first: 3) { nodes { id body createdAt author { name username } } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const [, , endpoint = '', milliseconds = ''] = process.argv;
const clients = await Promise.all(Array.from({ length: CLIENTS }, () => openClient(endpoint)));
const body = JSON.stringify({ query: FEED });
const result: Result = await race(CLIENTS, Number(milliseconds), async (client) => {
  const answer = await clients[client]?.post(body);
  if (!answer?.includes('"hasNextPage":true') || answer.includes('"errors"'))
    throw new Error(`Not the feed: ${answer}`);
});
for (const client of clients) client.close();
process.send?.({ type: 'done', result });
process.disconnect();
