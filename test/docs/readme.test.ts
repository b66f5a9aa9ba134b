import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig, VARIABLE_NAMES } from '../../src/config.js';
import { usePublication } from '../kit/publication.js';
import { blocksIn, documentAt, ROOT, sectionOf, tableIn } from './documents.js';

const readme = documentAt('README.md');

/** What each variable is without one, as the table writes it. */
function defaults(): Record<string, string> {
  const config = readConfig({});
  return {
    PORT: String(config.port),
    HOST: config.host,
    DATABASE_URL: config.databaseUrl ?? '',
    AUTH_SECRET: config.authSecret ?? '',
    ALLOWED_ORIGINS: config.allowedOrigins.join(','),
    LOG_LEVEL: config.logLevel,
    NODE_ENV: config.production ? 'production' : 'development',
    TIDINGS_DATA_DIR: relative('.', config.dataDir),
    TIDINGS_DEMO: config.demo ? '1' : '0',
    TIDINGS_MAX_BODY_BYTES: String(config.maxBodyBytes),
    TIDINGS_POOL_SIZE: String(config.poolSize),
    TIDINGS_STATEMENT_TIMEOUT_MS: String(config.statementTimeout),
    TIDINGS_OPERATION_TIMEOUT_MS: String(config.operationTimeout),
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

  it('answer what README says, on the demo publication', async () => {
    const section = sectionOf(readme, 'A first query');
    const [command = ''] = blocksIn(section, 'sh');
    const [answer = ''] = blocksIn(section, 'json');
    const [, body = ''] = /-d '([^']*)'/.exec(command) ?? [];
    const { query } = JSON.parse(body) as { query: string };
    expect(await publication.app.send(query)).toEqual(JSON.parse(answer));
  });

  it('all run', async () => {
    const queries = blocksIn(readme.text, 'graphql');
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) await publication.app.query(query);
  });
});
