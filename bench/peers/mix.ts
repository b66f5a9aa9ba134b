/** Reads and writes at a fixed rate, with sockets that hear of what is written. */
import type { ChildProcess } from 'node:child_process';
import { startCrowd } from '../fanout/crowd.js';
import { ask } from '../kit/processes.js';
import { quantile } from '../kit/statistics.js';
import { requestsOf } from './asking.js';
import type { Subjects } from './publication.js';
import type { Load, Running } from './stage.js';
import type { MixLine } from './table.js';
import type { Writers } from './writers.js';

/** Sockets, and the posts that they hear of and that all comments go to. */
const SOCKETS = 1_000;
const HEARD = 10;

/** Milliseconds of the same before anything is measured: no page is asked for the first time then. */
const WARM_UP = 2_000;

interface Mix {
  readonly load: Load;
  readonly subjects: Subjects;
  readonly writers: Writers;
  readonly rate: number;
  readonly milliseconds: number;
}

const taken = async (child: ChildProcess): Promise<number> => (await ask(child, 'processor')).milliseconds;

/** Runs it for one contender. Only the product has sockets here. */
export async function mix(
  running: Running,
  { load, subjects, writers, rate, milliseconds }: Mix,
): Promise<MixLine> {
  const [feeds, posts] = await Promise.all([
    requestsOf('feed', running, subjects, writers),
    requestsOf('post', running, subjects, writers),
  ]);
  const reads = posts.flatMap((post) => [...feeds, post]);
  const offer = async (time: number) => {
    const writes = (await writers.requests(running.vocabulary)).slice(0, HEARD);
    return load.flow({ endpoint: running.url, reads, writes, rate, milliseconds: time });
  };
  const flow = async () => {
    const before = await taken(running.child);
    const result = await offer(milliseconds);
    const processor = ((await taken(running.child)) - before) / (result.answered + result.refused);
    return { contender: running.name, ...result, processor };
  };
  if (running.vocabulary !== 'ours') {
    await offer(WARM_UP);
    return { ...(await flow()), sockets: 0, events: null };
  }

  const crowd = await startCrowd();
  try {
    for (const { id } of writers.posts.slice(0, HEARD)) await crowd.open(running.url, SOCKETS / HEARD, id);
    await offer(WARM_UP);
    let line: Awaited<ReturnType<typeof flow>> | undefined;
    const { delays } = await crowd.listen(async () => {
      line = await flow();
    });
    if (line === undefined) throw new Error('Nothing was measured.');
    const events = {
      p50: quantile(delays, 0.5),
      p99: quantile(delays, 0.99),
      latest: Math.max(...delays),
    };
    await crowd.close();
    return { ...line, sockets: SOCKETS, events };
  } finally {
    crowd.leave();
  }
}
