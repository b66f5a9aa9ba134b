import { execFile } from 'node:child_process';
import { onTestFinished, describe, expect, it } from 'vitest';
import { ROOT } from '../kit/checkout.js';
import { createTestDatabase } from '../kit/database.js';
import { comment, discussion, post, user } from './records.js';
import { createWorkspace, writeFolder } from './workspace.js';

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `tidings import` as a user would, on a database. */
const runImport = (url: string, folder: string): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'src/cli/tidings.ts', 'import', folder],
      { cwd: ROOT, env: { PATH: process.env['PATH'], DATABASE_URL: url }, maxBuffer: 2 ** 24 },
      (_, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });

async function freshUrl(): Promise<string> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

describe('tidings import', () => {
  it('ends with a summary, and status 0 when everything is loaded', async () => {
    const folder = await writeFolder({ 'posts.jsonl': [post('a'), post('b')] });
    const { status, stdout, stderr } = await runImport(await freshUrl(), folder);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^loading posts\.jsonl$/m);
    expect(stdout).toMatch(/^ +added +changed +unchanged +skipped +rejected$/m);
    expect(stdout).toMatch(/^posts +2 +0 +0 +0 +0$/m);
    expect(stdout).toMatch(/^in \d+\.\d s, at most \d+ MB of memory$/m);
  });

  it('tells each bad line, loads the rest, and ends with status 1', async () => {
    const folder = await writeFolder({
      'posts.jsonl': `${JSON.stringify(post('a'))}\nnot JSON\n${JSON.stringify(post('b', { lang: '' }))}\n`,
    });
    const { status, stdout, stderr } = await runImport(await freshUrl(), folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^rejected posts\.jsonl:2: is not JSON: /m);
    expect(stderr).toMatch(/^rejected posts\.jsonl:3: lang: is not a BCP 47 language tag$/m);
    expect(stderr).toMatch(/^2 records were rejected; everything else is loaded\.$/m);
    expect(stdout).toMatch(/^posts +1 +0 +0 +0 +2$/m);
  });

  it('a record cannot write its own lines to the terminal', async () => {
    const folder = await writeFolder({
      'posts.jsonl': [post('a', { author_ids: ['x\u001B[2J\nrejected nothing\u009B1m'] })],
    });
    const { stderr } = await runImport(await freshUrl(), folder);
    expect(stderr.split('\n')[0]).toBe(
      'rejected posts.jsonl:1: author_ids: "x\uFFFD[2J\uFFFDrejected nothing\uFFFD1m" is no author here',
    );
  });

  it('a folder that is not there is one line and status 1', async () => {
    const { status, stdout, stderr } = await runImport(await freshUrl(), '/nonexistent');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^tidings: \/nonexistent cannot be read: ENOENT[^\n]*\n$/);
  });

  it('needs little memory for 160 MB of comments that have no place here', async () => {
    const { url, load } = await createWorkspace();
    await load({ 'users.jsonl': [user('ann')], 'discussions.jsonl': [discussion('talk', null)] });
    const block = Array.from({ length: 100 }, (_, place) => comment(`c${place}`, { body: 'x'.repeat(8000) }));
    const lines = Buffer.from(block.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const folder = await writeFolder({
      'comments.jsonl': Buffer.concat(Array.from({ length: Math.ceil(160e6 / lines.length) }, () => lines)),
    });
    const { status, stdout } = await runImport(url, folder);
    expect(status).toBe(0);
    const peak = Number(/at most (\d+) MB/.exec(stdout)?.[1]);
    expect(peak).toBeGreaterThan(50);
    expect(peak).toBeLessThan(400);
  });
});
