import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/sight/logger.js';

/** What a logger writes of these details. */
function lineOf(details: object): string {
  const lines: string[] = [];
  createLogger('info', { write: (line) => void lines.push(line) }).info(details, 'said');
  return lines.join('');
}

const errorOf = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);

describe('the log', () => {
  it.for<[string, Error]>([
    ['the password of an address', errorOf('cannot reach postgres://tidings:hush@db:5432/tidings')],
    ['a password with an @ in it', errorOf('cannot reach redis://x:a@hush@cache:6379')],
    [
      'an address that is none',
      errorOf('Invalid URL', { input: 'postgres://u:hush@h', code: 'ERR_INVALID_URL' }),
    ],
    ['the arguments of a command', errorOf('NOAUTH', { command: { name: 'auth', args: ['hush'] } })],
    [
      'the parameters of a statement',
      errorOf('Failed query: select $1\nparams: hush', { query: 'select $1', params: ['hush'] }),
    ],
    [
      'a value that PostgreSQL quotes',
      errorOf('invalid input syntax for type uuid: "hush"', { code: '22P02' }),
    ],
    [
      'a row that PostgreSQL tells of',
      errorOf('violates a check', { code: '23514', detail: 'Failing row contains (hush)' }),
    ],
    ['a bearer token', errorOf('refused: Bearer hush')],
    ['a signed token', errorOf('bad token eyJhbGciOiJIUzI1NiJ9.hush.hush')],
    ['an e-mail address', errorOf('no such user: hush@example.org')],
    [
      'what is no JSON',
      (() => {
        try {
          return JSON.parse('hush') as Error;
        } catch (error) {
          return error as Error;
        }
      })(),
    ],
    ['a cause', new Error('outer', { cause: errorOf('Bearer hush') })],
    ['what is no error', { secret: 'hush' } as unknown as Error],
  ])('does not hold %s', ([, err]) => {
    expect(lineOf({ err })).not.toContain('hush');
  });

  it.for(['authorization', 'cookie', 'password', 'token', 'email', 'headers', 'body', 'query', 'variables'])(
    'hides what is called %s',
    (name) => {
      expect(lineOf({ [name]: { inside: 'hush' } })).not.toContain('hush');
    },
  );

  it('keeps what an operator needs of an error', () => {
    const error = errorOf('duplicate key value violates unique constraint "users_email"', {
      code: '23505',
      constraint_name: 'users_email',
    });
    expect(JSON.parse(lineOf({ err: error }))).toMatchObject({
      msg: 'said',
      err: {
        type: 'Error',
        message: 'duplicate key value violates unique constraint "users_email"',
        code: '23505',
        constraint_name: 'users_email',
        stack: expect.stringMatching(/^ {4}at /) as string,
      },
    });
  });
});
