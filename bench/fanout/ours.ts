/** An instance of the product in a process of its own, which also says how much memory it uses. */
import { pino } from 'pino';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { ServerOrder, ServerReport } from './plan.js';

const tell = (report: ServerReport): void => void process.send?.(report);

const app = createApp({ config: readConfig(), logger: pino({ level: 'error' }) });
const url = await app.start();
process.on('message', ({ type }: ServerOrder) => {
  if (type !== 'heap') return;
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  tell({ type: 'heap', heapUsed, rss });
});
process.on('SIGTERM', () => void app.drain().then(() => process.exit(0)));
tell({ type: 'ready', url });
