/**
 * Tells the coordinator that a server is ready, and what it takes whenever it asks; ends with SIGTERM.
 *
 * @param {string} url
 * @param {() => Promise<unknown>} close
 */
export function report(url, close) {
  process.on('message', (/** @type {{ type: string }} */ { type }) => {
    if (type === 'heap') {
      globalThis.gc?.();
      const { heapUsed, external } = process.memoryUsage();
      process.send?.({ type, heapUsed, held: heapUsed + external });
    }
    if (type === 'processor') {
      const { user, system } = process.cpuUsage();
      process.send?.({ type, milliseconds: (user + system) / 1000, resident: process.memoryUsage.rss() });
    }
  });
  process.on('SIGTERM', () => void close().then(() => process.exit(0)));
  process.send?.({ type: 'ready', url });
}
