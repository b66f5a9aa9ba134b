import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from './changes/caller.js';
import type { Changes } from './changes/change.js';
import type { Database } from './db/client.js';
import { saysLost } from './db/lostConnections.js';
import { decodeId } from './graphql/globalIds.js';
import { every } from './lib/every.js';
import { REPLAYER_ID, replayPostId } from './lib/replayIds.js';
import { createOperatingService } from './modules/accounts/public.js';
import { createCoverageRepo } from './modules/coverage/repo/reading.js';
import { createReplayingRepo } from './modules/coverage/repo/replaying.js';
import { createCoverageService } from './modules/coverage/service.js';
import { createPostRepo, type PostRow } from './modules/posts/repo/reading.js';
import { createPostService } from './modules/posts/service.js';
import { tagsBySlug } from './modules/tags/public.js';
import type { BodyRenderer } from './render/pool.js';

/** In whose name replays are written: an author of these posts, and no more than that. */
const REPLAYER = { id: REPLAYER_ID, username: 'replay', name: 'Replay', role: 'AUTHOR' } as const;

const NOT_PUBLISHED = 'The post of this coverage is not published, and a replay would show it to everybody.';
const NO_ENTRIES = 'This coverage has no entries that could be replayed.';
const UNDER_WAY = 'This coverage is being replayed already. Wait for its end, or stop that replay.';
const CLAIM_LOST = 'The replay was stopped: its claim on the coverage was lost. Begin it again.';

/** Milliseconds between two words on the connection that has the claim. */
const CLAIM_EACH = 1_000;

/** What is about to be played. */
export interface Replay {
  /** The post that it is played into. */
  readonly post: PostRow;
  readonly entries: number;
  /** Milliseconds from the first entry to the last. */
  readonly duration: number;
}

/** How fast. */
export interface Tempo {
  /** 1: as it happened; 60: a minute a second. */
  readonly speed: number;
  /** Milliseconds of silence between two entries, at most. */
  readonly longestPause: number;
}

export interface ReplayOptions extends Tempo {
  /** Ends the replay, and with it the coverage. */
  readonly signal: AbortSignal;
  /** Hears what will be played before it begins. */
  readonly onStart?: (replay: Replay) => void;
  /** Hears how many entries have been played. */
  readonly onEntry?: (played: number) => void;
}

/** How a replay ended. */
export interface Replayed {
  readonly played: number;
  readonly entries: number;
}

/** What replays work with. */
export interface ReplayerOptions {
  /** Has two connections at least: one stays with the claim on the post until the end. */
  readonly db: Database;
  readonly changes: Changes;
  readonly renderer: BodyRenderer;
}

/** Milliseconds from the start at which each entry is due. */
export function dueTimes(
  entries: readonly { readonly occurredAt: Date }[],
  { speed, longestPause }: Tempo,
): number[] {
  let due = 0;
  return entries.map(({ occurredAt }, place) => {
    const before = entries[place - 1]?.occurredAt ?? occurredAt;
    due += Math.min((occurredAt.getTime() - before.getTime()) / speed, longestPause);
    return due;
  });
}

/** Waits, unless it is told to stop. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(0, milliseconds), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

type Replaying = ReturnType<typeof createReplayingRepo>;
type Source = Awaited<ReturnType<Replaying['source']>>[number];
type Entries = Awaited<ReturnType<Replaying['entries']>>;

/** The post of a coverage, by the id of either, by its slug, or by its id in the system it came from. */
async function findPost(db: Database, which: string): Promise<string | undefined> {
  const id = decodeId(which);
  if (id?.type === 'Post') return id.uuid;
  if (id?.type === 'Coverage') {
    const [coverage] = await createCoverageRepo(db, { retracted: false }).byIds([id.uuid]);
    return coverage?.postId;
  }
  const posts = createPostRepo(db);
  const [post] = [...(await posts.bySlugs([which])), ...(await posts.byExternalIds([which]))];
  return post?.id;
}

/**
 * Plays coverages that exist as if they happened now, each into a post of its own: through the services, so that every
 * entry is a change with its event, as if an author wrote it.
 *
 * Played again, a coverage goes on behind the entries of the time before: nothing that readers have seen is taken back.
 */
export function createReplayer({ db, changes, renderer }: ReplayerOptions) {
  const posts = createPostService(db, changes, renderer);
  const coverage = createCoverageService(db, changes, renderer);

  /** The post of a replay, written and published unless it is. */
  const preparePost = async (caller: Caller, source: Source): Promise<PostRow> => {
    const id = replayPostId(source);
    const [there] = await createPostRepo(db).byIds([id]);
    if (there === undefined) {
      const { summary, language } = source;
      const title = `${source.title} (replay)`;
      const tags = tagsBySlug(source.tags);
      await posts.create(caller, { id, slug: null, title, summary, language, body: '', tags });
    }
    return posts.publish(caller, { id, at: null });
  };

  const playInto = async (
    caller: Caller,
    { id: postId }: PostRow,
    entries: Entries,
    { signal, onEntry, ...tempo }: ReplayOptions,
  ): Promise<number> => {
    const due = dueTimes(entries, tempo);
    let played = 0;
    const end = () => coverage.end(caller, { postId });
    await coverage.start(caller, { postId });
    const began = performance.now();
    try {
      for (const { body, bodyFormat, kind, speaker, isKey } of entries) {
        await pause(began + (due[played] ?? 0) - performance.now(), signal);
        if (signal.aborted) break;
        const said = { body, bodyFormat, kind, speaker, isKey, occurredAt: null };
        await coverage.addEntry(caller, { postId, ...said });
        played += 1;
        onEntry?.(played);
      }
    } catch (error) {
      // What went wrong is to be said, not that it cannot be ended either.
      await end().catch(() => undefined);
      throw error;
    }
    await end();
    return played;
  };

  return {
    /**
     * Plays one coverage, and ends it: after its last entry, or when it is stopped.
     *
     * @param which the id of the coverage or of its post, its slug, or its id in the system it was imported from.
     * @throws Error that says why it can not be played.
     */
    async play(which: string, options: ReplayOptions): Promise<Replayed> {
      const reading = createReplayingRepo(db);
      const postId = await findPost(db, which);
      const [source] = postId === undefined ? [] : await reading.source(postId);
      if (source === undefined) throw new Error(`There is no coverage ${JSON.stringify(which)}.`);
      if (source.status !== 'PUBLISHED') throw new Error(NOT_PUBLISHED);
      const entries = await reading.entries(source.id);
      if (entries.length === 0) throw new Error(NO_ENTRIES);

      const claim = new AbortController();
      const signal = AbortSignal.any([options.signal, claim.signal]);
      let underWay: Promise<Replayed> | undefined;
      const playAll = async (): Promise<Replayed> => {
        const viewer = await createOperatingService(db, changes).houseViewer(REPLAYER);
        const caller: Caller = { viewer, operation: 'replay', address: null, requestId: null };
        const post = await preparePost(caller, source);
        const duration = dueTimes(entries, options).at(-1) ?? 0;
        options.onStart?.({ post, entries: entries.length, duration });
        const played = await playInto(caller, post, entries, { ...options, signal });
        return { played, entries: entries.length };
      };
      const playClaimed = async (tx: Database): Promise<Replayed> => {
        const isClaimed = () => createReplayingRepo(tx).claim(replayPostId(source));
        if (!(await isClaimed())) throw new Error(UNDER_WAY);
        // Again and again: a connection that is silent for long is taken for dead (src/db/sockets.ts).
        const claiming = every(
          CLAIM_EACH,
          async () => void (await isClaimed()),
          () => claim.abort(),
        );
        try {
          const replayed = await playAll();
          if (claim.signal.aborted) throw new Error(CLAIM_LOST);
          return replayed;
        } finally {
          await claiming.stop();
        }
      };
      try {
        return await db.transaction((tx) => (underWay = playClaimed(tx)));
      } catch (error) {
        const isLost = claim.signal.aborted || saysLost(error);
        // Without its connection nothing keeps others from playing the same: it ends before they begin.
        claim.abort();
        await underWay?.catch(() => undefined);
        throw isLost ? new Error(CLAIM_LOST) : error;
      }
    },
  };
}
