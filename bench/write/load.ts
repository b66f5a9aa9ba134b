/** A crowd of clients before the product: each sends its next mutation when the last one is answered. */
import { openClient, race } from '../kit/client.js';
import { planOfProcess } from './plan.js';

const plan = planOfProcess();

const DOCUMENTS = {
  addComment:
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id version } userErrors { code } } }',
  addReaction:
    'mutation ($input: ReactionInput!) { addReaction(input: $input) { reactions { kind count } userErrors { code } } }',
};

const KINDS = ['LIKE', 'LOVE', 'LAUGH', 'SURPRISE', 'SAD', 'THANKS'];

const clients = await Promise.all(plan.clients.map(() => openClient(plan.endpoint)));
const result = await race(plan.clients.length, plan.milliseconds, async (client, turn) => {
  const post = plan.posts[(client * 7 + turn) % plan.posts.length];
  const input =
    plan.operation === 'addComment'
      ? { postId: post?.id, body: `A comment, the ${turn}th of client ${client}.` }
      : // Every reaction of a client is a new one: the coordinator gives enough posts.
        { subjectId: post?.id, kind: KINDS[Math.floor(turn / plan.posts.length) % KINDS.length] };
  const body = JSON.stringify({ query: DOCUMENTS[plan.operation], variables: { input } });
  const token = plan.clients[client]?.token ?? '';
  const answer = await clients[client]?.post(body, `authorization: Bearer ${token}\r\n`);
  if (!answer?.includes('"userErrors":[]')) throw new Error(`Refused: ${answer}`);
});
for (const client of clients) client.close();
console.log(JSON.stringify(result));
