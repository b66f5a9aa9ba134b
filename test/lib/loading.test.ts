import { describe, expect, it } from 'vitest';
import { createRowLoader, ownedRows } from '../../src/lib/loading.js';

describe('owned rows', () => {
  const rows = [{ owner: 'a' }, { owner: 'b' }, { owner: 'a' }];

  it('are those whose owner loads', async () => {
    const owners = createRowLoader<{ id: string }>('owners', () =>
      Promise.resolve(new Map([['a', { id: 'a' }]])),
    );
    expect(await ownedRows(rows, owners, (row) => row.owner)).toEqual([{ owner: 'a' }, { owner: 'a' }]);
  });

  it('are none when the owners cannot be asked: the load fails', async () => {
    const owners = createRowLoader<{ id: string }>('owners', () =>
      Promise.reject(new Error('statement timeout')),
    );
    await expect(ownedRows(rows, owners, (row) => row.owner)).rejects.toThrow('statement timeout');
  });
});
