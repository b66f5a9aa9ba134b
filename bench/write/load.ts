/**
 * A crowd of clients before the product: each sends its next mutation when the last one is answered. Bare sockets, as
 * the load shares its core with PostgreSQL: what an HTTP client takes there, the product would be short of.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { planOfProcess, race } from './plan.js';

const plan = planOfProcess();
const { hostname, port, pathname, host } = new URL(plan.endpoint);

const DOCUMENTS = {
  addComment:
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id version } userErrors { code } } }',
  addReaction:
    'mutation ($input: ReactionInput!) { addReaction(input: $input) { reactions { kind count } userErrors { code } } }',
};

const KINDS = ['LIKE', 'LOVE', 'LAUGH', 'SURPRISE', 'SAD', 'THANKS'];

/** Resolves when the answer on a socket is complete. */
function answered(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const onData = (chunk: string): void => {
      answer += chunk;
      const head = answer.indexOf('\r\n\r\n');
      const length = /content-length: (\d+)/i.exec(answer)?.[1];
      if (head < 0 || length === undefined || answer.length < head + 4 + Number(length)) return;
      socket.off('data', onData).off('error', reject);
      resolve(answer);
    };
    socket.on('data', onData).on('error', reject);
  });
}

async function send(socket: Socket, token: string, input: object): Promise<void> {
  const body = JSON.stringify({ query: DOCUMENTS[plan.operation], variables: { input } });
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nauthorization: Bearer ${token}\r\n\r\n${body}`,
  );
  const answer = await answered(socket);
  if (!answer.includes('"userErrors":[]')) throw new Error(`Refused: ${answer}`);
}

const sockets = await Promise.all(
  plan.clients.map(async () => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding('latin1');
    await once(socket, 'connect');
    return socket;
  }),
);
const result = await race(plan.clients.length, plan.milliseconds, async (client, turn) => {
  const socket = sockets[client];
  if (socket === undefined) throw new Error('There is a socket for each client.');
  const post = plan.posts[(client * 7 + turn) % plan.posts.length];
  const input =
    plan.operation === 'addComment'
      ? { postId: post?.id, body: `A comment, the ${turn}th of client ${client}.` }
      : // Every reaction of a client is a new one: the coordinator gives enough posts.
        { subjectId: post?.id, kind: KINDS[Math.floor(turn / plan.posts.length) % KINDS.length] };
  await send(socket, plan.clients[client]?.token ?? '', input);
});
for (const socket of sockets) socket.destroy();
console.log(JSON.stringify(result));
