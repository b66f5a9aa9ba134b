/**
 * Breaks everything that can break, at random, for as long as it is told to, while people write and read: the scenarios of
 * test/faults. Ends with 1 when a reader missed an event, got one twice or in the wrong order, or an instance crashed.
 *
 *     npm run soak -- [--minutes N] [--readers N] [--instances N]
 *
 * Starts all it needs by itself: PostgreSQL, Redis (`redis-server` has to be installed) and the instances.
 */
import { parseArgs } from 'node:util';
import {
  blackHoleRedis,
  crashPostgres,
  disturbRedis,
  type Fault,
  flushRedis,
  freezeInstance,
  killBeforePublishing,
  killInstance,
  killSubscribers,
  replaceAll,
  restartRedis,
} from '../test/faults/breaking.js';
import { startPostgres } from '../test/faults/postgres.js';
import { openStage } from '../test/faults/stage.js';
import { type Findings, FLAWLESS, watchDuring } from '../test/faults/watching.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    readers: { type: 'string', default: '40' },
    instances: { type: 'string', default: '3' },
  },
});
const [minutes, readers, instances] = [values.minutes, values.readers, values.instances].map(Number);

/** Seconds that a fault lasts, at least and at most. */
const SHORTEST = 1;
const LONGEST = 12;

const replaceInstances: Fault = async (stage) => {
  for (const { code, milliseconds } of await replaceAll(stage)) {
    if (code !== 0 || milliseconds > 10_000)
      throw new Error(`An instance ended with ${code} after ${milliseconds} ms.`);
  }
};

const OF_INSTANCES: Readonly<Record<string, Fault>> = {
  'an instance is killed': killInstance,
  'an instance is killed before it publishes': killBeforePublishing,
  'an instance sleeps': freezeInstance,
};

const OF_STORES: Readonly<Record<string, Fault>> = {
  'Redis restarts empty': restartRedis,
  'Redis forgets everything': flushRedis,
  'Redis hangs up on subscribers': killSubscribers,
  'nothing reaches Redis': blackHoleRedis,
  'the way to Redis is slow and breaks': disturbRedis,
  'PostgreSQL crashes': crashPostgres,
};

const chosenOf = <Item>(items: readonly Item[]): Item => {
  const chosen = items[Math.floor(Math.random() * items.length)];
  if (chosen === undefined) throw new Error('There is nothing to choose from.');
  return chosen;
};

/** An instance and what it needs break together. */
const both: Fault = async (...how) => {
  const faults = [OF_INSTANCES, OF_STORES].map((kind) => chosenOf(Object.values(kind)));
  await Promise.all(faults.map((fault) => fault(...how)));
};

const FAULTS: Readonly<Record<string, Fault>> = {
  ...OF_INSTANCES,
  ...OF_STORES,
  'all instances are replaced': replaceInstances,
  'two at once': both,
};

const isFlawless = (findings: Findings): boolean =>
  Object.entries(FLAWLESS).every(
    ([name, value]) => JSON.stringify(findings[name as keyof Findings]) === JSON.stringify(value),
  );

const postgres = await startPostgres();
const stage = await openStage({ databaseUrl: postgres.url, instances: instances ?? 3, postgres });
const rounds: (Findings & { readonly fault: string })[] = [];
const end = performance.now() + (minutes ?? 10) * 60_000;
try {
  while (performance.now() < end) {
    const [fault, work] = chosenOf(Object.entries(FAULTS));
    const seconds = SHORTEST + Math.random() * (LONGEST - SHORTEST);
    const findings = await watchDuring(stage, (postId) => work(stage, seconds, postId), {
      readers: readers ?? 40,
      writers: 3,
    });
    rounds.push({ fault, ...findings });
    const verdict = isFlawless(findings) ? 'ok' : `FLAWED ${JSON.stringify(findings)}`;
    console.log(
      `${fault}, ${seconds.toFixed(1)} s: ${findings.events} events, ${findings.worstDelay} ms at worst, ${verdict}`,
    );
    if (findings.crashed > 0) {
      for (const { said, isRunning } of stage.instances) if (!isRunning()) console.error(said());
      break;
    }
  }
} finally {
  await stage.close();
  await postgres.stop();
}

const sum = (
  of: readonly Findings[],
  what: 'events' | 'missing' | 'outOfOrder' | 'repeated' | 'invented' | 'miscounted',
): number => of.reduce((total, findings) => total + findings[what], 0);
const row = (of: readonly Findings[]) => ({
  rounds: of.length,
  events: sum(of, 'events'),
  received: of.reduce((total, findings) => total + findings.events * findings.readers, 0),
  missing: sum(of, 'missing'),
  'out of order': sum(of, 'outOfOrder'),
  repeated: sum(of, 'repeated'),
  invented: sum(of, 'invented'),
  miscounted: sum(of, 'miscounted'),
  'worst delay (ms)': Math.max(0, ...of.map(({ worstDelay }) => worstDelay)),
});
const table = Object.fromEntries(
  Object.keys(FAULTS)
    .map((name) => [name, rounds.filter(({ fault }) => fault === name)] as const)
    .filter(([, of]) => of.length > 0)
    .map(([name, of]) => [name, row(of)]),
);
console.table({ ...table, all: row(rounds) });
process.exitCode = rounds.every(isFlawless) ? 0 : 1;
