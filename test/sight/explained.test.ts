import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { yamlOf } from '../deploy/manifests.js';
import { blocksIn, documentAt, sectionOf, tableIn } from '../docs/documents.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { eventually } from '../kit/sockets.js';
import { scrape } from './scraping.js';

const TOKEN = 'a token of the tests';

const operations = documentAt('docs/OPERATIONS.md');
const explained = sectionOf(operations, 'What metrics say');

/** Every row that explains a line, whichever table it is in. */
const rows = [...explained.matchAll(/^### (.+)$/gm)]
  .flatMap(([, heading = '']) => tableIn(sectionOf(operations, heading)))
  .map(([lines = '', says = '', normal = '', alerts = '']) => ({ lines, says, normal, alerts }));

const { groups } = z
  .object({
    groups: z.array(z.object({ rules: z.array(z.looseObject({ alert: z.string(), expr: z.string() })) })),
  })
  .parse(yamlOf('prometheus/rules.yml'));
const rules = groups.flatMap((group) => group.rules);

/** Prometheus makes several lines of a histogram. */
const mentions = (text: string, metric: string): boolean =>
  new RegExp(`\\b${metric}(?:_bucket|_sum|_count)?(?![a-z0-9_])`).test(text);

describe('the scrape in docs/OPERATIONS.md, and the log', () => {
  let database: TestDatabase;
  let sql: postgres.Sql;
  let app: TestApp;
  let metrics: readonly string[];
  beforeAll(async () => {
    database = await createTestDatabase();
    sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    app = await startTestApp({
      DATABASE_URL: database.url,
      LOG_LEVEL: 'info',
      TIDINGS_METRICS_TOKEN: TOKEN,
    });
    const { text } = await scrape(new URL('/metrics', app.endpoint), TOKEN);
    metrics = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
  });
  afterAll(async () => {
    await sql?.end();
    await app?.stop();
    await database?.drop();
  });

  it('explain each metric that an instance has, in one row', () => {
    expect(metrics.length).toBeGreaterThan(50);
    const found = metrics.map((metric) => [
      metric,
      rows.filter(({ lines }) => mentions(lines, metric)).length,
    ]);
    expect(found.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it('show a line with a value of each of ours', () => {
    const own = metrics.filter((metric) => metric.startsWith('tidings_'));
    const shown = rows.flatMap(({ lines }) => [...lines.matchAll(/`(\w+)(?:\{[^`]*\})? \S+`/g)]);
    const names = new Set(shown.map(([, name = '']) => name.replace(/_(?:bucket|sum|count)$/, '')));
    expect(own.filter((metric) => !names.has(metric))).toEqual([]);
  });

  it('say what is normal, and which alerts watch it', () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const { lines, says, normal, alerts } of rows) {
      expect(says, lines).not.toBe('');
      expect(normal, lines).not.toBe('');
      const shown = [...lines.matchAll(/`(\w+)/g)].map(([, name = '']) =>
        name.replace(/_(?:bucket|sum|count)$/, ''),
      );
      const watching = rules.filter(({ expr }) => shown.some((metric) => mentions(expr, metric)));
      const named = [...alerts.matchAll(/\[(\w+)\]/g)].map(([, alert]) => alert);
      expect(new Set(named), lines).toEqual(new Set(watching.map(({ alert }) => alert)));
    }
  });

  it('explain each metric that an alert asks for', () => {
    const asked = new Set(
      rules.flatMap(({ expr }) =>
        [...expr.matchAll(/\b(?:(?:tidings|nodejs|process)_\w+|up)(?![\w(])/g)].map(([metric]) => metric),
      ),
    );
    expect(asked.size).toBeGreaterThan(10);
    expect([...asked].filter((metric) => !explained.includes(metric))).toEqual([]);
  });

  describe('show a line of the log', () => {
    const section = sectionOf(operations, 'The log');
    const lines = blocksIn(section, 'json').map((block) => JSON.parse(block) as Record<string, unknown>);
    const fieldsOf = (msg: string): string[] =>
      Object.keys(app.logged.find((line) => line['msg'] === msg) ?? {}).toSorted();

    it.for(['operation', 'operation failed'])(
      'as an instance writes it, and explain each field: %s',
      async (msg) => {
        await sql`alter table tags rename column name to label`;
        const answer = await app.send('query Tags { tags(first: 1) { nodes { name } } }');
        await sql`alter table tags rename column label to name`;
        expect(answer.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
        await eventually(() => expect(fieldsOf(msg)).not.toEqual([]));
        const shown = lines.find((line) => line['msg'] === msg) ?? {};
        // An operation that went well has none.
        expect(fieldsOf(msg).filter((field) => field !== 'codes')).toEqual(Object.keys(shown).toSorted());
        for (const field of fieldsOf(msg))
          expect(section).toMatch(new RegExp(`^\\|.*\`${field}\`.*\\|`, 'm'));
      },
    );
  });
});
