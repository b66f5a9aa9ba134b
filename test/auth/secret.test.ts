import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keptSecret } from '../../src/auth/secret.js';

it('a kept secret is made once, however many ask for it, and is its owner’s alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-secret-'));
  try {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => keptSecret(folder)));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
    expect(await keptSecret(folder)).toBe(secrets[0]);
    expect(await readdir(folder)).toEqual(['auth-secret']);
    expect((await stat(join(folder, 'auth-secret'))).mode & 0o777).toBe(0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
