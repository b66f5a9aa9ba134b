import { setTimeout as pause } from 'node:timers/promises';
import { createPerson } from '../kit/people.js';
import { startClient } from './writers.js';
import type { Stage, StagedInstance } from './stage.js';

/** Something that breaks, and is whole again in the end. @param postId that which everybody reads and writes. */
export type Fault = (stage: Stage, seconds: number, postId: string) => Promise<void>;

/** What an instance did on its way out. */
export interface Farewell {
  readonly code: number | null;
  readonly milliseconds: number;
  /** Each status that /health/ready answered around the signal, in their order. */
  readonly readiness: readonly number[];
}

const anyOf = ({ instances }: Stage): StagedInstance => {
  const chosen = instances[Math.floor(Math.random() * instances.length)];
  if (chosen === undefined) throw new Error('No instance is left.');
  return chosen;
};

const kill = async (stage: Stage, instance: StagedInstance): Promise<void> => {
  stage.retire(instance);
  await instance.kill();
};

/** An instance dies in the middle of its work. */
export const killInstance: Fault = async (stage, seconds) => {
  await kill(stage, anyOf(stage));
  await pause(seconds * 1000);
  await stage.start();
};

/** An instance commits, answers, and dies before anybody heard of it: what it publishes gets stuck on the way. */
export const killBeforePublishing: Fault = async (stage, seconds, postId) => {
  const instance = anyOf(stage);
  const { accessToken } = await createPerson({ app: instance, sql: stage.sql });
  instance.wire.blackHole(true);
  const writer = startClient(() => instance.endpoint, accessToken, postId);
  await pause(seconds * 500);
  await writer.stop();
  await kill(stage, instance);
  instance.wire.cut();
  await pause(seconds * 500);
  await stage.start();
};

/** An instance sleeps, as a machine that is moved does, and wakes up as if nothing had been. */
export const freezeInstance: Fault = async (stage, seconds) => {
  const instance = anyOf(stage);
  instance.freeze(true);
  await pause(seconds * 1000);
  instance.freeze(false);
};

/** Redis dies, and an empty one comes in its place. */
export const restartRedis: Fault = (stage, seconds) => stage.restartRedis(seconds * 1000);

/** Redis forgets everything. */
export const flushRedis: Fault = async (stage, seconds) => {
  await stage.tellRedis('FLUSHALL');
  await pause(seconds * 1000);
};

/** Redis hangs up on all who listen, again and again. */
export const killSubscribers: Fault = async (stage, seconds) => {
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    await stage.tellRedis('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await pause(Math.random() * 200);
  }
};

/** The network swallows everything between the instances and Redis. */
export const blackHoleRedis: Fault = async (stage, seconds) => {
  const wires = stage.instances.map(({ wire }) => wire);
  for (const wire of wires) wire.blackHole(true);
  await pause(seconds * 1000);
  for (const wire of wires) wire.blackHole(false);
};

/** The network between the instances and Redis is slow, and resets connections. */
export const disturbRedis: Fault = async (stage, seconds) => {
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    const { wire } = anyOf(stage);
    wire.delay(Math.random() * 300);
    await pause(Math.random() * 400);
    if (Math.random() < 0.5) wire.cut();
  }
  for (const { wire } of stage.instances) wire.delay(0);
};

/** PostgreSQL dies and comes back. */
export const crashPostgres: Fault = async (stage, seconds) => {
  await stage.postgres?.crash();
  await pause(seconds * 1000);
};

async function dismiss(stage: Stage, instance: StagedInstance): Promise<Farewell> {
  const readiness = new Set<number>();
  const over = new AbortController();
  const probing = (async () => {
    while (!over.signal.aborted) {
      await fetch(new URL('/health/ready', instance.endpoint), { signal: AbortSignal.timeout(1_000) }).then(
        ({ status }) => readiness.add(status),
        () => undefined,
      );
      await pause(5);
    }
  })();
  stage.retire(instance);
  const stopped = await instance.stop();
  over.abort();
  await probing;
  return { ...stopped, readiness: [...readiness] };
}

/** Every instance is replaced by another one, one after the other. */
export async function replaceAll(stage: Stage): Promise<readonly Farewell[]> {
  const farewells: Farewell[] = [];
  const before = [...stage.instances];
  for (const instance of before) {
    farewells.push(await dismiss(stage, instance));
    await stage.start();
  }
  return farewells;
}
