import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { majorOf, type Binaries } from './binaries.js';
import { codeOf, ifPresent, syncFolder } from './files.js';
import type { Place, SystemUser } from './place.js';
import { run } from './run.js';

/** The role that owns the database, and the database: both have this name. */
export const databaseName = 'tidings';

/** The whole of pg_hba.conf: one role, loopback, password. The superuser cannot log in at all. */
const whoMayConnect = `host all ${databaseName} 127.0.0.1/32 scram-sha-256\n`;

/**
 * LC_CTYPE matters although the builtin provider does case and comparison: the text search parser still asks it
 * what a letter is. With C, '“hello” — école、你好。' gives the words '“hello”', '—' and 'école、你好。'; with
 * C.UTF-8 'hello', 'école' and '你好'. macOS before 15 has no C.UTF-8; Windows has neither.
 */
const characterTypes = ['C.UTF-8', 'en_US.UTF-8', 'C'];

/**
 * Makes sure that the place holds a whole cluster of these binaries' major version, making one when it is absent.
 * Only to be called under the lock.
 *
 * @param durable whether a new cluster is flushed to disk (as with `fsync`)
 * @throws Error when the cluster is another version's or cannot be made
 */
export async function ensureCluster(
  { home, user, link }: Place,
  binaries: Binaries,
  durable: boolean,
  log: (line: string) => void,
): Promise<void> {
  const version = (await ifPresent(readFile(join(home, 'data', 'PG_VERSION'), 'utf8')))?.trim();
  if (version === undefined) {
    log(`Making a PostgreSQL ${majorOf(binaries)} cluster in ${home}`);
    await makeCluster(home, user, binaries, durable);
  } else if (version !== majorOf(binaries)) {
    throw new Error(
      `The database in ${home} was made by PostgreSQL ${version}, and this Tidings brings PostgreSQL ` +
        `${majorOf(binaries)}, which cannot open it. Dump it with the older Tidings or PostgreSQL (pg_dump), move the ` +
        `folder away, start again and load the dump; or set DATABASE_URL to a PostgreSQL ${version} server.`,
    );
  }
  if (link !== undefined) await linkTo(home, link, log);
}

/** The password of the `tidings` role. */
export async function readPassword(home: string): Promise<string> {
  return (await readFile(join(home, 'password'), 'utf8')).trim();
}

/**
 * A cluster is made under a temporary name and renamed when role, database, access rules and password are all
 * there. So what bears the name is whole, however the maker ended.
 */
async function makeCluster(
  home: string,
  user: SystemUser | undefined,
  binaries: Binaries,
  durable: boolean,
): Promise<void> {
  await removeLeftovers(home);
  const temporary = await mkdtemp(`${home}.new-`);
  const data = join(temporary, 'data');
  const password = randomBytes(24).toString('base64url');
  try {
    if (user !== undefined) await chmod(temporary, 0o711);
    for (const folder of [data, join(temporary, 'log')]) {
      await mkdir(folder, { mode: 0o700 });
      if (user !== undefined) await chown(folder, user.uid, user.gid);
    }
    await initialise(data, user, binaries);
    await createDatabase(data, user, binaries, password);
    await writeFile(join(data, 'pg_hba.conf'), whoMayConnect);
    await writeFile(join(temporary, 'password'), `${password}\n`, { mode: 0o600, flush: durable });
    // One flush at the end instead of one per step: 0.3 s instead of 0.5.
    if (durable) await mustSucceed(data, user, binaries.initdb, ['--sync-only', '-D', data]);
    await rename(temporary, home);
    if (durable) await syncFolder(dirname(home));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** A killed maker leaves its temporary folder; its initdb may go on for a moment, hence best effort. */
async function removeLeftovers(home: string): Promise<void> {
  const parent = dirname(home);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(home)}.new-`)) {
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    }
  }
}

async function initialise(data: string, user: SystemUser | undefined, binaries: Binaries): Promise<void> {
  const options = [
    '-D',
    data,
    '-U',
    'postgres',
    '--encoding=UTF8',
    '--auth=reject',
    '--no-sync',
    '--no-instructions',
  ];
  // Order by code point is the same on every machine, so no system upgrade can corrupt an index.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  for (const characterType of characterTypes) {
    const { code, output } = await run(
      binaries.initdb,
      [...options, ...locale, `--lc-ctype=${characterType}`],
      user,
    );
    if (code === 0) return;
    if (!output.includes('invalid locale name')) throw failed('initdb', data, output);
  }
}

/**
 * In single-user mode, so that role and database are there before anybody can connect, and the superuser needs no
 * password. The statements go through stdin: nothing secret is in a command line.
 */
async function createDatabase(
  data: string,
  user: SystemUser | undefined,
  binaries: Binaries,
  password: string,
): Promise<void> {
  const statements =
    `create role ${databaseName} login createdb password '${password}';\n` +
    `create database ${databaseName} owner ${databaseName};\n`;
  const settings = ['-c', 'exit_on_error=on', '-c', 'fsync=off'];
  const args = ['--single', '-D', data, ...settings, 'postgres'];
  await mustSucceed(data, user, binaries.postgres, args, statements);
}

async function mustSucceed(
  data: string,
  user: SystemUser | undefined,
  file: string,
  args: readonly string[],
  input?: string,
): Promise<void> {
  const { code, output } = await run(file, args, user, input);
  if (code !== 0) throw failed(basename(file), data, output);
}

function failed(what: string, where: string, output: string): Error {
  return new Error(
    `Could not make a PostgreSQL cluster: ${what} failed in ${where} and said:\n${output.trim()}\n` +
      `Put that right (a full disk?) and start again, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

async function linkTo(home: string, link: string, log: (line: string) => void): Promise<void> {
  try {
    await symlink(home, link);
    log(
      `The database is kept in ${home}, because its system user cannot reach ${dirname(link)}; ${link} points there`,
    );
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
