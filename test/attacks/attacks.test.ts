import { describe, expect, test } from 'vitest';
import type { TestApp } from '../kit/app.js';
import { usePublication } from '../kit/publication.js';
import { post } from '../transport/requests.js';
import type { Attack } from './attack.js';
import { CASES } from './cases.js';
import { circles } from './schemaSecrets.js';
import { type Outcome, type Way, WAYS, waysFor } from './sending.js';

/** Milliseconds of CPU that a document may take which is refused. */
const MOST_CPU = 50;

const bodyOf = ({ query, variables, operationName, extensions }: Attack): string =>
  JSON.stringify({ query, variables, operationName, extensions });

/** The same document as another text, so that nothing of it is remembered. */
const anew = (attack: Attack, time: number): string =>
  bodyOf({ ...attack, ...(typeof attack.query === 'string' && { query: `${attack.query}\n#${time}` }) });

/** What the outcome should be, over this way. */
function expectedOver(way: string, { expected, socket = expected, http = expected }: Attack): string {
  if (way === 'WebSocket') return socket;
  return way === 'POST' || way === 'GET' ? http : expected;
}

/** Asked before an operation of a connection that stays open is looked at: whether its rights are current. */
const RIGHTS = 'events.heads';

/** What is wrong with the words of an answer. */
function problemsOf({ says, hidden, query }: Attack, { messages, text }: Outcome): string[] {
  const [first = ''] = messages;
  const problems: Readonly<Record<string, boolean>> = {
    'does not say what it should': says !== undefined && !says.test(first),
    'says too much at once': messages.length >= 10,
    guesses: /did you mean/i.test(text),
    'tells a name': hidden !== undefined && new RegExp(`\\b${hidden}\\b`).test(text),
    'is much longer than what was sent':
      messages.length > 0 && text.length > 2_000 + 2 * String(query).length,
  };
  return Object.entries(problems).flatMap(([problem, isThere]) => (isThere ? [problem] : []));
}

/** Statements that ran although the operation was refused: nothing may be read for it. */
const statementsAgainst = ({ expected, reads }: Attack, names: readonly (string | undefined)[]) =>
  expected === 'ANSWERED' || reads ? [] : names.filter((name) => name !== RIGHTS);

/** How an attack went by one way. */
async function attempt(app: TestApp, attack: Attack, [way, send]: [string, Way]) {
  const outcomes: Outcome[] = [];
  const statements = await app.statementsOf(async () => outcomes.push(await send(app, bodyOf(attack))));
  const [outcome = { code: 'NOTHING', data: null, messages: [], text: '' }] = outcomes;
  const isAnswer = !outcome.code.startsWith('CLOSED');
  return {
    way,
    code: outcome.code,
    ...(attack.data !== undefined && { data: outcome.data }),
    problems: isAnswer ? problemsOf(attack, outcome) : [],
    statements: statementsAgainst(
      attack,
      statements.map(({ name }) => name),
    ),
  };
}

const attemptsOf = async (app: TestApp, attack: Attack) => {
  const attempts = [];
  for (const way of waysFor(attack, bodyOf(attack))) attempts.push(await attempt(app, attack, way));
  return attempts;
};

/** How it should go. */
const expectedOf = (attack: Attack) =>
  waysFor(attack, bodyOf(attack)).map(([way]) => ({
    way,
    code: expectedOver(way, attack),
    ...(attack.data !== undefined && { data: attack.data }),
    problems: [],
    statements: [],
  }));

/** Milliseconds of CPU of this process while something is refused, at best: others use the machine, too. */
async function cpuOf(app: TestApp, attack: Attack): Promise<number> {
  const times: number[] = [];
  // What else the machine does only ever adds.
  for (let time = 1; time <= 10 && !(Math.min(...times) < MOST_CPU && time > 3); time += 1) {
    const body = anew(attack, time);
    const before = process.cpuUsage();
    await (await post(app.endpoint, body)).text();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
  }
  return Math.min(...times);
}

const named = (attacks: readonly Attack[]): [string, string, Attack][] =>
  attacks.map((attack) => [attack.name, attack.expected, attack]);

const isTimed = ({ query, expected, mostCpu }: Attack): boolean =>
  typeof query === 'string' && (expected !== 'ANSWERED' || mostCpu !== undefined);

describe('in production', () => {
  const publication = usePublication({ NODE_ENV: 'production' });

  test.for(named(CASES))('%s is %s', async ([, , attack]) => {
    expect(await attemptsOf(publication.app, attack)).toEqual(expectedOf(attack));
  });

  test.for(named(CASES.filter(isTimed)))('%s is %s within a moment', async ([, , attack]) => {
    expect(await cpuOf(publication.app, attack)).toBeLessThan(attack.mostCpu ?? MOST_CPU);
  });

  test('nothing of it made the instance complain', async () => {
    for (const attack of CASES) await WAYS['POST']?.(publication.app, bodyOf(attack));
    expect(publication.app.logged).toEqual([]);
    expect(await publication.app.query('{ posts(first: 1) { nodes { id } } }')).toMatchObject({
      posts: { nodes: [{}] },
    });
  });
});

describe('where introspection is on', () => {
  const publication = usePublication();

  test.for(named(circles))('%s is %s', async ([, , attack]) => {
    expect(await attemptsOf(publication.app, attack)).toEqual(expectedOf(attack));
    expect(await cpuOf(publication.app, attack)).toBeLessThan(MOST_CPU);
  });
});
