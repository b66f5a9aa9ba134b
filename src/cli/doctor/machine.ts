import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Config } from '../../config.js';
import { explain } from '../explain.js';
import { type Finding, ok, problem, warning } from './findings.js';
import { LOOPBACK } from './settings.js';

/** Milliseconds for whoever listens on our port to say who it is. */
const PATIENCE = 1_000;

/** Open files beside connections of clients: of the database, Redis, libraries, logs. */
const OTHER_FILES = 200;

/** Bytes that are free where the embedded database is: too few to go on, and few. */
const NO_SPACE = 100_000_000;
const LITTLE_SPACE = 1_000_000_000;

/** The same floor as `engines` in package.json: Apollo Server 5 needs it. */
export function checkNode(): Finding {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? ok('node', `Node ${node}`)
    : problem('node', `Node ${node} is too old`, 'install 20.19 or newer');
}

/** How many files and connections the system lets the process open; undefined where it has no such limit. */
function mostFiles(): number | undefined {
  if (process.report === undefined) return undefined;
  // It would look up the names of all addresses that the process is connected to.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : undefined;
}

/** Every open connection is an open file. Node raises the limit as far as it may by itself. */
export function checkFiles({ connectionLimits, poolSize }: Config): Finding {
  const most = mostFiles();
  if (most === undefined) return ok('files', 'the system does not limit open files');
  const needed = connectionLimits.perAddress + poolSize + OTHER_FILES;
  return most >= needed
    ? ok('files', `${most} open files at most`)
    : warning(
        'files',
        `${most} open files at most: fewer than the ${connectionLimits.perAddress} connections that one address may have`,
        `raise it to ${needed} or more (ulimit -n, LimitNOFILE of systemd, ulimits of compose), or lower TIDINGS_CONNECTIONS_PER_ADDRESS`,
      );
}

/** Where something listens. */
interface Listening {
  readonly host: string;
  readonly port: number;
}

/** What is answered there; undefined: nothing that is well. */
async function answerOf(
  { host, port }: Listening,
  path: string,
  headers: Record<string, string> = {},
): Promise<string | undefined> {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  try {
    const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}${path}`;
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

/** @returns why it cannot be listened on; undefined when it can. */
const tryPort = ({ host, port }: Listening): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });

/** The port is free, or an instance has it already. */
export async function checkPort(config: Config): Promise<Finding> {
  const { host, port } = config;
  const error = await tryPort(config);
  if (error === undefined) return ok('port', `port ${port} is free`);
  if (error.code !== 'EADDRINUSE') {
    return problem('port', `port ${port} on ${host}: ${error.message}`, 'set PORT and HOST to what is ours');
  }
  return (await answerOf(config, '/health/startup')) === '{"status":"ok"}'
    ? ok('port', `port ${port}: an instance runs there`)
    : problem('port', `port ${port} is taken by something else`, 'stop it, or set PORT to another one');
}

/** The port of the metrics, where there is one: it is another one, and not for everybody. */
export async function checkMetrics(config: Config): Promise<readonly Finding[]> {
  const { host, port, metricsPort, metricsToken } = config;
  if (metricsPort === undefined) return [];
  if (metricsPort === port && port !== 0) {
    return [
      problem(
        'metrics',
        `TIDINGS_METRICS_PORT is PORT, ${port}: two servers cannot have the same`,
        'set it to another one, or to nothing: TIDINGS_METRICS_TOKEN alone has /metrics on the main port',
      ),
    ];
  }
  const error = await tryPort({ host, port: metricsPort });
  if (error !== undefined) {
    const headers = metricsToken === undefined ? {} : { authorization: `Bearer ${metricsToken}` };
    const isOurs = (await answerOf({ host, port: metricsPort }, '/metrics', headers))?.includes('tidings_');
    if (isOurs !== true) {
      return [
        problem(
          'metrics',
          `port ${metricsPort}, of the metrics, cannot be had: ${error.message}`,
          'set TIDINGS_METRICS_PORT to one that is free',
        ),
      ];
    }
  }
  return [
    metricsToken === undefined && !LOOPBACK.has(host)
      ? warning(
          'metrics',
          `whoever reaches port ${metricsPort} on ${host} reads the metrics`,
          'let only Prometheus reach it, or set TIDINGS_METRICS_TOKEN',
        )
      : ok('metrics', `metrics on port ${metricsPort}`),
  ];
}

async function checkSpace({ dataDir, databaseUrl }: Config): Promise<readonly Finding[]> {
  if (databaseUrl !== undefined) return [];
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const what = `${Math.floor(free / 1_000_000)} MB are free for the embedded database in ${dataDir}`;
  const todo = 'make room, or set TIDINGS_DATA_DIR to where there is some';
  if (free < NO_SPACE) return [problem('disk', what, todo)];
  return [free < LITTLE_SPACE ? warning('disk', what, todo) : ok('disk', what)];
}

/** The data folder, where something is kept in it: the embedded database, or the secret that was not given. */
export async function checkDataDir(config: Config): Promise<readonly Finding[]> {
  const { dataDir, databaseUrl, authSecret } = config;
  if (databaseUrl !== undefined && authSecret !== undefined) return [];
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return [ok('data', `data folder ${dataDir}`), ...(await checkSpace(config))];
  } catch (error) {
    return [
      problem(
        'data',
        `data folder ${dataDir} cannot be written: ${explain(error, undefined)}`,
        'let the user of this process write there, or set TIDINGS_DATA_DIR, or DATABASE_URL and AUTH_SECRET',
      ),
    ];
  }
}

/** The file of trusted documents. */
export async function checkTrustedDocuments({ trustedDocuments }: Config): Promise<readonly Finding[]> {
  if (trustedDocuments === undefined) return [];
  try {
    await access(trustedDocuments, constants.R_OK);
    return [ok('documents', `only the documents of ${trustedDocuments} may run`)];
  } catch (error) {
    return [
      problem(
        'documents',
        `${trustedDocuments} cannot be read: ${explain(error, undefined)}`,
        'put the manifest there, or set TIDINGS_TRUSTED_DOCUMENTS to where it is',
      ),
    ];
  }
}
