import { randomInt, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  getNamedType,
  type GraphQLField,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isObjectType,
} from 'graphql';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isErrorCode } from '../../src/lib/errors.js';
import { createSchema } from '../../src/schema.js';
import { type Answer, type Client, startTestApp, type TestApp } from '../kit/app.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { createPerson, type Person } from '../kit/people.js';
import { inputFor, literalOf } from './hostileInputs.js';
import { createRowCounter, createTargets } from './targets.js';

/** Inputs at once: one look at the tables for all of them. */
const BATCH = 12;
/** 300 inputs for each mutation. */
const BATCHES = 25;
/** Passes until what was refused beside what was carried out has been refused alone. */
const PASSES = 6;

/** Repeat a run with FUZZ_SEED=N. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const schema = createSchema();
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
const enumValues = new Set(
  Object.values(schema.getTypeMap())
    .filter((type) => isEnumType(type))
    .flatMap((type) => type.getValues().map(({ name }) => name)),
);

type Mutation = GraphQLField<unknown, unknown>;

interface Outcome {
  readonly userErrors: readonly {
    readonly code: string;
    readonly message: string;
    readonly field: readonly string[] | null;
  }[];
}

type FuzzAnswer = Answer<Record<string, Outcome | null> | null>;

/** One request. */
interface Attempt {
  readonly sender: 'anonymous' | 'READER' | 'ADMIN';
  readonly input: unknown;
  /** Whether the input stands in the document, instead of a variable. */
  readonly isLiteral: boolean;
  /** Whether it is to be carried out once. */
  readonly isOnce: boolean;
}

/** Everything that a payload answers without further arguments, so that what a mutation made is also read. */
function selectionOf(field: Mutation): string {
  const leavesOf = (type: unknown): string[] =>
    isObjectType(type)
      ? Object.values(type.getFields())
          .filter((one) => isLeafType(getNamedType(one.type)) && one.args.length === 0)
          .map(({ name }) => name)
      : [];
  const payload = getNamedType(field.type);
  const parts = isObjectType(payload) ? Object.values(payload.getFields()) : [];
  return parts
    .map((part) => {
      const type = getNamedType(part.type);
      return isLeafType(type) ? part.name : `${part.name} { __typename ${leavesOf(type).join(' ')} }`;
    })
    .join(' ');
}

/** What was sent, for whoever reads why a test failed. */
const shown = (sent: unknown): string => JSON.stringify(sent).slice(0, 2_000);

describe(`bad input, with seed ${seed}, for`, () => {
  let database: TestDatabase;
  let app: TestApp;
  let sql: postgres.Sql;
  let countRows: () => Promise<Record<string, string>>;
  let reader: Person;
  let admin: Person;
  let others: readonly Person[];

  beforeAll(async () => {
    database = await createDemoDatabase();
    // Each request comes from an address of its own, so that wrong passwords are not what refuses all others.
    app = await startTestApp({ DATABASE_URL: database.url, TRUSTED_PROXIES: '127.0.0.1,::1' });
    sql = postgres(database.url, { max: 4, onnotice: () => undefined });
    countRows = await createRowCounter(sql);
    [reader, admin, ...others] = await Promise.all([
      createPerson({ app, sql }, 'READER'),
      createPerson({ app, sql }, 'ADMIN'),
      createPerson({ app, sql }, 'READER'),
      createPerson({ app, sql }, 'AUTHOR'),
    ]);
  });
  afterAll(async () => {
    await sql.end();
    await app.stop();
    await database.drop();
  });

  const clientOf = (sender: Attempt['sender']): Client =>
    sender === 'anonymous' ? app : sender === 'READER' ? reader : admin;

  const send = (field: Mutation, attempt: Attempt): Promise<FuzzAnswer> => {
    const { name, args } = field;
    const selection = selectionOf(field);
    const headers = {
      'x-forwarded-for': Array.from({ length: 4 }, () => randomInt(1, 255)).join('.'),
      ...(attempt.isOnce && { 'idempotency-key': randomUUID() }),
    };
    const client = clientOf(attempt.sender);
    return attempt.isLiteral
      ? client.send(
          `mutation { ${name}(input: ${literalOf(attempt.input, enumValues)}) { ${selection} } }`,
          {},
          headers,
        )
      : client.send(
          `mutation ($input: ${String(args[0]?.type)}) { ${name}(input: $input) { ${selection} } }`,
          { input: attempt.input },
          headers,
        );
  };

  const isDone = ({ name }: Mutation, { data }: FuzzAnswer): boolean => data?.[name]?.userErrors.length === 0;

  /** An error that a client can do something about, or a user error that names a field of the input, or a success. */
  function expectClear({ name, args }: Mutation, attempt: Attempt, { data, errors = [] }: FuzzAnswer): void {
    for (const { extensions, message } of errors) {
      const said = `${extensions.code}: ${message.slice(0, 500)} for ${shown(attempt)}`;
      expect(isErrorCode(extensions.code), said).toBe(true);
      expect(['INTERNAL_SERVER_ERROR', 'UNAVAILABLE'], said).not.toContain(extensions.code);
    }
    const outcome = data?.[name];
    expect(outcome != null || errors.length > 0, shown(attempt)).toBe(true);
    const type = args[0] && getNamedType(args[0].type);
    const fields = isInputObjectType(type) ? Object.keys(type.getFields()) : [];
    for (const { message, field } of outcome?.userErrors ?? []) {
      const said = `${String(field)}: ${message.slice(0, 500)} for ${shown(attempt)}`;
      expect(message, said).not.toBe('');
      const [first = 'input', second = fields[0]] = field ?? [];
      expect(first, said).toBe('input');
      expect(fields, said).toContain(second);
    }
  }

  /**
   * The tables before and after inputs that are all refused. What is refused beside others that are carried out is sent
   * again, until only such are left.
   */
  async function tablesAround(field: Mutation, attempts: readonly Attempt[]) {
    let waiting = attempts;
    for (let pass = 1; pass <= PASSES; pass += 1) {
      const before = await countRows();
      const answers = await Promise.all(
        waiting.map(async (attempt) => ({ attempt, answer: await send(field, attempt) })),
      );
      for (const { attempt, answer } of answers) expectClear(field, attempt, answer);
      const refused = answers.filter(({ answer }) => !isDone(field, answer));
      if (refused.length === waiting.length) return { before, after: await countRows() };
      // What has no `data` never came to the resolvers.
      waiting = refused.filter(({ answer }) => answer.data !== undefined).map(({ attempt }) => attempt);
    }
    const rows = await countRows();
    return { before: rows, after: rows };
  }

  it('a fuzz that covers every mutation', () => {
    expect(mutations.length).toBeGreaterThan(30);
    for (const { args } of mutations) expect(args.map(({ name }) => name)).toEqual(['input']);
  });

  it.each(mutations.map((field, place) => [field.name, field, seed + place] as const))(
    '%s is answered with a clear error and never makes a row',
    async (name, field, ownSeed) => {
      const logged = app.logged.length;
      const [input] = field.args;
      if (input === undefined) throw new Error(`${name} takes no input.`);
      const targets = await createTargets(sql, {
        others: others.map(({ uuid }) => uuid),
        senders: [reader.uuid, admin.uuid],
      });
      const attempt: fc.Arbitrary<Attempt> = fc.record({
        sender: fc.oneof(
          { weight: 1, arbitrary: fc.constant('anonymous' as const) },
          { weight: 2, arbitrary: fc.constant('READER' as const) },
          { weight: 3, arbitrary: fc.constant('ADMIN' as const) },
        ),
        input: inputFor(input.type, name, targets),
        isLiteral: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
        isOnce: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(attempt, { minLength: BATCH, maxLength: BATCH }), async (attempts) => {
          const { before, after } = await tablesAround(field, attempts);
          expect(after, shown(attempts)).toEqual(before);
        }),
        { numRuns: BATCHES, seed: ownSeed, endOnFailure: true },
      );
      expect(app.logged.slice(logged)).toEqual([]);
    },
    120_000,
  );
});
