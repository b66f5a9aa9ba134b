import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

// Every message completes "NAME must be ...".

/** Only digits: Number('') is 0 and Number('0x10') is 16, which nobody meant. */
function whole(least: number, most: number) {
  const what = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, what)
    .transform(Number)
    .refine((value) => value >= least && value <= most, what);
}

const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, `one of ${values.join(', ')}`);

const isOrigin = (value: string): boolean =>
  /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;

const origins = z
  .string()
  .transform((value) => value.split(',').map((item) => item.trim()))
  // With a path, or only a slash, no browser would ever send it, and the page would be refused without a word.
  .refine(
    (items) => items.every(isOrigin),
    'origins joined by commas, such as https://news.example,http://localhost:5173, without a slash at the end',
  );

const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'an address such as postgres://user:password@host:5432/database',
});

const redisUrl = z.url({
  protocol: /^rediss?$/,
  error: 'an address such as redis://user:password@host:6379/0, or rediss:// for TLS',
});

const isNetwork = (value: string): boolean => ipaddr.isValid(value) || ipaddr.isValidCIDR(value);

const networks = z
  .string()
  .transform((value) => value.split(',').map((item) => item.trim()))
  .refine((items) => items.every(isNetwork), 'addresses or ranges joined by commas, such as 10.0.0.0/8,::1');

const STRONG_SECRET = 'at least 32 random characters, the same on every instance';

/**
 * Every variable, what it may be, and what it is without one. README.md has the same table; a test compares them.
 */
const variables = {
  /** Where the server listens. 0: any free port. */
  PORT: whole(0, 65_535).default(4000),
  /** The interface, by name or address; 0.0.0.0 for all. */
  HOST: z.string().default('localhost'),
  /** PostgreSQL 15 to 18. Without it: an embedded server under TIDINGS_DATA_DIR. */
  DATABASE_URL: databaseUrl.optional(),
  /** Signs what clients keep for us, such as cursors. Without it: made once and kept under TIDINGS_DATA_DIR. */
  AUTH_SECRET: z.string().min(32, STRONG_SECRET).optional(),
  /** The AUTH_SECRET before this one: what it signed is still good. To be removed after 30 days. */
  AUTH_SECRET_PREVIOUS: z.string().min(32, STRONG_SECRET).optional(),
  /** Counts for all instances together. Without it each counts for itself. */
  REDIS_URL: redisUrl.optional(),
  /** Reverse proxies whose X-Forwarded-For names the client. */
  TRUSTED_PROXIES: networks.default([]),
  /** Web pages of these origins may call the API, beside our own. */
  ALLOWED_ORIGINS: origins.default([]),
  /** JSON lines on stdout, from this level on. */
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  /** production: neither GraphiQL nor introspection, and AUTH_SECRET must be given. */
  NODE_ENV: oneOf('development', 'production', 'test').default('development'),
  /** Holds the embedded database and the kept secret. */
  TIDINGS_DATA_DIR: z.string().default('.tidings'),
  /** 1: an empty embedded database gets the demo publication. */
  TIDINGS_DEMO: oneOf('0', '1').default('1'),
  /** 1: the coverage of the demo publication is played again on each start, as if it happened now. */
  TIDINGS_DEMO_REPLAY: oneOf('0', '1').default('0'),
  /** Hours for which a stream can be resumed: as long as events are kept. */
  TIDINGS_EVENT_RETENTION_HOURS: whole(1, 87_600).default(168),
  /** The longest request body, in bytes; a longer one is LIMIT_EXCEEDED. */
  TIDINGS_MAX_BODY_BYTES: whole(1_000, 100_000_000).default(2_000_000),
  /** Database connections of one instance, at most. */
  TIDINGS_POOL_SIZE: whole(1, 1_000).default(10),
  /** Milliseconds after which PostgreSQL gives up a statement; 0: never. */
  TIDINGS_STATEMENT_TIMEOUT_MS: whole(0, 600_000).default(10_000),
  /** Milliseconds after which an operation is answered with UNAVAILABLE, should the database hang. */
  TIDINGS_OPERATION_TIMEOUT_MS: whole(100, 600_000).default(15_000),
  /** Connections that stay open (WebSocket, SSE) from one network address, at most; loopback addresses are not counted. */
  TIDINGS_CONNECTIONS_PER_ADDRESS: whole(1, 1_000_000).default(10_000),
  /** Connections that stay open of one user, at most. */
  TIDINGS_CONNECTIONS_PER_VIEWER: whole(1, 1_000_000).default(2_000),
  /** Subscriptions of one connection at a time, at most. */
  TIDINGS_SUBSCRIPTIONS_PER_CONNECTION: whole(1, 10_000).default(50),
  /** Operations that one connection begins in a second, at most. */
  TIDINGS_OPERATIONS_PER_SECOND: whole(1, 10_000).default(100),
};

const environment = z.object(variables);

/** The names of all variables that are read. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(variables);

/** How this process is set up. */
export type Config = Readonly<ReturnType<typeof readConfig>>;

/** The environment is not usable; the message is one line that names the variable and says why. */
export class ConfigError extends Error {}

/** These are never repeated, not even when they are wrong: terminals and logs keep what they show. */
const SECRET: ReadonlySet<string> = new Set([
  'AUTH_SECRET',
  'AUTH_SECRET_PREVIOUS',
  'DATABASE_URL',
  'REDIS_URL',
]);

/**
 * Reads the environment once.
 *
 * @throws ConfigError for a value that is not allowed, and for a TIDINGS_ variable that does not exist (a typing error
 *   would otherwise be a limit that silently isn't there).
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const unknown = Object.keys(env).find(
    (name) => name.startsWith('TIDINGS_') && !VARIABLE_NAMES.includes(name),
  );
  if (unknown !== undefined) {
    throw new ConfigError(`${unknown} is not a setting of Tidings. There are: ${VARIABLE_NAMES.join(', ')}.`);
  }
  // An empty variable is how shells and compose files say "not set".
  const given = Object.fromEntries(
    VARIABLE_NAMES.map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const result = environment.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    const name = String(issue?.path[0]);
    const instead = SECRET.has(name) ? '' : `, not ${JSON.stringify(given[name])}`;
    throw new ConfigError(`${name} must be ${issue?.message}${instead}.`);
  }
  const { data } = result;
  if (data.TIDINGS_DEMO_REPLAY === '1' && data.TIDINGS_POOL_SIZE < 2) {
    throw new ConfigError(
      'TIDINGS_DEMO_REPLAY needs a connection of its own: TIDINGS_POOL_SIZE must be 2 or more.',
    );
  }
  const production = data.NODE_ENV === 'production';
  if (production && data.AUTH_SECRET === undefined) {
    throw new ConfigError(`AUTH_SECRET is required in production: ${STRONG_SECRET}.`);
  }
  return Object.freeze({
    port: data.PORT,
    host: data.HOST,
    /** Absent: the embedded server under `dataDir`. */
    databaseUrl: data.DATABASE_URL,
    /** Absent: generated and kept under `dataDir`. */
    authSecret: data.AUTH_SECRET,
    /** Absent: it was never replaced. */
    previousAuthSecret: data.AUTH_SECRET_PREVIOUS,
    /** Absent: what instances share elsewhere, this one keeps in memory. */
    redisUrl: data.REDIS_URL,
    trustedProxies: data.TRUSTED_PROXIES,
    allowedOrigins: data.ALLOWED_ORIGINS,
    logLevel: data.LOG_LEVEL,
    production,
    dataDir: resolve(data.TIDINGS_DATA_DIR),
    demo: data.TIDINGS_DEMO === '1',
    demoReplay: data.TIDINGS_DEMO_REPLAY === '1',
    /** Hours. */
    eventRetention: data.TIDINGS_EVENT_RETENTION_HOURS,
    /** Bytes. */
    maxBodyBytes: data.TIDINGS_MAX_BODY_BYTES,
    poolSize: data.TIDINGS_POOL_SIZE,
    /** Milliseconds. */
    statementTimeout: data.TIDINGS_STATEMENT_TIMEOUT_MS,
    /** Milliseconds. */
    operationTimeout: data.TIDINGS_OPERATION_TIMEOUT_MS,
    /** Of connections that stay open. */
    connectionLimits: {
      perAddress: data.TIDINGS_CONNECTIONS_PER_ADDRESS,
      perViewer: data.TIDINGS_CONNECTIONS_PER_VIEWER,
      subscriptions: data.TIDINGS_SUBSCRIPTIONS_PER_CONNECTION,
      operationsPerSecond: data.TIDINGS_OPERATIONS_PER_SECOND,
    },
  });
}
