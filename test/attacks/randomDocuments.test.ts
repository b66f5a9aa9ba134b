import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ANONYMOUS } from '../../src/auth/viewer.js';
import { createDocumentGate } from '../../src/limits/documents.js';
import { createPersistedDocuments } from '../../src/limits/persistedDocuments.js';
import { payerOf } from '../../src/limits/throttle.js';
import { createExecution, type Execution } from '../../src/server/execution.js';
import { isErrorCode } from '../../src/lib/errors.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { type Live, startLive } from '../kit/live.js';
import { createUnthrottled } from '../kit/unthrottled.js';
import { type AnyRequest, anyRequest } from './anyDocument.js';

const DOCUMENTS = 10_000;

/**
 * Milliseconds of CPU that one document may take, which bounds how long it keeps everybody else waiting. Not the delay of the
 * event loop itself: what others on the machine take is not ours.
 */
const LONGEST_TURN = 200;

let database: TestDatabase;
let live: Live;
let execution: Execution;
const faults: unknown[] = [];

beforeAll(async () => {
  database = await createDemoDatabase();
  live = await startLive(database.url);
  execution = createExecution({
    schema: live.schema,
    gate: createDocumentGate({ schema: live.schema, introspection: true }),
    mostCost: 1_000,
    timeout: 30_000,
    throttle: createUnthrottled(),
    persisted: await createPersistedDocuments({ redis: undefined }),
    report: (fault) => void faults.push(fault),
  });
  await execution.start();
});
afterAll(async () => {
  await execution.stop();
  await live.stop();
  await database.drop();
});

/** What became of it: the code of its first error, or which kind of answer it got. Throws when the path does. */
async function send({ query, variables, operationName }: AnyRequest): Promise<string> {
  const payer = payerOf({ viewer: ANONYMOUS, apiTokenId: null, address: '' });
  const context = Object.assign(live.contextOf(ANONYMOUS), { payer });
  const outcome = await execution.run(
    { query, variables, ...(operationName !== undefined && { operationName }) },
    context,
  );
  if (outcome.kind === 'subscription') return 'SUBSCRIPTION';
  const codes = (outcome.result.errors ?? []).map(({ extensions }) => String(extensions?.['code']));
  const unknown = codes.find((code) => !isErrorCode(code) || code === 'INTERNAL_SERVER_ERROR');
  return unknown ?? codes[0] ?? 'ANSWERED';
}

/** Milliseconds of CPU since then. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test(
  '10,000 documents at random crash nothing, are no fault, and keep nobody waiting',
  { timeout: 240_000 },
  async () => {
    const requests = fc.sample(anyRequest(live.schema), DOCUMENTS);
    const outcomes = new Map<string, number>();
    const bad: unknown[] = [];
    const slow: unknown[] = [];
    const take = async (request: AnyRequest) => {
      const before = process.cpuUsage();
      const outcome = await send(request).catch((error: unknown) => `THROWN ${String(error)}`);
      return { outcome, cpu: cpuSince(before) };
    };
    for (const request of requests) {
      const { outcome, cpu } = await take(request);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (/THROWN|INTERNAL|UNAVAILABLE|undefined/.test(outcome)) bad.push({ outcome, ...request });
      if (cpu <= LONGEST_TURN) continue;
      // The garbage of all before it may have been collected then. As a text that nobody remembers, it takes as long again.
      const again = await take({ ...request, query: `${request.query}\n#` });
      if (again.cpu > LONGEST_TURN) slow.push({ cpu, again: again.cpu, ...request });
    }
    expect(bad.slice(0, 3)).toEqual([]);
    expect(slow.slice(0, 3)).toEqual([]);
    expect(faults).toEqual([]);
    // Some of them got as far as they can.
    for (const one of ['ANSWERED', 'SUBSCRIPTION', 'LIMIT_EXCEEDED'])
      expect(outcomes.get(one)).toBeGreaterThan(10);
  },
);
