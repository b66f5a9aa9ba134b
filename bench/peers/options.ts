/** What is asked of the bench. */
import { parseArgs } from 'node:util';
import type { Sizes } from './publication.js';
import { WORKS, type Work } from './works.js';

export interface Options {
  readonly works: readonly Work[];
  /** Names of contenders; undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Whether Directus is installed and takes part. */
  readonly withDirectus: boolean;
  readonly rounds: number;
  /** Of each contender in each round. */
  readonly milliseconds: number;
  readonly warmUp: number;
  /** Requests a second of the mix. */
  readonly rate: number;
  readonly sizes: Sizes;
  /** Whether the publication is there already. */
  readonly keepsData: boolean;
  /** A file for everything that was measured. */
  readonly json: string | undefined;
  /** Whether the ratios are compared with those that were kept. */
  readonly checks: boolean;
  /** Whether the ratios are kept. */
  readonly keeps: boolean;
}

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is ${text}: give a whole number.`);
  return value;
};

/** @throws Error that says what is wrong with an argument. */
export function readOptions(given: string[]): Options {
  const { values } = parseArgs({
    args: given,
    options: {
      work: { type: 'string' },
      only: { type: 'string' },
      with: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      warm: { type: 'string', default: '8' },
      rate: { type: 'string', default: '1000' },
      users: { type: 'string', default: '10000' },
      posts: { type: 'string', default: '5000' },
      comments: { type: 'string', default: '50000' },
      data: { type: 'string', default: 'make' },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const names = values.work?.split(',') ?? WORKS;
  const works = WORKS.filter((work) => names.includes(work));
  if (works.length !== names.length) throw new Error(`--work: there are ${WORKS.join(', ')}.`);
  if (!['make', 'keep'].includes(values.data)) throw new Error('--data: there are make and keep.');
  if (values.with !== undefined && values.with !== 'directus') throw new Error('--with: there is directus.');
  // It makes tables of its own, and nobody takes them away.
  if (values.with !== undefined && process.env['DATABASE_URL'])
    throw new Error('--with directus needs a database of its own: unset DATABASE_URL.');
  const keepsData = values.data === 'keep';
  if (keepsData && !process.env['DATABASE_URL']) throw new Error('--data keep needs DATABASE_URL.');
  return {
    works,
    only: values.only?.split(','),
    withDirectus: values.with !== undefined,
    rounds: whole('rounds', values.rounds),
    milliseconds: whole('seconds', values.seconds) * 1_000,
    warmUp: whole('warm', values.warm) * 1_000,
    rate: whole('rate', values.rate),
    sizes: {
      users: whole('users', values.users),
      posts: whole('posts', values.posts),
      comments: whole('comments', values.comments),
    },
    keepsData,
    json: values.json,
    checks: values.check,
    keeps: values.keep,
  };
}
