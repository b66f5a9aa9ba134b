import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, mkdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ifPresent, messageOf } from './files.js';

/** The system user the server runs as when we are root. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Where a data folder's cluster lives. */
export interface Place {
  /** Holds `data/` (the cluster), `log/`, `password` and `start.log`; absent before the first start. */
  readonly home: string;
  /** Whom PostgreSQL's programs run as; undefined: as ourselves. */
  readonly user: SystemUser | undefined;
  /** The link to make in the data folder when the cluster lives elsewhere. */
  readonly link: string | undefined;
}

/** Where clusters and binaries of root go when the server's user cannot reach the data folder. */
export const rootStore = '/var/lib/tidings';

/**
 * PostgreSQL refuses to run as root. A `postgres` user exists for exactly this; `nobody` is the one account that
 * is everywhere. We make no accounts. (`_postgres` is macOS's name.)
 */
const candidates = ['postgres', '_postgres', 'nobody'];

/**
 * Decides where the cluster of a data folder lives and who runs it. Creates the data folder when absent.
 *
 * @throws Error when the cluster belongs to somebody else, lies where its user cannot reach it, or is gone
 */
export async function placeCluster(dataDir: string): Promise<Place> {
  const isRoot = process.geteuid?.() === 0;
  const folder = await makeDataFolder(dataDir, isRoot);
  const usual = join(folder, 'postgres');

  const home = await existingHome(usual);
  if (home !== undefined) return { home, user: await ownerOf(home, isRoot), link: undefined };
  if (!isRoot) return { home: usual, user: undefined, link: undefined };

  const user = await unprivilegedUser();
  if ((await firstClosedFolder(folder, user)) === undefined) return { home: usual, user, link: undefined };
  await mkdir(rootStore, { recursive: true, mode: 0o711 });
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return { home: join(rootStore, key), user, link: usual };
}

/** Its real path. Root's server runs as another user, who must be able to pass through. */
async function makeDataFolder(dataDir: string, isRoot: boolean): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
    return await realpath(dataDir);
  } catch (error) {
    throw new Error(
      `Cannot use the data folder ${dataDir}: ${messageOf(error)}. ` +
        `Choose another with TIDINGS_DATA_DIR, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

async function existingHome(usual: string): Promise<string | undefined> {
  const entry = await ifPresent(lstat(usual));
  if (entry === undefined) return undefined;
  const home = await ifPresent(realpath(usual));
  if (home !== undefined) return home;
  throw new Error(
    `The database of ${dirname(usual)} was kept in ${await readlink(usual)}, and that is gone. ` +
      `Bring it back, or remove the link ${usual} to begin with an empty database.`,
  );
}

/** Whoever owns the cluster runs it, so that `sudo npm start` after `npm start` works on the same data. */
async function ownerOf(home: string, isRoot: boolean): Promise<SystemUser | undefined> {
  const me = process.geteuid?.();
  const { uid } = await stat(home);
  if (me !== undefined && !isRoot && uid !== me) {
    throw new Error(
      `The database in ${home} belongs to user id ${uid}, and this process runs as user id ${me}. ` +
        `Run as that user, choose another TIDINGS_DATA_DIR, or set DATABASE_URL.`,
    );
  }
  const data = join(home, 'data');
  const owner = await ifPresent(stat(data));
  if (owner === undefined) {
    throw new Error(
      `${home} is there but holds no PostgreSQL cluster (no ${data}). ` +
        `Move it away to begin with an empty database, or put its content back.`,
    );
  }
  if (!isRoot) return undefined;
  if (owner.uid === 0)
    throw new Error(`${data} belongs to root, as whom PostgreSQL refuses to run: chown -R it`);
  const user = { uid: owner.uid, gid: owner.gid };
  const closed = await firstClosedFolder(data, user);
  if (closed === undefined) return user;
  throw new Error(
    `The database in ${home} belongs to user id ${user.uid}, who cannot pass through ${closed}: ` +
      `chmod o+x ${closed}, or choose another TIDINGS_DATA_DIR, or set DATABASE_URL.`,
  );
}

async function unprivilegedUser(): Promise<SystemUser> {
  const accounts = new Map<string, SystemUser>();
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [name, , uid, gid] = line.split(':');
    // macOS writes nobody as -2; stat gives the unsigned form.
    if (name !== undefined && uid && gid)
      accounts.set(name, { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 });
  }
  for (const name of candidates) {
    const user = accounts.get(name);
    if (user !== undefined) return user;
  }
  throw new Error(
    `PostgreSQL refuses to run as root, and /etc/passwd has none of the users ${candidates.join(', ')} to run it. ` +
      `Start Tidings as an ordinary user, or set DATABASE_URL.`,
  );
}

/** The outermost folder on the way to (and including) `path` that `user` may not pass through. */
async function firstClosedFolder(path: string, user: SystemUser): Promise<string | undefined> {
  const parent = dirname(path);
  const above = parent === path ? undefined : await firstClosedFolder(parent, user);
  if (above !== undefined) return above;
  return mayPass(await stat(path), user) ? undefined : path;
}

function mayPass({ mode, uid, gid }: Stats, user: SystemUser): boolean {
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
