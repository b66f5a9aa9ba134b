import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_STATUS, isErrorCode } from '../../src/lib/errors.js';
import { ROOT } from '../kit/checkout.js';

const filesIn = async (folder: string, end: string): Promise<string[]> =>
  (await readdir(join(ROOT, folder), { recursive: true }))
    .filter((name) => name.endsWith(end))
    .map((name) => join(ROOT, folder, name));

/** Codes of user errors: another catalogue, the enum UserErrorCode of the schema. */
const isUserErrorCode = (code: string): boolean =>
  ['INVALID', 'TAKEN', 'NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'TOO_LONG', 'EXPIRED'].includes(code);

describe('the catalogue of error codes', () => {
  test('has every code that the source gives to an error', async () => {
    const used = new Map<string, string>();
    for (const file of await filesIn('src', '.ts')) {
      const text = await readFile(file, 'utf8');
      const given = text.matchAll(/(?:new DomainError\(\s*|\bcode(?: ===|:) )'([A-Z][A-Z_]{3,})'/g);
      for (const [, code = ''] of given) used.set(code, file);
    }
    expect(used.size).toBeGreaterThan(3);
    expect(
      [...used].filter(([code]) => !isErrorCode(code) && !isUserErrorCode(code) && !code.startsWith('E')),
    ).toEqual([]);
  });

  test('has every code that a description of the schema promises', async () => {
    for (const file of await filesIn('schema', '.graphql')) {
      const descriptions = (await readFile(file, 'utf8')).match(/"""[\s\S]*?"""|"[^"\n]+"/g) ?? [];
      const promised = descriptions.join('\n').match(/\b(BAD|CURSOR|UN|NOT|LIMIT)[A-Z]*_[A-Z_]+\b/g) ?? [];
      for (const code of promised) expect(isErrorCode(code), `${code} in ${file}`).toBe(true);
    }
  });

  test('is the table of docs/ERRORS.md, with the same statuses', async () => {
    const text = await readFile(join(ROOT, 'docs/ERRORS.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \| (.+) \| (.+) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)]))).toEqual(ERROR_STATUS);
  });
});
