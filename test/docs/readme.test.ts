import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig, VARIABLE_NAMES } from '../../src/config.js';
import { ROOT } from '../kit/checkout.js';
import { usePublication } from '../kit/publication.js';
import { blocksIn, documentAt, sectionOf, tableIn } from './documents.js';

const readme = documentAt('README.md');

/** What each variable is without one, as the table writes it. */
function defaults(): Record<string, string> {
  const config = readConfig({});
  return {
    PORT: String(config.port),
    HOST: config.host,
    DATABASE_URL: config.databaseUrl ?? '',
    DATABASE_REPLICA_URLS: config.replicaUrls.join(','),
    AUTH_SECRET: config.authSecret ?? '',
    AUTH_SECRET_PREVIOUS: config.previousAuthSecret ?? '',
    REDIS_URL: config.redisUrl ?? '',
    TRUSTED_PROXIES: config.trustedProxies.join(','),
    ALLOWED_ORIGINS: config.allowedOrigins.join(','),
    LOG_LEVEL: config.logLevel,
    NODE_ENV: config.production ? 'production' : 'development',
    TIDINGS_DATA_DIR: relative('.', config.dataDir),
    TIDINGS_DEMO: config.demo ? '1' : '0',
    TIDINGS_DEMO_REPLAY: config.demoReplay ? '1' : '0',
    TIDINGS_EVENT_RETENTION_HOURS: String(config.eventRetention),
    TIDINGS_GRAPHIQL: config.graphiql ? '1' : '0',
    TIDINGS_INTROSPECTION: config.introspection ? '1' : '0',
    TIDINGS_CACHE_SECONDS: String(config.cacheSeconds),
    TIDINGS_ANSWER_AGE_MS: String(config.answerAge),
    TIDINGS_SHARED_READS: config.sharedReads ? '1' : '0',
    TIDINGS_MAX_LOOP_DELAY_MS: String(config.pressure.loopDelay),
    TIDINGS_MAX_MEMORY_PERCENT: String(config.pressure.memoryPercent),
    TIDINGS_TRUSTED_DOCUMENTS: config.trustedDocuments ?? '',
    TIDINGS_MAX_BODY_BYTES: String(config.maxBodyBytes),
    TIDINGS_POOL_SIZE: String(config.poolSize),
    TIDINGS_POOL_WAIT_MS: String(config.poolWait),
    TIDINGS_REPLICA_MAX_LAG_MS: String(config.replicaMaxLag),
    TIDINGS_STATEMENT_TIMEOUT_MS: String(config.statementTimeout),
    TIDINGS_OPERATION_TIMEOUT_MS: String(config.operationTimeout),
    TIDINGS_CONNECTIONS_PER_ADDRESS: String(config.connectionLimits.perAddress),
    TIDINGS_CONNECTIONS_PER_VIEWER: String(config.connectionLimits.perViewer),
    TIDINGS_SUBSCRIPTIONS_PER_CONNECTION: String(config.connectionLimits.subscriptions),
    TIDINGS_OPERATIONS_PER_SECOND: String(config.connectionLimits.operationsPerSecond),
    TIDINGS_MAX_COST: String(config.mostCost),
    TIDINGS_METRICS_PORT: String(config.metricsPort ?? ''),
    TIDINGS_METRICS_TOKEN: config.metricsToken ?? '',
    OTEL_EXPORTER_OTLP_ENDPOINT: config.tracesEndpoint ?? '',
    TIDINGS_TRACE_FIELDS: config.traceFields ? '1' : '0',
    ...Object.fromEntries(
      Object.entries(config.throttle).map(([tier, { maximum, restoreRate }]) => [
        `TIDINGS_THROTTLE_${tier}`,
        `${maximum}/${restoreRate}`,
      ]),
    ),
  };
}

describe("README's table of the environment", () => {
  const rows = tableIn(sectionOf(readme, 'Environment')).map(([name = '', value = '', meaning = '']) => ({
    name: name.replaceAll('`', ''),
    value: value === 'none' ? '' : value.replaceAll('`', ''),
    meaning,
  }));

  it('names every variable that is read, in the same order, and no other', () => {
    expect(rows.map(({ name }) => name)).toEqual(VARIABLE_NAMES);
  });

  it('gives the defaults that hold without a variable', () => {
    expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual(defaults());
  });

  it('says what each is for', () => {
    expect(rows.filter(({ meaning }) => meaning.length < 10)).toEqual([]);
  });
});

describe("README's table of the command line", () => {
  it('has the commands that there are', async () => {
    const cli = ['--import', 'tsx', 'src/cli/tidings.ts', 'help'];
    const { stdout } = await promisify(execFile)(process.execPath, cli, { cwd: ROOT });
    const [, list = ''] = stdout.split('Commands:\n');
    const commands = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
    const told = tableIn(sectionOf(readme, 'Command line')).map(
      ([cell = '']) => /^`([a-z]+)/.exec(cell)?.[1] ?? cell,
    );
    expect([...new Set(told)].toSorted()).toEqual(commands.toSorted());
  });
});

describe("README's queries", () => {
  const publication = usePublication();
  /** With the buckets that everybody has. */
  const usual = usePublication({ TIDINGS_THROTTLE_ANONYMOUS: '' });

  it('answer what README says, on the demo publication', async () => {
    const section = sectionOf(readme, 'A first query');
    const [command = ''] = blocksIn(section, 'sh');
    const [answer = ''] = blocksIn(section, 'json');
    const [, body = ''] = /-d '([^']*)'/.exec(command) ?? [];
    const { query } = JSON.parse(body) as { query: string };
    const shown = JSON.parse(answer) as { extensions: { cost: { throttle: { available: unknown } } } };
    // Points come back while the answer is on its way.
    shown.extensions.cost.throttle.available = expect.any(Number);
    expect(await usual.app.send(query)).toEqual(shown);
  });

  it('all run', async () => {
    const walk = blocksIn(sectionOf(readme, 'Writing'), 'graphql');
    const queries = blocksIn(readme.text, 'graphql').filter((query) => !walk.includes(query));
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) await publication.app.query(query);
  });
});

describe("README's front end", () => {
  it('gets the types of its operations', async () => {
    const [config = '', operation = ''] = blocksIn(sectionOf(readme, 'From a page of your own'), 'ts');
    const folder = await mkdtemp(join(tmpdir(), 'tidings-front-end-'));
    try {
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      await mkdir(join(folder, 'src'));
      const cli = ['--import', 'tsx', 'src/cli/tidings.ts', 'schema'];
      const { stdout } = await promisify(execFile)(process.execPath, cli, { cwd: ROOT });
      await writeFile(join(folder, 'schema.graphql'), stdout);
      await writeFile(join(folder, 'codegen.ts'), config);
      await writeFile(join(folder, 'src/feed.ts'), operation);
      await promisify(execFile)(join(ROOT, 'node_modules/.bin/graphql-codegen'), [], { cwd: folder });
      const types = await readFile(join(folder, 'src/gql/graphql.ts'), 'utf8');
      expect(types).toContain('{ id: string, title: string, publishedAt: string | null }');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("README's walk through writing", () => {
  const publication = usePublication();

  it('goes as README says, from the first administrator to the audit log', async () => {
    const { app, url } = publication;
    const section = sectionOf(readme, 'Writing');
    const [command = ''] = blocksIn(section, 'sh');
    const args = command.trim().replace('npm run tidings -- ', '').split(' ');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'src/cli/tidings.ts', ...args],
      { cwd: ROOT, env: { ...process.env, DATABASE_URL: url } },
    );
    const password = /password\D*?(\S+)$/im.exec(stdout.trim())?.[1] ?? '';

    /** Every block by the name of its operation. */
    const blocks = new Map(
      blocksIn(section, 'graphql').map((block) => [/^\w+ (\w+)/.exec(block)?.[1] ?? '', block]),
    );
    const told: unknown[] = [];
    const step = async <Data>(name: string, token: string | undefined, variables = {}): Promise<Data> => {
      const block = blocks.get(name);
      if (block === undefined) throw new Error(`README has no operation ${name}.`);
      told.push(block);
      const data = await app.query<Record<string, { userErrors?: unknown[] }>>(
        block,
        variables,
        token === undefined ? {} : { authorization: `Bearer ${token}` },
      );
      for (const answer of Object.values(data)) expect(answer.userErrors ?? [], name).toEqual([]);
      return data as Data;
    };
    interface Opened {
      readonly session: { readonly accessToken: string };
      readonly viewer: { readonly id: string; readonly role: string };
    }

    const { signUp: kim } = await step<{ signUp: Opened }>('SignUp', undefined);
    const { signIn: ada } = await step<{ signIn: Opened }>('SignIn', undefined, { password });
    expect([kim.viewer.role, ada.viewer.role]).toEqual(['READER', 'ADMIN']);
    const [author, admin] = [kim.session.accessToken, ada.session.accessToken];
    await step('MakeAuthor', admin, { userId: kim.viewer.id });
    const { createPost } = await step<{ createPost: { post: { id: string } } }>('Write', author);
    const postId = createPost.post.id;
    await step('Publish', author, { postId });
    const corrected = await step<{ updatePost: { post: object } }>('Correct', author, { postId });
    expect(corrected.updatePost.post).toMatchObject({ slug: 'fog-at-six', version: 2 });
    const { addComment } = await step<{ addComment: { comment: { id: string } } }>('Comment', author, {
      postId,
    });
    expect(await step('Comment', author, { postId })).toEqual({ addComment });
    const hidden = await step('Hide', admin, { commentId: addComment.comment.id });
    expect(hidden).toMatchObject({ setCommentState: { comment: { state: 'HIDDEN' } } });
    const { auditLog } = await step<{ auditLog: { nodes: object[] } }>('Log', admin);
    expect(auditLog.nodes).toMatchObject([
      { operation: 'setCommentState', action: 'COMMENT_MODERATE', actor: { username: 'ada' } },
      { operation: 'setUserRole', action: 'USER_SET_ROLE', user: { username: 'kim' } },
      {},
    ]);
    expect(new Set(told)).toEqual(new Set(blocks.values()));
  });
});
