/** The limit: the statements of the product by hand through postgres.js, and nothing else. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { race } from '../kit/client.js';
import { planOfProcess } from './plan.js';

const plan = planOfProcess();
const sql = postgres(plan.databaseUrl, { max: 10, onnotice: () => undefined });
// The parameters are as the product hands them to the driver: JSON is text already.
for (const type of [114, 3802]) sql.options.serializers[type] = (value: unknown) => value;
const { recorded } = plan;

const KINDS = ['LIKE', 'LOVE', 'LAUGH', 'SURPRISE', 'SAD', 'THANKS'];

const [first, ...rest] = plan.statements;
if (first === undefined) throw new Error('There are no statements.');

/** The parameters of a recorded statement for another viewer, post and comment. */
function own(parameters: readonly unknown[], replace: ReadonlyMap<string, string>): never[] {
  return parameters.map((parameter) => {
    if (typeof parameter === 'string') {
      let text = parameter;
      for (const [from, to] of replace) if (text.includes(from)) text = text.replaceAll(from, to);
      return text;
    }
    return Array.isArray(parameter) ? own(parameter, replace) : parameter;
  }) as never[];
}

const result = await race(plan.clients.length, plan.milliseconds, async (client, turn) => {
  const { userId, sessionId } = plan.clients[client] ?? { userId: '', sessionId: '' };
  const post = plan.posts[(client * 7 + turn) % plan.posts.length];
  const replace = new Map([
    [recorded.userId, userId],
    [recorded.sessionId, sessionId],
    [recorded.postId, post?.uuid ?? ''],
    ...(recorded.commentId === null
      ? [['SURPRISE', KINDS[Math.floor(turn / plan.posts.length) % KINDS.length] ?? ''] as const]
      : [[recorded.commentId, randomUUID()] as const]),
  ]);
  // The first tells who it is, before the transaction.
  await sql.unsafe(first.text, own(first.parameters, replace), { prepare: true });
  await sql.begin(async (tx) => {
    for (const { text, parameters } of rest) {
      await tx.unsafe(text, own(parameters, replace), { prepare: true });
    }
  });
});
await sql.end();
console.log(JSON.stringify(result));
