/** A crowd of clients before the product: each sends its next mutation when the last one is answered. */
import { Agent, request } from 'node:http';
import { planOfProcess, race } from './plan.js';

const plan = planOfProcess();
const agent = new Agent({ keepAlive: true, maxSockets: plan.clients.length });

const DOCUMENTS = {
  addComment:
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id version } userErrors { code } } }',
  addReaction:
    'mutation ($input: ReactionInput!) { addReaction(input: $input) { reactions { kind count } userErrors { code } } }',
};

const KINDS = ['LIKE', 'LOVE', 'LAUGH', 'SURPRISE', 'SAD', 'THANKS'];

function send(token: string, input: object): Promise<void> {
  const body = JSON.stringify({ query: DOCUMENTS[plan.operation], variables: { input } });
  return new Promise((resolve, reject) => {
    const sent = request(
      plan.endpoint,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${token}`,
        },
      },
      (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (answer += chunk));
        response.on('end', () =>
          answer.includes('"userErrors":[]') ? resolve() : reject(new Error(`Refused: ${answer}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const result = await race(plan.clients.length, plan.milliseconds, (client, turn) => {
  const post = plan.posts[(client * 7 + turn) % plan.posts.length];
  const input =
    plan.operation === 'addComment'
      ? { postId: post?.id, body: `A comment, the ${turn}th of client ${client}.` }
      : // Every reaction of a client is a new one: the coordinator gives enough posts.
        { subjectId: post?.id, kind: KINDS[Math.floor(turn / plan.posts.length) % KINDS.length] };
  return send(plan.clients[client]?.token ?? '', input);
});
console.log(JSON.stringify(result));
process.exit(0);
