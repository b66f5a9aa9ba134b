import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startDemoReplay } from '../../src/demoReplay.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import { DEMO_REPLAY_POST_ID } from '../../src/lib/replayIds.js';
import { startTestApp } from '../kit/app.js';
import { createDemoDatabase } from '../kit/demo.js';
import { playedInto, stateOf, useTheatre } from './theatre.js';

const PATIENCE = { timeout: 20_000, interval: 50 };

describe('the replay of the demo publication', () => {
  const theatre = useTheatre(createDemoDatabase);

  it('begins in the background, and ends with the server', async () => {
    const reported: unknown[] = [];
    const replay = startDemoReplay({ ...theatre.means, report: (error) => reported.push(error) });
    await vi.waitFor(
      async () => expect(await playedInto(theatre, DEMO_REPLAY_POST_ID)).not.toEqual([]),
      PATIENCE,
    );
    expect(await stateOf(theatre, DEMO_REPLAY_POST_ID)).toBe('LIVE');
    await replay.stop();
    expect(await stateOf(theatre, DEMO_REPLAY_POST_ID)).toBe('ENDED');
    await replay.stop();
    expect(reported).toEqual([]);
  });
});

describe('a publication that has no such coverage', () => {
  const theatre = useTheatre();

  it('reports that there is nothing to replay', async () => {
    const reported: unknown[] = [];
    const replay = startDemoReplay({ ...theatre.means, report: (error) => reported.push(error) });
    await vi.waitFor(() => expect(reported).toHaveLength(1), PATIENCE);
    await replay.stop();
    expect(await theatre.sql`select 1 from posts`).toEqual([]);
  });
});

describe('an instance', { timeout: 60_000 }, () => {
  const theatre = useTheatre(createDemoDatabase);
  const read = 'query ($id: ID!) { post(by: { id: $id }) { coverage { status entryCount } } }';
  const variables = { id: encodeId('Post', DEMO_REPLAY_POST_ID) };
  interface Found {
    readonly post: { readonly coverage: { readonly status: string; readonly entryCount: number } } | null;
  }

  it('replays the demo publication when it is asked to, until it stops, and not otherwise', async () => {
    const quiet = await startTestApp({ DATABASE_URL: theatre.url });
    onTestFinished(() => quiet.stop());
    expect(await quiet.query(read, variables)).toEqual({ post: null });
    const app = await startTestApp({ DATABASE_URL: theatre.url, TIDINGS_DEMO_REPLAY: '1' });
    onTestFinished(() => app.stop());
    await vi.waitFor(async () => {
      const { post } = await quiet.query<Found>(read, variables);
      expect(post?.coverage.status).toBe('LIVE');
      expect(post?.coverage.entryCount).toBeGreaterThan(0);
    }, PATIENCE);
    await app.stop();
    const { post } = await quiet.query<Found>(read, variables);
    expect(post?.coverage.status).toBe('ENDED');
    expect(app.logged).toEqual([]);
  });
});
