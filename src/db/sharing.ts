import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Asking, createAsking } from '../lib/asking.js';
import { signals } from '../lib/signals.js';
import { within } from '../lib/time.js';
import type { Pool, StatementText } from './pool.js';

/**
 * Milliseconds that a group waits for the one before it, for each that is under way: what is slow, or never answered, holds up
 * nobody else for longer, and is not sent again and again.
 */
const LONGEST_WAIT = 100;

/** A statement that is not sent yet: whoever asks for the same joins those who wait for it. */
interface Group {
  /** How many still do. */
  waiting: number;
  /** All of them together: it gives up when the last one did. */
  readonly asking: Asking;
  readonly answer: Promise<unknown>;
}

/** Those who ask for the same, one group after the other. */
interface Line {
  /** Takes in whoever comes. */
  next: Group | undefined;
  /** Settles, and never fails, when what was sent last is answered. */
  underWay: Promise<void> | undefined;
  /** How many are sent and not answered. */
  sent: number;
}

/** Tells parameters apart; undefined for such as JSON does not know. */
function keyOf(parameters: unknown, asArrays: boolean): string | undefined {
  try {
    return `${asArrays ? 'arrays' : 'rows'} ${JSON.stringify(parameters)}`;
  } catch {
    return undefined;
  }
}

/** Rows as the driver made them, which are for several. */
function frozen(rows: unknown): unknown {
  for (const row of rows as readonly object[]) Object.freeze(row);
  return Object.freeze(rows);
}

/** Waits with the others of a group, as long as somebody wants. */
function join(group: Group, asking: Asking | undefined): Promise<unknown> {
  group.waiting += 1;
  if (asking === undefined) return group.answer;
  return new Promise((resolve, reject) => {
    const forget = asking.whenGivenUp((reason) => {
      group.waiting -= 1;
      if (group.waiting === 0) group.asking.giveUp();
      reject(reason);
    });
    group.answer.then(
      (rows) => {
        forget();
        return resolve(rows);
      },
      (error: unknown) => {
        forget();
        reject(error);
      },
    );
  });
}

/**
 * A pool for those who only read: what several ask for at once is asked of PostgreSQL once. Nobody is answered with what was
 * read before they asked: whoever comes while a statement is under way waits for the next one, together with all who come
 * until then. So a crowd that reads the same takes one connection while that is fast, and each is answered with what was
 * committed when they came. What they get are the same rows for all, frozen.
 */
export function sharing(pool: Pool): Pool {
  const lines = new Map<string, Map<string, Line>>();

  const lineOf = (text: string, key: string): Line => {
    let alike = lines.get(text);
    if (alike === undefined) lines.set(text, (alike = new Map<string, Line>()));
    let line = alike.get(key);
    if (line === undefined) alike.set(key, (line = { next: undefined, underWay: undefined, sent: 0 }));
    return line;
  };

  /** Forgets a line where nobody is any more. */
  const leave = (line: Line, text: string, key: string): void => {
    const alike = lines.get(text);
    if (line.sent > 0 || line.next !== undefined || alike?.get(key) !== line) return;
    alike.delete(key);
    if (alike.size === 0) lines.delete(text);
  };

  const openGroup = (line: Line, statement: StatementText, asArrays: boolean, key: string): Group => {
    const asking = createAsking();
    const send = (): Promise<unknown> => {
      if (line.next === group) line.next = undefined;
      if (asking.hasGivenUp) leave(line, statement[0], key);
      asking.check();
      line.sent += 1;
      const answer = pool.run(statement, asArrays, asking);
      const end = (): void => {
        line.sent -= 1;
        if (line.underWay === underWay) line.underWay = undefined;
        leave(line, statement[0], key);
      };
      const underWay = answer.then(end, end);
      line.underWay = underWay;
      return asArrays ? answer : answer.then(frozen);
    };
    // Whoever asks in this turn of the loop is in it.
    const begin = line.underWay ? within(LONGEST_WAIT * line.sent, line.underWay, undefined) : nextTurn();
    const group: Group = { waiting: 0, asking, answer: begin.then(send) };
    return group;
  };

  return {
    async run(statement, asArrays, asking) {
      asking?.check();
      const key = keyOf(statement[1], asArrays);
      if (key === undefined) return pool.run(statement, asArrays, asking);
      const line = lineOf(statement[0], key);
      if (line.next === undefined || line.next.asking.hasGivenUp) {
        line.next = openGroup(line, statement, asArrays, key);
      } else if (signals.shared.isHeard) signals.shared.say({ text: statement[0] });
      return join(line.next, asking);
    },
    begin: (work, asking) => pool.begin(work, asking),
    get numbers() {
      return pool.numbers;
    },
  };
}
