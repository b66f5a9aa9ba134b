import { describe, expect, it, vi } from 'vitest';
import { encodeId } from '../../src/graphql/globalIds.js';
import { DEMO_REPLAY_POST_ID } from '../../src/lib/replayIds.js';
import { createDemoDatabase } from '../kit/demo.js';
import { start } from '../start/instance.js';
import { playedInto, stateOf, useTheatre } from './theatre.js';

const DEMO_SLUG = 'harbour-regatta-final-race-live';

describe.concurrent('tidings replay', { timeout: 60_000 }, () => {
  const theatre = useTheatre(createDemoDatabase);
  const replay = (...args: string[]) => start('tidings', { DATABASE_URL: theatre.url }, ['replay', ...args]);

  it('says where to look, plays, and sums up', async () => {
    const { code, stdout, stderr } = await replay('--coverage', DEMO_SLUG, '--speed', '100000').ended();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const id = encodeId('Post', DEMO_REPLAY_POST_ID);
    expect(stdout).toBe(`Harbour Regatta, final race, live (replay): 40 entries in 0 s
  post  ${id}
  slug  ${DEMO_SLUG}-replay
To watch it in GraphiQL, run this there:

subscription { coverageChanged(postId: "${id}") { type entry { occurredAt speaker body } coverage { status } } }

Played all 40 entries; the coverage has ended.
`);
    expect(await playedInto(theatre, DEMO_REPLAY_POST_ID)).toHaveLength(40);
    expect(await stateOf(theatre, DEMO_REPLAY_POST_ID)).toBe('ENDED');
  });

  it('ends the coverage at Ctrl-C, also when it comes twice at once', async () => {
    const piece = await theatre.write([{ at: 0 }, { at: 1_000_000 }]);
    const running = replay('--coverage', piece.slug, '--longest-pause', '1000');
    await vi.waitFor(
      async () => {
        expect(running.child.exitCode, running.said()).toBeNull();
        expect(await playedInto(theatre, piece.replayId)).toHaveLength(1);
      },
      { timeout: 45_000 },
    );
    expect(await stateOf(theatre, piece.replayId)).toBe('LIVE');
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`${piece.slug} (replay): 2 entries in 17 min\n`);
    expect(stdout).toMatch(/\nStopped after 1 of 2 entries; the coverage has ended\.\n$/);
    expect(await stateOf(theatre, piece.replayId)).toBe('ENDED');
  });

  it('says in one line that there is no such coverage, or why it can not be played', async () => {
    const draft = await theatre.write([{ at: 0 }], { status: 'DRAFT' });
    expect(await replay('--coverage', 'nowhere').ended()).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tidings: There is no coverage "nowhere".\n',
    });
    const { code, stderr } = await replay('--coverage', draft.slug).ended();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tidings: The post of this coverage is not published, .*\n$/);
  });

  it.each([
    ['--speed', '0'],
    ['--speed', 'fast'],
    ['--longest-pause', '-1'],
  ])('refuses %s %s in one line', async (option, value) => {
    expect(await replay('--coverage', DEMO_SLUG, option, value).ended()).toEqual({
      code: 1,
      stdout: '',
      stderr: `tidings: ${option} must be a number above 0, such as 60 or 0.5, not "${value}".\n`,
    });
  });
});
