import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../kit/database.js';
import { start } from '../start/instance.js';
import { useEmptyDatabase } from './place.js';

const numbers = (users: string, posts: string, comments: string): string[] => [
  '--users',
  users,
  '--posts',
  posts,
  '--comments',
  comments,
];

describe.concurrent('tidings seed', { timeout: 60_000 }, () => {
  const place = useEmptyDatabase();
  const seed = (...args: string[]) => start('tidings', { DATABASE_URL: place.url }, ['seed', ...args]);

  it('says what it does, and sums up', async () => {
    const database = await createTestDatabase();
    try {
      const running = start('tidings', { DATABASE_URL: database.url }, [
        'seed',
        ...numbers('20', '1_0', '3,0'),
      ]);
      const { code, stdout, stderr } = await running.ended();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^loading users\nloading tags\n/);
      expect(stdout).toMatch(/\nmaking indexes and constraints\nanalysing\ncommitting\nusers +20\n/);
      expect(stdout).toMatch(/\nposts +10\n[^]*\ncomments +30\n/);
      expect(stdout).toMatch(/\n\nin \d+\.\d s, at most \d+ MB of memory\n$/);
    } finally {
      await database.drop();
    }
  });

  it.each([
    [numbers('0', '1', '1'), '--users must be a whole number from 1 to 50000000, such as 10000, not "0".'],
    [
      numbers('1', '1.5', '1'),
      '--posts must be a whole number from 0 to 10000000, such as 10000, not "1.5".',
    ],
    [
      numbers('1', '1', 'many'),
      '--comments must be a whole number from 0 to 100000000, such as 10000, not "many".',
    ],
    [
      numbers('1', '0', '2'),
      '--comments must be 0 when there are no posts to comment on, not 2; or set --posts.',
    ],
  ])('refuses %j in one line', async (args, message) => {
    expect(await seed(...args).ended()).toEqual({ code: 1, stdout: '', stderr: `tidings: ${message}\n` });
  });

  it('asks for what is missing', async () => {
    const { code, stderr } = await seed('--users', '1').ended();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tidings: required option '--posts <number>' not specified\n/);
  });
});
