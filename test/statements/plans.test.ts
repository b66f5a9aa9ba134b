import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, RANDOM_PAGE_COST } from '../../src/db/client.js';
import { nameOf } from '../../src/db/statement.js';
import { createBodyRepo } from '../../src/modules/bodies/repo.js';
import { createReactionRepo } from '../../src/modules/reactions/repo/reading.js';
import { importFolder } from '../../src/modules/imports/public.js';
import { createBodyRenderer } from '../../src/render/pool.js';
import { type RecordedStatement, startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, hasSharedData, needsSharedData, realDatabaseUrl } from '../kit/database.js';
import { operations, signedInOperations } from '../kit/operations.js';
import { administratorOf } from '../kit/people.js';
import { statementsOfConversing } from './conversing.js';
import { runEventStatements } from './events.js';
import { runKeepingStatements } from './keeping.js';
import { runLiveStatements } from './live.js';
import { runPostStatements } from './posts.js';

/** Rows from which on reading all of a table to find some is a fault. */
const LARGE = 1_000;

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url));

/** A part of a plan, as EXPLAIN prints it. */
interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

const scannedTables = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : []),
  ...(plan.Plans ?? []).flatMap(scannedTables),
];

/** The names of all statements in the source: `named('x.y', ...)` and `/* x.y *\/`; `${...}` in one stands for anything. */
const namesInSource = (): RegExp[] =>
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      const source = readFileSync(`${SOURCE}/${path}`, 'utf8');
      const names = source.matchAll(
        /(?:(?:named(?:Sql)?|readied(?:For|Page)?)(?:<[\s\S]{0,400}?>)?|pagesOf|countsOf)\(\s*(?:(?:db|tx),\s*|\([^)]*\) => )?['`]([\w.${}? :']+?)['`],|\/\* ([a-z]+\.\w+) \*\//g,
      );
      return [...names].map(([, given, comment]) => given ?? comment ?? '');
    })
    .map(
      (name) => new RegExp(`^${name.replaceAll(/\$\{[^}]*\}/g, '\\w+').replaceAll('.', String.raw`\.`)}$`),
    );

describe.runIf(hasSharedData)(`every statement over the whole real publication${needsSharedData}`, () => {
  const recorded = new Map<string, RecordedStatement>();
  const record = (text: string, parameters: readonly unknown[]): void => {
    const name = nameOf(text);
    if (name !== undefined) recorded.set(name, { name, text, parameters });
  };
  let app: TestApp;
  let sql: postgres.Sql;
  let large: Set<string>;

  beforeAll(async () => {
    const url = await realDatabaseUrl();
    app = await startTestApp({ DATABASE_URL: url });
    // Objects that no operation fetches by id on its own. The search for them is too broad for an index to pay.
    const found = await app.query<{ search: { edges: { node: { id: string } }[] } }>(
      '{ search(query: "eagle has landed or kernel or haack or code", first: 100) { edges { node { ... on Node { id } } } } }',
    );
    const { post } = await app.query<{ post: { coverage: { id: string } } }>(
      '{ post(by: { externalId: "lb_a11" }) { coverage { id } } }',
    );
    const ids = [...found.search.edges.slice(0, 90).map((edge) => edge.node.id), post.coverage.id];
    const run = await app.statementsOf(async () => {
      for (const query of operations.values()) await app.query(query);
      const administrator = await administratorOf(app);
      for (const query of signedInOperations.values()) await administrator.query(query);
      await app.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    });
    for (const { text, parameters } of run) record(text, parameters);

    // What writes is recorded on a small database and explained on the large one.
    const small = await createTestDatabase();
    const database = openDatabase({ url: small.url, poolSize: 2, statementTimeout: 0, onStatement: record });
    const renderer = createBodyRenderer();
    const demo = fileURLToPath(new URL('../../demo', import.meta.url));
    await importFolder({ db: database.db, renderer }, demo);
    // A second time over a publication that lost a reply, authors and tags, so that all of the importer is at work.
    await database.db.execute('delete from comments where reply_count = 0 and depth = 1');
    await database.db.execute('delete from post_authors where position = 0');
    await database.db.execute('delete from post_tags where position = 0');
    await importFolder({ db: database.db, renderer }, demo);
    const bodies = createBodyRepo(database.db);
    for (const kind of ['posts', 'comments', 'entries'] as const) {
      const [body] = await bodies.outdated(kind, 1_000, '00000000-0000-0000-0000-000000000000', 1);
      if (body) await bodies.save(kind, body, { html: '', text: '' }, 1_000);
    }
    const anybody = '00000000-0000-0000-0000-000000000000';
    await createReactionRepo(database.db).byUser(anybody, [anybody]);
    const behind = postgres(small.url, { max: 2, onnotice: () => undefined });
    for (const { text, parameters } of await statementsOfConversing(small.url, behind))
      record(text, parameters);
    await behind.end();
    await runKeepingStatements(database.db);
    await runLiveStatements(database.db);
    await runPostStatements(database.db);
    await runEventStatements(database.db);
    await renderer.close();
    await database.close();
    await small.drop();

    sql = postgres(url, {
      max: 1,
      onnotice: () => undefined,
      connection: { random_page_cost: RANDOM_PAGE_COST },
    });
    const tables = await sql<{ name: string }[]>`
      select relname as name from pg_class where relkind = 'r' and reltuples > ${LARGE}`;
    large = new Set(tables.map((table) => table.name));
  });
  afterAll(async () => {
    await sql.end();
    await app.stop();
  });

  it('is explained here', () => {
    const missing = namesInSource().filter((name) => ![...recorded.keys()].some((one) => name.test(one)));
    expect(missing).toEqual([]);
  });

  it('finds its rows through an index', async () => {
    expect([...large]).toEqual(
      expect.arrayContaining(['posts', 'comments', 'coverage_entries', 'users', 'post_tags']),
    );
    const scans: string[] = [];
    for (const { name, text, parameters } of recorded.values()) {
      if (name === 'imports.analyze') continue;
      const [row] = await sql.unsafe<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
        `explain (format json) ${text}`,
        parameters as postgres.ParameterOrJSON<never>[],
      );
      const tables =
        row === undefined ? [] : scannedTables(row['QUERY PLAN'][0].Plan).filter((table) => large.has(table));
      scans.push(...tables.map((table) => `${name ?? ''} reads all of ${table}`));
    }
    expect(scans).toEqual([]);
  });
});
