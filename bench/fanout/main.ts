/**
 * Fan-out: how many answers a second one instance delivers to its sockets, beside stock graphql-ws and beside a bare loop
 * of `ws.send` with one prebuilt string, which is the limit. Server and load have a core each. All contenders in turn,
 * medians of several rounds; then the time from commit to socket, the memory of idle subscribers, and a reader that
 * stalls.
 *
 *     npm run bench -- fanout [rounds]
 *
 * Needs `redis-server` for the way over two instances. Uses DATABASE_URL, which gets rows; without it an embedded server
 * in a temporary folder.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createRedisBus } from '../../src/events/bus.js';
import { openPlace } from '../kit/place.js';
import { ask, end, mostHeld, startProduct, startRedis, startServer } from '../kit/processes.js';
import { median, quantile } from '../kit/statistics.js';
import { startCrowd } from './crowd.js';
import type { EmitOrder } from './plan.js';
import { comment, prepare, writeAtOnce } from './writing.js';

const rounds = Number(process.argv[2] ?? 3);
/** Only the races, only with so many sockets: for a quick look. */
const only = process.argv[3] === undefined ? undefined : Number(process.argv[3]);
const SILENT = { warn: () => undefined, info: () => undefined };
/** Sockets, and the events that each of them gets in a round. */
const SIZES = [
  { sockets: 1_000, events: 200 },
  { sockets: 5_000, events: 40 },
];

/** Readers of the events that come at a steady pace, and subscriptions of the one among them that stalls. */
const READERS = 500;
const STALLED = 50;

const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(1);
const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
const { databaseUrl, secret, environment, close } = await openPlace();
const crowd = await startCrowd();

/** Deliveries a second, from the first that came to the last. */
async function race(messages: number, emit: () => Promise<void>): Promise<number> {
  const { first, at } = await crowd.hear(messages, emit);
  return (messages * 1_000) / (at - first);
}

/** What is written at a steady pace. */
interface Pace {
  readonly postId: string;
  readonly token: string;
  readonly body: string;
}
const EVENTS_PER_SECOND = 20;
const PACED_EVENTS = 200;

/** Events at a steady pace, and the delays from commit to receipt. */
async function pace(url: string, { token, postId, body }: Pace): Promise<readonly number[]> {
  const { delays } = await crowd.hear(READERS * PACED_EVENTS, async () => {
    const writes: Promise<void>[] = [];
    for (let event = 0; event < PACED_EVENTS; event += 1) {
      writes.push(comment(url, token, postId, `${body} ${event}.`));
      await delay(1_000 / EVENTS_PER_SECOND);
    }
    await Promise.all(writes);
  });
  return delays;
}

type Contender = 'limit' | 'stock' | 'ours' | 'ours, over Redis';

try {
  const { token, userId, postUuid, postId } = await prepare(databaseUrl, secret);
  const redis = await startRedis();
  const rates = new Map<string, number[]>();
  const contenders: readonly Contender[] = ['limit', 'stock', 'ours', 'ours, over Redis'];

  const run = async (contender: Contender, sockets: number, events: number): Promise<number> => {
    if (contender === 'limit' || contender === 'stock') {
      const { child, url } = await startServer('fanout/peers.ts', {}, contender);
      await crowd.open(url, sockets, postId);
      const rate = await race(sockets * events, async () => {
        child.send({ type: 'emit', events } satisfies EmitOrder);
      });
      await crowd.close();
      await end(child);
      return rate;
    }
    const env = contender === 'ours' ? environment : { ...environment, REDIS_URL: redis.url };
    const { child, url } = await startProduct(env);
    const bus =
      contender === 'ours' ? undefined : await createRedisBus({ url: redis.url, secret, log: SILENT });
    await crowd.open(url, sockets, postId);
    const rate = await race(sockets * events, () => writeAtOnce(databaseUrl, postUuid, userId, events, bus));
    await crowd.close();
    await end(child);
    await bus?.close();
    return rate;
  };

  for (const { sockets, events } of SIZES.filter((size) => only === undefined || size.sockets === only)) {
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of contenders) {
        const key = `${sockets} ${contender}`;
        rates.set(key, [...(rates.get(key) ?? []), await run(contender, sockets, events)]);
      }
    }
    const limit = median(rates.get(`${sockets} limit`) ?? []);
    const stock = median(rates.get(`${sockets} stock`) ?? []);
    for (const contender of contenders) {
      const all = rates.get(`${sockets} ${contender}`) ?? [];
      const rate = median(all);
      console.log(
        `${sockets} sockets  ${contender.padEnd(18)} ${rate.toFixed(0).padStart(8)} deliveries/s   ` +
          `${(rate / limit).toFixed(2)} of the limit   ${(rate / stock).toFixed(1)} x stock   (${all.map((one) => one.toFixed(0)).join(', ')})`,
      );
    }
  }

  const { child, url } = await startProduct(environment);
  await crowd.open(url, READERS, postId);
  const calm = { token, postId, body: 'What everybody is waiting for, number' };
  const delays = await pace(url, calm);
  console.log(
    `${READERS} sockets, ${EVENTS_PER_SECOND} events/s: commit to socket p50 ${quantile(delays, 0.5)} ms, p99 ${quantile(delays, 0.99)} ms (target 150)`,
  );

  // One more, with 50 subscriptions, so that what the kernel takes for it is soon full, stops reading.
  const heavy = { ...calm, body: 'Words without end. '.repeat(100) };
  const paced = () => pace(url, heavy);
  const stall = async (): Promise<void> => {
    await crowd.open(url, 1, postId, STALLED);
    await crowd.stall();
  };
  const p99 = { all: [] as number[], others: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    p99.all.push(quantile(await paced(), 0.99));
    await stall();
    p99.others.push(quantile(await paced(), 0.99));
  }
  const heldWithout = await mostHeld(child, paced());
  await stall();
  const heldWith = await mostHeld(child, paced());
  console.log(
    `one more than ${READERS} stalls: the most that is held is ${megabytes(heldWith)} MB, beside ${megabytes(heldWithout)} MB (target: 5 more); ` +
      `p99 of the others ${median(p99.others)} ms beside ${median(p99.all)} ms (target: 10 % more; ${p99.others.join(', ')} beside ${p99.all.join(', ')})`,
  );
  await crowd.close();
  await end(child);

  const idle = await startProduct(environment);
  await crowd.open(idle.url, 200, postId);
  const few = await ask(idle.child, 'heap');
  await crowd.open(idle.url, 5_000, postId);
  const many = await ask(idle.child, 'heap');
  console.log(
    `an idle subscriber: ${kilobytes((many.heapUsed - few.heapUsed) / 5_000)} kB of heap (target 12), ` +
      `${kilobytes((many.held - few.held) / 5_000)} kB with buffers`,
  );
  await crowd.close();
  await end(idle.child);
  await redis.stop();
} finally {
  crowd.leave();
  await close();
}
