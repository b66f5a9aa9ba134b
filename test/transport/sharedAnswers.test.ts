import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { afterAll, describe, expect, it } from 'vitest';
import { ANONYMOUS } from '../../src/auth/viewer.js';
import { createAsking } from '../../src/lib/asking.js';
import { createThrottle } from '../../src/limits/throttle.js';
import type { RequestHead } from '../../src/server/answering.js';
import { createAnswers } from '../../src/server/answers.js';
import type { OperationContext } from '../../src/server/operationContext.js';
import { ALICE, TIERS } from '../limits/tiers.js';

const fail = (error: unknown): void => {
  throw error;
};
const throttle = createThrottle({
  redis: undefined,
  secret: 'unused without Redis',
  tiers: TIERS,
  report: fail,
});
afterAll(() => throttle.close());

const responseOf = (string: string): HTTPGraphQLResponse => ({
  headers: new HeaderMap([['content-type', 'application/json']]),
  body: { kind: 'complete', string },
});
const COST = ',"extensions":{"cost":{}}}';
const GOOD = responseOf(`{"data":{"here":true}${COST}`);
const BROKEN = responseOf(`{"errors":[{"message":"It fails."}],"data":null${COST}`);

const HEAD: RequestHead = {
  authorization: undefined,
  idempotencyKey: undefined,
  address: '192.0.2.1',
  requestId: 'of a test',
  transport: 'http',
  isCacheable: false,
  newest: false,
  asking: createAsking(),
};
const BODY = { query: '{ here }' };
const ASKED = { method: 'POST', search: '', body: BODY, headers: { 'content-length': '20' } };

/** Answers that are shared and never kept, before an execution that ends when it is told to. */
function createStage() {
  const executions: ((response: HTTPGraphQLResponse) => void)[] = [];
  const answers = createAnswers({ throttle, longestAge: 0, shares: true });
  const contextOf = (): Promise<OperationContext> =>
    Promise.resolve({
      requestId: HEAD.requestId,
      viewer: ANONYMOUS,
      effort: { statements: 0, posts: new Set<string>() },
      asked: { fields: undefined },
      idempotencyKey: undefined,
      payer: ALICE,
    });
  const http = (_: unknown, { notes }: OperationContext): Promise<HTTPGraphQLResponse> => {
    if (notes) Object.assign(notes, { type: 'query', requested: 1 });
    return new Promise((resolve) => executions.push(resolve));
  };
  const answer = answers.around({ http }, contextOf);
  const ask = async (asking = createAsking()) => String((await answer(ASKED, { ...HEAD, asking })).body);
  return { executions, ask };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('of those who ask the same, where no answer may be older than its question', () => {
  it('all who came while one was made get the next one together', async () => {
    const { executions, ask } = createStage();
    const first = ask();
    await settled();
    const others = [ask(), ask(), ask()];
    await settled();
    expect(executions).toHaveLength(1);
    executions[0]?.(GOOD);
    await first;
    await settled();
    expect(executions).toHaveLength(2);
    executions[1]?.(GOOD);
    expect(new Set((await Promise.all(others)).map((body) => body.slice(0, 21)))).toEqual(
      new Set(['{"data":{"here":true}']),
    );
    expect(executions).toHaveLength(2);
  });

  it('nobody waits any more when what was made is for nobody else', async () => {
    const { executions, ask } = createStage();
    const asked = [ask(), ask(), ask(), ask()];
    await settled();
    expect(executions).toHaveLength(1);
    executions[0]?.(BROKEN);
    await asked[0];
    await settled();
    expect(executions).toHaveLength(4);
    for (const execution of executions) execution(BROKEN);
    expect(new Set(await Promise.all(asked)).size).toBe(1);
  });

  it('one of the others makes it when whoever made it hangs up', async () => {
    const { executions, ask } = createStage();
    const leaving = createAsking();
    const first = ask(leaving);
    await settled();
    const others = [ask(), ask(), ask()];
    leaving.giveUp();
    executions[0]?.(BROKEN);
    await first;
    await settled();
    expect(executions).toHaveLength(2);
    executions[1]?.(GOOD);
    await Promise.all(others);
    expect(executions).toHaveLength(2);
  });
});
