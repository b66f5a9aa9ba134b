/** The subscribers: a process on the second core that is told what to do. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadOrder, LoadReport } from './load.js';
import { SUBSCRIPTION } from './plan.js';
import { answer, startChild } from '../kit/processes.js';

/** Milliseconds for what the last orders began on the server, and for each socket beside. */
const SETTLING = 1_000;
const SETTLING_EACH = 1;

/** Many subscribers of one post. */
export interface Crowd {
  /** Adds sockets with so many subscriptions each. */
  open(url: string, sockets: number, postId: string, subscriptions?: number): Promise<void>;
  /** The socket that was opened last stops reading. */
  stall(): Promise<void>;
  /** What comes while something is done, until so many messages came. */
  hear(messages: number, work: () => Promise<void>): Promise<LoadReport>;
  /** What comes while something is done, however much that is. */
  listen(work: () => Promise<void>): Promise<LoadReport>;
  close(): Promise<void>;
  leave(): void;
}

/** @see Crowd */
export async function startCrowd(): Promise<Crowd> {
  const load = startChild(1, 'fanout/load.ts', {});
  await answer(load, 'ready');
  const order = (what: LoadOrder): void => void load.send(what);
  const done = async (what: LoadOrder, report: LoadReport['type']): Promise<LoadReport> => {
    const said = answer<LoadReport>(load, report);
    order(what);
    return said;
  };
  return {
    async open(url, sockets, postId, subscriptions = 1) {
      const payload = { query: SUBSCRIPTION, variables: { id: postId } };
      await done({ type: 'open', url, sockets, payload, subscriptions }, 'opened');
      await delay(SETTLING + sockets * SETTLING_EACH);
    },
    async stall() {
      await done({ type: 'stall' }, 'stalled');
    },
    async hear(messages, work) {
      await done({ type: 'expect', messages }, 'expecting');
      const [report] = await Promise.all([answer<LoadReport>(load, 'received'), work()]);
      return report;
    },
    async listen(work) {
      await done({ type: 'expect', messages: Number.MAX_SAFE_INTEGER }, 'expecting');
      await work();
      return done({ type: 'tell' }, 'received');
    },
    async close() {
      await done({ type: 'close' }, 'closed');
      await delay(SETTLING);
    },
    leave() {
      load.disconnect();
      load.kill();
    },
  };
}
