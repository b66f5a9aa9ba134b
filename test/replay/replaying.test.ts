import { EventEmitter, once } from 'node:events';
import { v7 } from 'uuid';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeId } from '../../src/graphql/globalIds.js';
import { REPLAYER_ID } from '../../src/lib/replayIds.js';
import type { Changes } from '../../src/changes/change.js';
import { openDatabase } from '../../src/db/client.js';
import { createReplayer, dueTimes } from '../../src/replay.js';
import { playedInto, stateOf, useTheatre } from './theatre.js';

const LINES = [
  { at: 0, body: 'Kick-off', kind: 'NOTE', isKey: true },
  { at: 60, body: '*One* shot', speaker: 'Kim' },
  { at: 61, body: 'Taken back', isRetracted: true },
  { at: 3_600, body: '5 * 5 * 5', format: 'TEXT', speaker: 'Ada', isKey: true },
  { at: 3_600, body: 'Nobody in particular' },
] as const;

const SHOWN = [
  { body: 'Kick-off', format: 'MARKDOWN', kind: 'NOTE', speaker: null, key: true },
  { body: '*One* shot', format: 'MARKDOWN', kind: 'UTTERANCE', speaker: 'Kim', key: false },
  { body: '5 * 5 * 5', format: 'TEXT', kind: 'UTTERANCE', speaker: 'Ada', key: true },
  { body: 'Nobody in particular', format: 'MARKDOWN', kind: 'UTTERANCE', speaker: null, key: false },
];

describe('a replay', () => {
  const theatre = useTheatre();
  const bodies = async (postId: string) => (await playedInto(theatre, postId)).map(({ body }) => body);

  it('adds what stood in the coverage, in its order, as if it happened now', async () => {
    const piece = await theatre.write(LINES);
    const [{ now } = { now: new Date() }] = await theatre.sql<{ now: Date }[]>`
      select date_trunc('milliseconds', clock_timestamp()) as now`;
    expect(await theatre.play(piece.slug)).toEqual({ played: 4, entries: 4 });
    const played = await playedInto(theatre, piece.replayId);
    expect(played).toMatchObject(SHOWN);
    expect(played.filter(({ at }) => at < now)).toEqual([]);
  });

  it('is an event for each entry between the beginning and the end', async () => {
    const piece = await theatre.write(LINES);
    await theatre.play(piece.slug);
    const heard = await theatre.sql<{ type: string }[]>`
      select type from events where topic = ${`post:${piece.replayId}:coverage`} order by seq`;
    const added = SHOWN.map(() => 'entry.added');
    expect(heard.map(({ type }) => type)).toEqual(['coverage.started', ...added, 'coverage.ended']);
    expect(await stateOf(theatre, piece.replayId)).toBe('ENDED');
  });

  it('goes into a post like that of the coverage, published, with an id known before', async () => {
    const piece = await theatre.write(LINES, { language: 'de', tag: 'Sailing' });
    await theatre.play(piece.slug);
    expect(
      await theatre.sql`select title, slug, summary, language, status,
          array(select name from tags join post_tags on tag_id = tags.id where post_id = posts.id) as tags,
          array(select username || ' ' || role from users join post_authors on user_id = users.id
            where post_id = posts.id) as authors
        from posts where id = ${piece.replayId}`,
    ).toEqual([
      {
        title: `The ${piece.slug} (replay)`,
        slug: `the-${piece.slug}-replay`,
        summary: 'In short',
        language: 'de',
        status: 'PUBLISHED',
        tags: ['Sailing'],
        authors: ['replay AUTHOR'],
      },
    ]);
  });

  it('leaves the coverage that it plays as it was', async () => {
    const piece = await theatre.write(LINES);
    const read = () => theatre.sql`select coverages.*, posts.updated_at, posts.version
      from coverages join posts on posts.id = post_id where coverages.id = ${piece.id}`;
    const before = await read();
    await theatre.play(piece.slug);
    expect(await read()).toEqual(before);
    expect(await playedInto(theatre, piece.postId)).toHaveLength(LINES.length);
  });

  it('goes on behind the entries of the time before when it is played again', async () => {
    const piece = await theatre.write(LINES);
    await theatre.play(piece.slug);
    const before = await playedInto(theatre, piece.replayId);
    await theatre.play(piece.slug);
    const after = await playedInto(theatre, piece.replayId);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length)).toMatchObject(SHOWN);
    expect(await stateOf(theatre, piece.replayId)).toBe('ENDED');
  });

  it('begins with an empty post, and the same id, when an editor has deleted the old one', async () => {
    const piece = await theatre.write(LINES);
    await theatre.play(piece.slug);
    await theatre.sql`delete from posts where id = ${piece.replayId}`;
    await theatre.play(piece.slug);
    expect(await playedInto(theatre, piece.replayId)).toHaveLength(SHOWN.length);
  });

  it('goes on where one that was killed left a live coverage', async () => {
    const piece = await theatre.write(LINES);
    await theatre.play(piece.slug);
    await theatre.sql`update coverages set status = 'LIVE', ended_at = null where post_id = ${piece.replayId}`;
    await theatre.play(piece.slug);
    expect(await stateOf(theatre, piece.replayId)).toBe('ENDED');
  });

  it('finds the coverage by every id it has', async () => {
    const piece = await theatre.write([{ at: 0, body: 'Here' }]);
    const ids = [
      piece.slug,
      piece.externalId,
      encodeId('Coverage', piece.id),
      encodeId('Post', piece.postId),
    ];
    for (const which of ids) await theatre.play(which);
    expect(await bodies(piece.replayId)).toEqual(ids.map(() => 'Here'));
  });

  it('ends the coverage when it is stopped in the middle', async () => {
    const piece = await theatre.write(LINES);
    const stopping = new AbortController();
    const replayed = await theatre.play(piece.slug, {
      speed: 1,
      longestPause: 1_000_000,
      signal: stopping.signal,
      onEntry: () => stopping.abort(),
    });
    expect(replayed).toEqual({ played: 1, entries: 4 });
    expect(await bodies(piece.replayId)).toEqual(['Kick-off']);
    expect(await stateOf(theatre, piece.replayId)).toBe('ENDED');
  });

  it('ends, and says why, when it loses the claim that keeps others from playing the same', async () => {
    const piece = await theatre.write(LINES);
    const replaying = theatre.play(piece.slug, {
      speed: 1,
      longestPause: 1_000_000,
      onEntry: () =>
        void theatre.sql`
          select pg_terminate_backend(pid) from pg_locks join pg_database on oid = pg_locks.database
          where locktype = 'advisory' and datname = current_database()`.execute(),
    });
    await expect(replaying).rejects.toThrow('its claim on the coverage was lost');
    expect(await bodies(piece.replayId)).toEqual(['Kick-off']);
    expect(await stateOf(theatre, piece.replayId)).toBe('ENDED');
    expect(await theatre.play(piece.slug)).toMatchObject({ played: 4 });
  });

  it('keeps its claim over pauses that are longer than any connection may be silent', async () => {
    const piece = await theatre.write(LINES.slice(0, 2));
    const client = openDatabase({ url: theatre.url, poolSize: 2, statementTimeout: 300 });
    onTestFinished(() => client.close());
    const played = createReplayer({ ...theatre.means, db: client.db }).play(piece.slug, {
      speed: 1,
      longestPause: 4_500,
      signal: new AbortController().signal,
    });
    expect(await played).toEqual({ played: 2, entries: 2 });
  });

  it('says what went wrong first, when after that it cannot even be ended', async () => {
    const piece = await theatre.write(LINES);
    let failures = 0;
    let isAway = false;
    const changes: Changes = {
      run: (caller, work) =>
        isAway
          ? Promise.reject(new Error(`failure ${(failures += 1)}`))
          : theatre.means.changes.run(caller, work),
    };
    const replaying = createReplayer({ ...theatre.means, changes }).play(piece.slug, {
      speed: 1_000_000,
      longestPause: 1,
      signal: new AbortController().signal,
      onEntry: () => (isAway = true),
    });
    await expect(replaying).rejects.toThrow('failure 1');
    expect(failures).toBe(2);
  });

  it('is refused while the same coverage is being replayed', async () => {
    const piece = await theatre.write(LINES);
    const stopping = new AbortController();
    const stage = new EventEmitter();
    const begun = once(stage, 'entry');
    const first = theatre.play(piece.slug, {
      speed: 1,
      longestPause: 1_000_000,
      signal: stopping.signal,
      onEntry: (played) => stage.emit('entry', played),
    });
    await begun;
    await expect(theatre.play(piece.slug)).rejects.toThrow('This coverage is being replayed already.');
    stopping.abort();
    expect(await first).toMatchObject({ played: 1 });
    expect(await theatre.play(piece.slug)).toMatchObject({ played: 4 });
  });

  it('says what it will be before it begins', async () => {
    const piece = await theatre.write(LINES);
    const told: unknown[] = [];
    const onEntry = (played: number): number => told.push(played);
    await theatre.play(piece.slug, {
      longestPause: 2,
      speed: 1,
      onStart: ({ post, ...rest }) => told.push({ id: post.id, ...rest }),
      onEntry,
    });
    expect(told).toEqual([{ id: piece.replayId, entries: 4, duration: 4 }, 1, 2, 3, 4]);
  });

  it('can not be had of what does not exist, is not published or says nothing', async () => {
    const draft = await theatre.write(LINES, { status: 'DRAFT' });
    const empty = await theatre.write([{ at: 0, isRetracted: true }]);
    for (const which of [
      'nowhere',
      encodeId('Coverage', v7()),
      encodeId('Post', v7()),
      encodeId('User', v7()),
    ]) {
      await expect(theatre.play(which)).rejects.toThrow(`There is no coverage "${which}".`);
    }
    await expect(theatre.play(draft.slug)).rejects.toThrow('not published');
    await expect(theatre.play(empty.slug)).rejects.toThrow('no entries');
    expect(await theatre.sql`select 1 from posts where id in (${draft.replayId}, ${empty.replayId})`).toEqual(
      [],
    );
  });
});

describe('the account that replays', () => {
  const theatre = useTheatre();

  describe('on a new publication', () => {
    const premiere = useTheatre();

    it('is made once by two replays that begin at the same moment, and both are played', async () => {
      const pieces = [await premiere.write(LINES), await premiere.write(LINES)];
      const plays = await premiere.sql.begin(async (tx) => {
        await tx`lock table users in share row exclusive mode`;
        const begun = pieces.map(({ slug }) => premiere.play(slug));
        // Both have found that there is no account yet.
        await vi.waitFor(async () => {
          const waiting = await tx`select 1 from pg_locks where not granted and relation = 'users'::regclass`;
          expect(waiting).toHaveLength(2);
        }, 10_000);
        return { begun };
      });
      expect(await Promise.all(plays.begun)).toEqual(pieces.map(() => ({ played: 4, entries: 4 })));
      expect(await premiere.sql`select username from users where id = ${REPLAYER_ID}`).toEqual([
        { username: 'replay' },
      ]);
    });
  });

  it('lets nobody sign in, takes a name that is free, and is written down', async () => {
    await theatre.sql`insert into users (id, username, name) values (${v7()}, 'replay', 'Somebody')
      on conflict do nothing`;
    await theatre.play((await theatre.write(LINES)).slug);
    const [account] = await theatre.sql`
      select username, role, email, password_hash from users where id = ${REPLAYER_ID}`;
    expect(account).toEqual({ username: 'replay-2', role: 'AUTHOR', email: null, password_hash: null });
    expect(
      await theatre.sql`select operation, action, actor_id from audit_log where subject_id = ${REPLAYER_ID}`,
    ).toEqual([{ operation: 'house account', action: 'USER_SET_ROLE', actor_id: null }]);
  });

  it.each(['suspended_at = now()', `role = 'READER'`])('plays nothing after %s', async (taken) => {
    const name = `theirs-${v7()}`;
    await theatre.sql`insert into users (id, username, name, role) values (${REPLAYER_ID}, ${name}, 'Replay', 'AUTHOR')
      on conflict do nothing`;
    await theatre.sql`update users set ${theatre.sql.unsafe(taken)} where id = ${REPLAYER_ID}`;
    onTestFinished(async () => {
      await theatre.sql`delete from users where id = ${REPLAYER_ID} and username = ${name}`;
      await theatre.sql`update users set suspended_at = null, role = 'AUTHOR' where id = ${REPLAYER_ID}`;
    });
    const piece = await theatre.write(LINES);
    await expect(theatre.play(piece.slug)).rejects.toThrow(/is suspended|may not do this/);
    expect(await theatre.sql`select 1 from posts where id = ${piece.replayId}`).toEqual([]);
  });
});

describe('the time between entries', () => {
  const entries = [0, 10, 10, 100].map((second) => ({ occurredAt: new Date(second * 1000) }));

  it('is as long as it was', () => {
    expect(dueTimes(entries, { speed: 1, longestPause: Infinity })).toEqual([0, 10_000, 10_000, 100_000]);
  });

  it('is shorter at a higher speed, longer at a lower one', () => {
    expect(dueTimes(entries, { speed: 10, longestPause: Infinity })).toEqual([0, 1_000, 1_000, 10_000]);
    expect(dueTimes(entries, { speed: 0.5, longestPause: Infinity }).at(-1)).toBe(200_000);
  });

  it('is never longer than the longest pause', () => {
    expect(dueTimes(entries, { speed: 2, longestPause: 6_000 })).toEqual([0, 5_000, 5_000, 11_000]);
  });
});
