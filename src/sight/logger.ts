import { type DestinationStream, type Logger, pino } from 'pino';

/** Characters of a message that are kept. */
const LONGEST_MESSAGE = 1_000;

/** Causes of causes that are written down. */
const DEEPEST_CAUSE = 5;

/** What errors may say beside their message: names and codes, and nothing that anybody sent. */
const KEPT = [
  'code',
  'severity',
  'routine',
  'schema_name',
  'table_name',
  'column_name',
  'constraint_name',
  'errno',
  'syscall',
  'address',
  'port',
  'statusCode',
] as const;

/** What looks like a secret, wherever it stands. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // In addresses, the user and the password; a password may hold another @.
  [/:\/\/\S*@/g, '://***@'],
  [/\bBearer \S+/gi, 'Bearer ***'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '***'],
  [/[^\s"'<>@]{1,64}@[^\s"'<>@]{1,255}/g, '***'],
];

const without = (text: string): string =>
  SECRETS.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);

/** What an error says, as far as it says nothing that somebody sent or keeps secret. */
function messageOf(error: Error): string {
  // Drizzle's has the whole statement and its parameters.
  if ('query' in error && 'params' in error) return 'A statement failed.';
  // V8 quotes what it could not read.
  if (error instanceof SyntaxError && error.message.includes('JSON')) return 'This is no JSON.';
  const message = without(error.message.slice(0, LONGEST_MESSAGE));
  // Class 22, data exceptions: PostgreSQL quotes the value.
  const isAboutData = 'code' in error && /^22[0-9A-Z]{3}$/.test(String(error.code));
  return isAboutData ? message.replace(/"[^]*"/, '"***"') : message;
}

/** The way to where it was thrown, without the message that stands before it. */
const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n');

/** An error as it is logged. Only what is known to be harmless: errors carry parameters, commands, addresses with passwords. */
function errorRecord(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const kept = KEPT.flatMap((name) => {
    const value: unknown = name in error ? error[name as keyof Error] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [];
  });
  return {
    type: error.name,
    message: messageOf(error),
    ...Object.fromEntries(kept),
    stack: framesOf(error),
    ...(error.cause !== undefined && depth < DEEPEST_CAUSE && { cause: errorRecord(error.cause, depth + 1) }),
  };
}

/** What has no place in a log, should anybody put it there. */
const HIDDEN = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'email',
  'headers',
  'body',
  'query',
  'variables',
] as const;

/**
 * Where lines of the log go: several at a time, for each write costs as much as putting a line together. What is left is written
 * when the process ends by itself, or for an error; only SIGKILL takes the lines of the last moment along.
 *
 * @param to a file descriptor, or a file; without it stdout.
 */
export const writeLinesTo = (to: number | string = 1): DestinationStream =>
  pino.destination({
    dest: to,
    sync: false,
    // It looks through what is there for each line: many kilobytes would cost more than writes do.
    minLength: 16_384,
    maxWrite: 131_072,
    periodicFlush: 100,
    // Whoever reads too slowly loses lines: the process would lose its memory otherwise.
    maxLength: 16_000_000,
  });

/**
 * The log: JSON lines on stdout, or wherever else.
 *
 * @param level the least that is written.
 */
export const createLogger = (level: string, destination = writeLinesTo()): Logger =>
  pino(
    {
      level,
      redact: { paths: [...HIDDEN], censor: '***' },
      serializers: {
        err: (error: unknown) => errorRecord(error),
        error: (error: unknown) => errorRecord(error),
        // Fastify offers them; whatever is worth knowing of them, operations say.
        req: () => undefined,
        res: () => undefined,
      },
    },
    destination,
  );
