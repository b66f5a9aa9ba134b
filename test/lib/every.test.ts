import { describe, expect, it, vi } from 'vitest';
import { every } from '../../src/lib/every.js';

const NEVER = 1_000_000;

describe('work that is done again and again', () => {
  it('begins at once, and never twice at the same time', async () => {
    let underWay = 0;
    let most = 0;
    let runs = 0;
    const repetition = every(
      1,
      async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setTimeout(resolve, 3));
        underWay -= 1;
        runs += 1;
        return undefined;
      },
      () => undefined,
    );
    await vi.waitFor(() => expect(runs).toBeGreaterThan(5));
    await repetition.stop();
    expect(most).toBe(1);
  });

  it('comes sooner than its interval when it wants to', async () => {
    let runs = 0;
    const work = () => {
      runs += 1;
      return Promise.resolve(runs < 3 ? 1 : undefined);
    };
    const repetition = every(NEVER, work, () => undefined);
    await vi.waitFor(() => expect(runs).toBe(3));
    await repetition.stop();
  });

  it('is waited for when it is stopped, and does not come again', async () => {
    let resolve: (wait: number) => void = () => undefined;
    const promise = new Promise<number>((settle) => {
      resolve = settle;
    });
    let runs = 0;
    const work = () => {
      runs += 1;
      return promise;
    };
    const repetition = every(1, work, () => undefined);
    const order: string[] = [];
    const stop = async (): Promise<void> => {
      await repetition.stop();
      order.push('stopped');
    };
    const stopping = stop();
    order.push('asked to');
    resolve(0);
    order.push('work done');
    await stopping;
    expect(order).toEqual(['asked to', 'work done', 'stopped']);
    expect(runs).toBe(1);
  });

  it('tells of its failures once in a row, and goes on', async () => {
    const outcomes = [true, false, false, true, false];
    const heard: unknown[] = [];
    let turn = 0;
    const repetition = every(
      1,
      () => {
        const isGood = outcomes[turn] ?? true;
        turn += 1;
        return isGood ? Promise.resolve(undefined) : Promise.reject(new Error(`turn ${turn}`));
      },
      (error) => heard.push(error),
    );
    await vi.waitFor(() => expect(turn).toBeGreaterThan(outcomes.length));
    await repetition.stop();
    expect(heard.map(String)).toEqual(['Error: turn 2', 'Error: turn 5']);
  });
});
