import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { startMetrics } from '../../src/sight/metrics/metrics.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/METRICS.md', import.meta.url));

describe('docs/METRICS.md', () => {
  const metrics = startMetrics();
  afterAll(() => metrics.stop());

  it('has every metric of ours as the instance describes it, and no other', async () => {
    metrics.add({
      primary: () => ({ size: 1, inUse: 0, waiting: 0 }),
      replicas: () => [],
      streams: () => ({ size: 0, inUse: 0, waiting: 0 }),
      hub: { streams: 0, cohorts: 0, executions: 0 },
      open: () => ({ websocket: 0, sse: 0 }),
      waiting: { messages: 0, bytes: 0 },
      bus: { isHealthy: true, isShared: false },
    });
    const made = metrics.register.getMetricsAsArray().filter(({ name }) => name.startsWith('tidings_'));
    const rows = made.map((metric) => {
      const { name, help } = metric;
      const { constructor, labelNames } = metric as unknown as {
        readonly constructor: { readonly name: string };
        readonly labelNames: readonly string[];
      };
      const labels = labelNames.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${constructor.name.toLowerCase()} | ${labels} | ${help} |`.replaceAll(
        '|  |',
        '| |',
      );
    });
    const text = await readFile(DOCUMENT, 'utf8');
    const documented = text.split('\n').filter((line) => line.startsWith('| `tidings_'));
    expect(documented.toSorted()).toEqual(rows.toSorted());
  });

  it('names them as Prometheus wants: base units, and _total for what only grows', () => {
    const ours = metrics.register.getMetricsAsArray().filter(({ name }) => name.startsWith('tidings_'));
    for (const metric of ours) {
      const kind = (metric as unknown as { readonly constructor: { readonly name: string } }).constructor
        .name;
      expect(metric.name.endsWith('_total')).toBe(kind === 'Counter');
      expect(metric.name).not.toMatch(/_(ms|millis\w*|kb|mb)(_|$)/);
    }
  });
});
