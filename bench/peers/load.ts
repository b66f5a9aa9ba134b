/** The load: a process on the second core that sends what it is told to, and says how it went. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, openClient, race, type Result } from '../kit/client.js';
import { quantile } from '../kit/statistics.js';

export interface Request {
  readonly body: string;
  /** Lines of the head. */
  readonly headers: string;
}

/** What the coordinator asks for. */
export type LoadOrder =
  /** Each client sends its next request when the last one is answered. */
  | {
      readonly type: 'race';
      readonly endpoint: string;
      readonly requests: readonly Request[];
      readonly milliseconds: number;
    }
  /** Requests are sent when they are due, whatever became of the others: one in twenty is a write. */
  | {
      readonly type: 'flow';
      readonly endpoint: string;
      readonly reads: readonly Request[];
      readonly writes: readonly Request[];
      /** In a second. */
      readonly rate: number;
      readonly milliseconds: number;
    };

/** What became of requests at a fixed rate. */
export interface Flow {
  readonly offered: number;
  readonly answered: number;
  /** With another status than 200, or errors. */
  readonly refused: number;
  /** Milliseconds from the moment a request was due. What was never answered counts as long as it was waited for. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export type LoadReport =
  | { readonly type: 'ready' }
  | { readonly type: 'raced'; readonly result: Result }
  | { readonly type: 'flowed'; readonly flow: Flow };

/** Connections of a race. */
const CLIENTS = 16;
/** Connections of a flow: more than any server here can work at. */
const LANES = 64;
/** What is one write among reads. */
const WRITE_EVERY = 20;
/** Milliseconds that late answers are waited for. */
const PATIENCE = 3_000;

const isGood = (answer: string): boolean =>
  answer.startsWith('HTTP/1.1 200') && !answer.includes('"errors":') && !answer.includes('"userErrors":[{');

async function runRace(order: Extract<LoadOrder, { type: 'race' }>): Promise<Result> {
  const { endpoint, requests, milliseconds } = order;
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => openClient(endpoint)));
  const result = await race(CLIENTS, milliseconds, async (client, turn) => {
    // Who writes has a connection of their own.
    const request = requests[(client + CLIENTS * turn) % requests.length];
    const answer = await clients[client]?.post(request?.body ?? '', request?.headers);
    if (answer === undefined || !isGood(answer))
      throw new Error(`${endpoint} answered ${answer?.slice(0, 1_000)}`);
  });
  for (const client of clients) client.close();
  return result;
}

async function runFlow(order: Extract<LoadOrder, { type: 'flow' }>): Promise<Flow> {
  const { endpoint, reads, writes, rate, milliseconds } = order;
  const idle = await Promise.all(Array.from({ length: LANES }, () => openClient(endpoint)));
  const lanes = [...idle];
  const offered = Math.floor((rate * milliseconds) / 1_000);
  const times: number[] = [];
  const due: { readonly at: number; readonly request: Request | undefined }[] = [];
  let [scheduled, sent, refused] = [0, 0, 0];
  const started = performance.now();

  const send = async (client: Client): Promise<void> => {
    for (;;) {
      const next = due[sent];
      if (next === undefined) break;
      sent += 1;
      const answer = await client.post(next.request?.body ?? '', next.request?.headers).catch(() => '');
      if (isGood(answer)) times.push(performance.now() - next.at);
      else refused += 1;
    }
    idle.push(client);
  };
  const schedule = (): void => {
    const now = performance.now();
    for (; scheduled < offered; scheduled += 1) {
      const at = started + (scheduled * 1_000) / rate;
      if (at > now) break;
      const turn = Math.floor(scheduled / WRITE_EVERY);
      const request =
        scheduled % WRITE_EVERY === 0
          ? writes[turn % writes.length]
          : reads[(scheduled - turn) % reads.length];
      due.push({ at, request });
    }
    for (let free = Math.min(idle.length, due.length - sent); free > 0; free -= 1) {
      const client = idle.pop();
      if (client !== undefined) void send(client);
    }
  };
  while (performance.now() < started + milliseconds) {
    schedule();
    await delay(1);
  }
  schedule();
  const end = performance.now() + PATIENCE;
  while (times.length + refused < offered && performance.now() < end) await delay(10);
  for (const client of lanes) client.close();
  const answered = times.length;
  // Those that were sent last are the ones that were not answered.
  const now = performance.now();
  for (let missing = answered + refused; missing < offered; missing += 1)
    times.push(now - started - (missing * 1_000) / rate);
  return {
    offered,
    answered,
    refused,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
  };
}

const tell = (report: LoadReport): void => void process.send?.(report);

async function obey(order: LoadOrder): Promise<void> {
  if (order.type === 'race') tell({ type: 'raced', result: await runRace(order) });
  else tell({ type: 'flowed', flow: await runFlow(order) });
}

process.on('message', (order) => void obey(order as LoadOrder));
tell({ type: 'ready' });
