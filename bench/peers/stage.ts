/** The servers of all contenders, and the load before them. */
import type { ChildProcess } from 'node:child_process';
import type { Result } from '../kit/client.js';
import type { Place } from '../kit/place.js';
import { answer, ask, startChild, startServer } from '../kit/processes.js';
import type { Contender } from './contenders.js';
import type { Flow, LoadOrder, LoadReport, Request } from './load.js';

/** A contender that runs. */
export interface Running extends Contender {
  readonly child: ChildProcess;
  readonly url: string;
}

/** One round of one contender. */
export interface Measured extends Result {
  /** Milliseconds of the processor for each request, of the server alone. */
  readonly processor: number;
  /** Bytes that the server holds afterwards. */
  readonly resident: number;
}

export interface Load {
  race(endpoint: string, requests: readonly Request[], milliseconds: number): Promise<Result>;
  flow(order: Omit<Extract<LoadOrder, { type: 'flow' }>, 'type'>): Promise<Flow>;
  leave(): void;
}

/** The process on the second core. */
export async function startLoad(): Promise<Load> {
  const child = startChild(1, 'peers/load.ts', {});
  await answer<LoadReport>(child, 'ready');
  const send = (order: LoadOrder): void => void child.send(order);
  return {
    async race(endpoint, requests, milliseconds) {
      const report = answer<LoadReport>(child, 'raced');
      send({ type: 'race', endpoint, requests, milliseconds });
      return ((await report) as Extract<LoadReport, { type: 'raced' }>).result;
    },
    async flow(order) {
      const report = answer<LoadReport>(child, 'flowed');
      send({ type: 'flow', ...order });
      return ((await report) as Extract<LoadReport, { type: 'flowed' }>).flow;
    },
    leave() {
      if (child.connected) child.disconnect();
      child.kill();
    },
  };
}

/** Starts a contender. @param environment beside what all of them get. */
export async function start(
  contender: Contender,
  place: Place,
  environment: NodeJS.ProcessEnv,
): Promise<Running> {
  const own = contender.vocabulary === 'ours' ? place.environment : { DATABASE_URL: place.databaseUrl };
  const started = await startServer(contender.file, {
    NODE_ENV: 'production',
    ...own,
    ...environment,
    ...contender.environment,
  });
  return { ...contender, ...started };
}

/** One round. */
export async function measure(
  load: Load,
  { child, url }: Running,
  requests: readonly Request[],
  milliseconds: number,
): Promise<Measured> {
  const before = (await ask(child, 'processor')).milliseconds;
  const result = await load.race(url, requests, milliseconds);
  const after = await ask(child, 'processor');
  return {
    ...result,
    processor: (after.milliseconds - before) / result.count,
    resident: after.resident,
  };
}
