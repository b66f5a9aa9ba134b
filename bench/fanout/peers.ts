/**
 * The two things to compare with, in a process of their own: stock graphql-ws, and the limit, a bare loop of `ws.send` with
 * one prebuilt string. Both stream the same answer to the same subscription; neither reads a database.
 */
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { PubSub } from 'graphql-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ServerReport } from '../kit/processes.js';
import type { EmitOrder } from './plan.js';

const typeDefs = `
  type Query { _: Boolean }
  type Subscription { commentsChanged(postId: ID!): CommentEvent! }
  type CommentEvent { cursor: String! type: String! occurredAt: String! commentId: ID! comment: Comment }
  type Comment { body: String! author: User createdAt: String! }
  type User { username: String! name: String! }
`;

const eventNow = (number: number) => ({
  cursor: '9rFi8eEbquPHmTTm6zuZqA',
  type: 'ADDED',
  occurredAt: new Date().toISOString(),
  commentId: 'BAGiBaA0PnVhhiiOTMmec9g',
  comment: {
    body: `What everybody is waiting for, number ${number}.`,
    createdAt: new Date().toISOString(),
    author: { username: 'somebody', name: 'Somebody' },
  },
});

const tell = (report: ServerReport): void => void process.send?.(report);

const server = createServer();
const sockets = new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false });
const [, , contender] = process.argv;
let emit: (number: number) => void;
if (contender === 'stock') {
  const eventEmitter = new EventEmitter().setMaxListeners(0);
  const pubsub = new PubSub({ eventEmitter });
  const schema = makeExecutableSchema({
    typeDefs,
    resolvers: {
      Subscription: { commentsChanged: { subscribe: () => pubsub.asyncIterableIterator('comments') } },
    },
  });
  useServer({ schema }, sockets);
  emit = (number) => void pubsub.publish('comments', { commentsChanged: eventNow(number) });
} else {
  const subscribers = new Set<WebSocket>();
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { type } = JSON.parse(String(data)) as { type: string };
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type === 'subscribe') subscribers.add(socket);
    });
    socket.on('close', () => subscribers.delete(socket));
  });
  emit = (number) => {
    const payload = { data: { commentsChanged: eventNow(number) } };
    const message = JSON.stringify({ id: '00000000-0000-4000-8000-000000000000', type: 'next', payload });
    for (const socket of subscribers) socket.send(message);
  };
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const obey = async (order: EmitOrder): Promise<void> => {
  for (let number = 0; number < order.events; number += 1) {
    emit(number);
    await turn();
  }
};
process.on('message', (order: EmitOrder) => void obey(order));
tell({
  type: 'ready',
  url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/graphql`,
});
