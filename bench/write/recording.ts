/** What the product sends to PostgreSQL. */
import { pino } from 'pino';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { nameOf } from '../../src/db/statement.js';
import type { Plan } from './plan.js';

type Statement = Plan['statements'][number];

/** Starts an instance in this process and hears its statements while something is asked of it. */
export async function withRecorder<Result>(
  environment: Readonly<Record<string, string>>,
  work: (endpoint: string, heard: Statement[]) => Promise<Result>,
): Promise<Result> {
  const heard: Statement[] = [];
  const app = createApp({
    config: readConfig(environment),
    logger: pino({ level: 'error' }),
    onStatement: (text, parameters) => {
      // Beside what is asked, the jobs of an instance run.
      if (!/^(?:posts\.untilDue|events\.beat|\w+\.forget\w*)$/.test(nameOf(text) ?? ''))
        heard.push({ text, parameters });
    },
  });
  const endpoint = await app.start();
  try {
    return await work(endpoint, heard);
  } finally {
    await app.drain();
  }
}

/** The statements of one mutation, as the product runs them, for one viewer and one post. */
export const record = (
  environment: Readonly<Record<string, string>>,
  client: Plan['clients'][number] | undefined,
  post: Plan['posts'][number] | undefined,
  operation: Plan['operation'],
): Promise<Pick<Plan, 'statements' | 'recorded'>> =>
  withRecorder(environment, async (endpoint, heard) => {
    const input =
      operation === 'addComment'
        ? '{ postId: $id, body: "A comment, to be recorded." }'
        : '{ subjectId: $id, kind: SURPRISE }';
    const selection = operation === 'addComment' ? 'comment { id version }' : 'reactions { kind count }';
    heard.length = 0;
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${client?.token ?? ''}` },
      body: JSON.stringify({
        query: `mutation ($id: ID!) { ${operation}(input: ${input}) { ${selection} userErrors { code } } }`,
        variables: { id: post?.id },
      }),
    });
    const answer = (await response.json()) as { data: { addComment?: { comment: { id: string } } } };
    const statements = [...heard];
    const id = answer.data.addComment?.comment.id;
    const hex = id === undefined ? '' : Buffer.from(id, 'base64url').toString('hex', 1);
    return {
      statements,
      recorded: {
        userId: client?.userId ?? '',
        sessionId: client?.sessionId ?? '',
        postId: post?.uuid ?? '',
        commentId:
          id === undefined ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
      },
    };
  });
