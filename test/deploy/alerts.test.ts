import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { blocksIn, documentAt, sectionOf } from '../docs/documents.js';
import { ROOT } from '../kit/checkout.js';
import { textOf, yamlOf } from './manifests.js';

const rule = z.object({
  alert: z.string().regex(/^Tidings[A-Z]\w+$/),
  expr: z.string(),
  for: z
    .string()
    .regex(/^\d+m$/)
    .optional(),
  labels: z.object({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.object({ summary: z.string(), runbook: z.string() }),
});

const { groups } = z
  .object({ groups: z.array(z.object({ name: z.string(), rules: z.array(rule) })) })
  .parse(yamlOf('prometheus/rules.yml'));
const alerts = groups.flatMap(({ rules }) => rules);

const dashboard = z
  .looseObject({
    panels: z.array(
      z.looseObject({ title: z.string(), targets: z.array(z.looseObject({ expr: z.string() })) }),
    ),
  })
  .parse(JSON.parse(textOf('grafana/dashboards/tidings.json')));

/** The metrics that a query asks for; not its labels, spans, functions and words. */
const metricsIn = (query: string): string[] =>
  [
    ...query
      .replaceAll(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|without) \([^)]*\)/g, '')
      .matchAll(/[a-z]\w*_\w+|\bup\b/g),
  ]
    .map(([name]) => name)
    .filter((name) => !/^(?:histogram_quantile|min_over_time|label_values)$/.test(name));

/** Prometheus makes them, of its own and of each histogram. */
const nameOf = (metric: string): string => metric.replace(/_(?:bucket|sum|count)$/, '');

/** What an instance says: its own, what prom-client knows of Node and the process, and what Prometheus adds. */
async function metricsThatAre(): Promise<ReadonlySet<string>> {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const usual = await register.getMetricsAsJSON();
  register.clear();
  const own = [...documentAt('docs/METRICS.md').text.matchAll(/^\| `(tidings_\w+)`/gm)].map(
    ([, name = '']) => name,
  );
  return new Set([...own, ...usual.map(({ name }) => name), 'up']);
}

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('an alert', () => {
  it('is there for what can go wrong', () => {
    expect(alerts.length).toBeGreaterThanOrEqual(10);
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it.for(alerts)('$alert leads to what to do', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/OPERATIONS.md#${alert.toLowerCase()}`);
    const section = sectionOf(documentAt('docs/OPERATIONS.md'), alert);
    expect(section).toMatch(/\*\*Do\.\*\*/);
  });

  it.skipIf(!hasPromtool)(
    `fires and stops as it should${hasPromtool ? '' : ' (skipped: no promtool on the path)'}`,
    () => {
      const { status, stdout, stderr } = spawnSync(
        'promtool',
        ['test', 'rules', join(ROOT, 'test/deploy/alerts.yml')],
        { encoding: 'utf8' },
      );
      expect(`${stdout}${stderr}`).toContain('SUCCESS');
      expect(status).toBe(0);
    },
  );
});

describe('what alerts and the dashboard ask for', () => {
  const queries = [
    ...alerts.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  const asked = new Set(queries.flatMap(metricsIn).map(nameOf));

  it('is said by an instance', async () => {
    const there = await metricsThatAre();
    expect(asked.size).toBeGreaterThan(20);
    expect([...asked].filter((metric) => !there.has(metric))).toEqual([]);
  });

  it('is all that an instance says of itself', async () => {
    const own = [...(await metricsThatAre())].filter((metric) => metric.startsWith('tidings_'));
    expect(own.filter((metric) => !asked.has(metric))).toEqual([]);
  });
});

it('the scrape that OPERATIONS explains has only metrics that there are', async () => {
  const there = await metricsThatAre();
  const [scrape = ''] = blocksIn(documentAt('docs/OPERATIONS.md').text, 'text');
  const named = scrape
    .trim()
    .split('\n')
    .map((line) => nameOf(line.replace(/[{ ].*$/, '')));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((metric) => !there.has(metric))).toEqual([]);
});
