import { isIP } from 'node:net';
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

const databaseUrl = z
  .url({
    protocol: /^postgres(ql)?$/,
    error: 'an address such as postgres://user:password@host:5432/database',
  })
  // It would win over ours, and statements that are well would be taken for dead.
  .refine(
    (value) => !new URL(value).searchParams.has('statement_timeout'),
    'an address without statement_timeout: TIDINGS_STATEMENT_TIMEOUT_MS is for that',
  );

const databaseUrls = z
  .string()
  .transform((value) => value.split(',').map((item) => item.trim()))
  .refine(
    (items) => items.every((item) => databaseUrl.safeParse(item).success),
    'addresses joined by commas, such as postgres://user:password@host:5432/database',
  );

const redisUrl = z.url({
  protocol: /^rediss?$/,
  error: 'an address such as redis://user:password@host:6379/0, or rediss:// for TLS',
});

/** In the usual spelling only: `1`, which others read as a number of proxies, would be the address 0.0.0.1. */
const isNetwork = (value: string): boolean => {
  const [address = ''] = value.split('/');
  return isIP(address) !== 0 && (address === value || ipaddr.isValidCIDR(value));
};

const networks = z
  .string()
  .transform((value) => value.split(',').map((item) => item.trim()))
  .refine((items) => items.every(isNetwork), 'addresses or ranges joined by commas, such as 10.0.0.0/8,::1');

/** From 1,000 points on: an operation may cost as many, and would wait forever for more than a full bucket has. */
const BUCKET = 'points/points a second, such as 20000/2000, from 1000/1 to 1000000000/1000000000';
const MOST_POINTS = 1_000_000_000;

/** How many points a full bucket has, and how many come back in a second. */
const bucket = z
  .string()
  .regex(/^\d{1,10}\/\d{1,10}$/, BUCKET)
  .transform((value) => {
    const [maximum = 0, restoreRate = 0] = value.split('/').map(Number);
    return { maximum, restoreRate };
  })
  .refine(({ maximum }) => maximum >= 1_000 && maximum <= MOST_POINTS, BUCKET)
  .refine(({ restoreRate }) => restoreRate >= 1 && restoreRate <= MOST_POINTS, BUCKET);

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
  /** Streaming replicas of DATABASE_URL, which what is only read is read from. */
  DATABASE_REPLICA_URLS: databaseUrls.default([]),
  /**
   * Signs and seals what clients and tables keep for us: cursors, access tokens, answers under idempotency keys. Without it: made
   * once and kept under TIDINGS_DATA_DIR.
   */
  AUTH_SECRET: z.string().min(32, STRONG_SECRET).optional(),
  /** The AUTH_SECRET before this one: what it signed or sealed is still good. To be removed after 30 days. */
  AUTH_SECRET_PREVIOUS: z.string().min(32, STRONG_SECRET).optional(),
  /**
   * Shared by all instances: wakes streams, counts points and wrong passwords, keeps persisted documents, knows the readers of a
   * post and who wrote just now. Without it each does so for itself, and finds events in the log.
   */
  REDIS_URL: redisUrl.optional(),
  /** Reverse proxies whose X-Forwarded-For names the client. */
  TRUSTED_PROXIES: networks.default([]),
  /** Web pages of these origins may call the API, beside our own. */
  ALLOWED_ORIGINS: origins.default([]),
  /** JSON lines on stdout, from this level on. */
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  /** production: neither GraphiQL nor introspection unless they are turned on, and AUTH_SECRET must be given. */
  NODE_ENV: oneOf('development', 'production', 'test').default('development'),
  /** Holds the embedded database and the kept secret. */
  TIDINGS_DATA_DIR: z.string().default('.tidings'),
  /** 1: an empty embedded database gets the demo publication. */
  TIDINGS_DEMO: oneOf('0', '1').default('1'),
  /** 1: the coverage of the demo publication is played again on each start, as if it happened now. */
  TIDINGS_DEMO_REPLAY: oneOf('0', '1').default('0'),
  /** Hours for which a stream can be resumed: as long as events are kept. */
  TIDINGS_EVENT_RETENTION_HOURS: whole(1, 87_600).default(168),
  /** 1: browsers that open the endpoint get GraphiQL. Without it: 1, and 0 in production. */
  TIDINGS_GRAPHIQL: oneOf('0', '1').optional(),
  /** 1: clients may ask for the schema. Without it: 1, and 0 in production. */
  TIDINGS_INTROSPECTION: oneOf('0', '1').optional(),
  /** Seconds for which caches may keep what anonymous viewers are answered to a GET; 0: they ask each time. */
  TIDINGS_CACHE_SECONDS: whole(0, 86_400).default(5),
  /** Milliseconds that an answer to a viewer whom nobody knows may be older than its question; 0: none is. */
  TIDINGS_ANSWER_AGE_MS: whole(0, 1_000).default(900),
  /** 0: each request sends all of its statements itself, also while another one asks the same. */
  TIDINGS_SHARED_READS: oneOf('0', '1').default('1'),
  /** Milliseconds that the event loop may be late on average until requests are answered with 503; 0: never. */
  TIDINGS_MAX_LOOP_DELAY_MS: whole(0, 60_000).default(1_000),
  /** Percent of its memory that the process may use until requests are answered with 503; 0: never. */
  TIDINGS_MAX_MEMORY_PERCENT: whole(0, 100).default(90),
  /** A file that lists the only documents that may run, as client tools write it. Without it any may. */
  TIDINGS_TRUSTED_DOCUMENTS: z.string().optional(),
  /** The longest request body, in bytes; a longer one is LIMIT_EXCEEDED. */
  TIDINGS_MAX_BODY_BYTES: whole(1_000, 100_000_000).default(2_000_000),
  /** Database connections of one instance, at most. */
  TIDINGS_POOL_SIZE: whole(1, 1_000).default(10),
  /** Milliseconds after which an operation that got no database connection is answered with UNAVAILABLE; 0: never. */
  TIDINGS_POOL_WAIT_MS: whole(0, 600_000).default(2_000),
  /** Milliseconds that a replica may be behind; one that is further behind is not read from. */
  TIDINGS_REPLICA_MAX_LAG_MS: whole(2_000, 600_000).default(5_000),
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
  /** Points that one operation may cost. */
  TIDINGS_MAX_COST: whole(100, 1_000_000).default(1_000),
  /** A port of its own for /metrics, on the interface of HOST; 0: any free port. Without it none is opened. */
  TIDINGS_METRICS_PORT: whole(0, 65_535).optional(),
  /** Who has it may read /metrics: on the port of its own, or on the main port when there is none. */
  TIDINGS_METRICS_TOKEN: z.string().min(16, 'at least 16 random characters').optional(),
  /** Where traces go. The SDK reads this and its other OTEL_ variables itself. Without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'an address such as http://collector:4318' })
    .optional(),
  /** 1: each field has a span; it wraps every resolver. */
  TIDINGS_TRACE_FIELDS: oneOf('0', '1').default('0'),
  /** The bucket of a network address, for all behind it who are not signed in: often many. */
  TIDINGS_THROTTLE_ANONYMOUS: bucket.prefault('20000/2000'),
  /** The bucket of a user, by role. */
  TIDINGS_THROTTLE_READER: bucket.prefault('10000/1000'),
  TIDINGS_THROTTLE_AUTHOR: bucket.prefault('10000/1000'),
  TIDINGS_THROTTLE_MODERATOR: bucket.prefault('20000/2000'),
  TIDINGS_THROTTLE_EDITOR: bucket.prefault('20000/2000'),
  TIDINGS_THROTTLE_ADMIN: bucket.prefault('20000/2000'),
  /** The bucket of an API token, whatever its user's role. */
  TIDINGS_THROTTLE_API_TOKEN: bucket.prefault('50000/5000'),
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
  'DATABASE_REPLICA_URLS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'REDIS_URL',
  'TIDINGS_METRICS_TOKEN',
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
  const tooSmall = VARIABLE_NAMES.find((name) => {
    const value = data[name as keyof typeof data];
    return (
      name.startsWith('TIDINGS_THROTTLE_') &&
      (value as { readonly maximum: number }).maximum < data.TIDINGS_MAX_COST
    );
  });
  if (tooSmall !== undefined) {
    throw new ConfigError(
      `${tooSmall} must have at least as many points as one operation may cost: TIDINGS_MAX_COST, ${data.TIDINGS_MAX_COST}.`,
    );
  }
  const production = data.NODE_ENV === 'production';
  if (production && data.AUTH_SECRET === undefined) {
    throw new ConfigError(`AUTH_SECRET is required in production: ${STRONG_SECRET}.`);
  }
  /** What explains the API to whoever looks at it: for those who build with it. */
  const usual = production ? '0' : '1';
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
    graphiql: (data.TIDINGS_GRAPHIQL ?? usual) === '1',
    introspection: (data.TIDINGS_INTROSPECTION ?? usual) === '1',
    cacheSeconds: data.TIDINGS_CACHE_SECONDS,
    /** Milliseconds; 0: none is older than its question. */
    answerAge: data.TIDINGS_ANSWER_AGE_MS,
    /** Whether requests that read the same at once share a statement, and anonymous ones an answer. */
    sharedReads: data.TIDINGS_SHARED_READS === '1',
    /** When new requests are refused. */
    pressure: {
      /** Milliseconds. */
      loopDelay: data.TIDINGS_MAX_LOOP_DELAY_MS,
      memoryPercent: data.TIDINGS_MAX_MEMORY_PERCENT,
    },
    /** The file that lists the only documents that may run; absent: any may. */
    trustedDocuments: data.TIDINGS_TRUSTED_DOCUMENTS,
    /** Bytes. */
    maxBodyBytes: data.TIDINGS_MAX_BODY_BYTES,
    poolSize: data.TIDINGS_POOL_SIZE,
    /** Milliseconds; 0: for ever. */
    poolWait: data.TIDINGS_POOL_WAIT_MS,
    replicaUrls: data.DATABASE_REPLICA_URLS,
    /** Milliseconds. */
    replicaMaxLag: data.TIDINGS_REPLICA_MAX_LAG_MS,
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
    /** Absent: none of its own. */
    metricsPort: data.TIDINGS_METRICS_PORT,
    /** Absent: the main port has no metrics. */
    metricsToken: data.TIDINGS_METRICS_TOKEN,
    /** Absent: nothing is traced. */
    tracesEndpoint: data.OTEL_EXPORTER_OTLP_ENDPOINT,
    traceFields: data.TIDINGS_TRACE_FIELDS === '1',
    /** Points. */
    mostCost: data.TIDINGS_MAX_COST,
    /** Points, and points a second. */
    throttle: {
      ANONYMOUS: data.TIDINGS_THROTTLE_ANONYMOUS,
      READER: data.TIDINGS_THROTTLE_READER,
      AUTHOR: data.TIDINGS_THROTTLE_AUTHOR,
      MODERATOR: data.TIDINGS_THROTTLE_MODERATOR,
      EDITOR: data.TIDINGS_THROTTLE_EDITOR,
      ADMIN: data.TIDINGS_THROTTLE_ADMIN,
      API_TOKEN: data.TIDINGS_THROTTLE_API_TOKEN,
    },
  });
}
