import { resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const list = z
  .string()
  .transform((value) => value.split(',').map((item) => item.trim()))
  .pipe(z.array(z.url({ protocol: /^https?$/ })));

/** Every variable, what it may be, and what it is without one. README.md has the same table; a test compares them. */
const variables = {
  PORT: port.default(4000),
  HOST: z.string().min(1).default('localhost'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  AUTH_SECRET: z.string().min(32).optional(),
  ALLOWED_ORIGINS: list.default([]),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  TIDINGS_DATA_DIR: z.string().min(1).default('.tidings'),
  TIDINGS_DEMO: flag.default(true),
  TIDINGS_MAX_BODY_BYTES: whole(1_000, 100_000_000).default(2_000_000),
  TIDINGS_POOL_SIZE: whole(1, 1_000).default(10),
  TIDINGS_STATEMENT_TIMEOUT_MS: whole(0, 600_000).default(10_000),
};

const environment = z.object(variables).refine((env) => env.NODE_ENV !== 'production' || env.AUTH_SECRET, {
  path: ['AUTH_SECRET'],
  message: 'is required in production: at least 32 random characters, the same on every instance',
});

/** The names of all variables that are read. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(variables);

/** How this process is set up. */
export type Config = Readonly<ReturnType<typeof readConfig>>;

/** The environment is not usable; the message is one line that names the variable and says why. */
export class ConfigError extends Error {}

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
    throw new ConfigError(
      `${issue?.path.join('.') ?? 'The environment'}: ${issue?.message ?? 'not usable'}.`,
    );
  }
  const { data } = result;
  return Object.freeze({
    port: data.PORT,
    host: data.HOST,
    /** Absent: the embedded server under `dataDir`. */
    databaseUrl: data.DATABASE_URL,
    /** Absent: generated and kept under `dataDir`. */
    authSecret: data.AUTH_SECRET,
    allowedOrigins: data.ALLOWED_ORIGINS,
    logLevel: data.LOG_LEVEL,
    production: data.NODE_ENV === 'production',
    dataDir: resolve(data.TIDINGS_DATA_DIR),
    demo: data.TIDINGS_DEMO,
    /** Bytes. */
    maxBodyBytes: data.TIDINGS_MAX_BODY_BYTES,
    poolSize: data.TIDINGS_POOL_SIZE,
    /** Milliseconds. */
    statementTimeout: data.TIDINGS_STATEMENT_TIMEOUT_MS,
  });
}
