import type { Redis } from 'ioredis';
import { shareReaders } from './presence/sharing.js';

/** How many are watching a post, over all instances. */
export interface Presence {
  /**
   * Somebody begins to watch; call the result when they stop.
   *
   * @param reader is the connection: one reader counts once per post however many streams it has.
   */
  enter(postId: string, reader: string | object): () => void;
  /**
   * Calls with the count whenever it changed, at most 4 times a second, first at once with what is known. The returned function
   * stops it.
   */
  watch(postId: string, hear: (count: number) => void): () => void;
  /** Takes the readers of this instance out of the count, and tells nobody anything more. */
  close(): Promise<void>;
}

/** What presence works with. */
export interface PresenceOptions {
  /** Without it, and while it is away, an instance counts its own readers. It stays the caller's to close. */
  readonly redis?: Redis | undefined;
  /** Milliseconds between two refreshes of what is shared; an instance that missed five is forgotten. */
  readonly intervalMs?: number;
}

/** Milliseconds between two counts that a watcher is told. */
const PAUSE = 250;

interface Watcher {
  readonly hear: (count: number) => void;
  heard: number | undefined;
}

interface WatchedPost {
  /** The readers of this instance, each with the number of its streams. */
  readonly readers: Map<string | object, number>;
  readonly watchers: Set<Watcher>;
  /** How many the other instances have. */
  others: number;
  /** Set while its watchers were told a moment ago. */
  pause: NodeJS.Timeout | undefined;
}

function tell(post: WatchedPost): void {
  if (post.pause !== undefined) return;
  const count = post.readers.size + post.others;
  const unaware = [...post.watchers].filter(({ heard }) => heard !== count);
  if (unaware.length === 0) return;
  post.pause = setTimeout(() => {
    post.pause = undefined;
    tell(post);
  }, PAUSE);
  for (const watcher of unaware) {
    watcher.heard = count;
    watcher.hear(count);
  }
}

/** @see Presence */
export function createPresence({ redis, intervalMs = 2_000 }: PresenceOptions = {}): Presence {
  const posts = new Map<string, WatchedPost>();
  const sharing =
    redis &&
    shareReaders(redis, intervalMs, {
      postIds: () => [...posts.keys()],
      countHere: (postId) => posts.get(postId)?.readers.size ?? 0,
      learn(postId, others) {
        const post = posts.get(postId);
        if (post === undefined) return;
        post.others = others;
        tell(post);
      },
    });

  const postOf = (postId: string): WatchedPost => {
    let post = posts.get(postId);
    if (post === undefined) {
      post = { readers: new Map(), watchers: new Set(), others: 0, pause: undefined };
      posts.set(postId, post);
    }
    return post;
  };

  const forgetWhenEmpty = (postId: string, post: WatchedPost): void => {
    if (post.readers.size > 0 || post.watchers.size > 0) return;
    clearTimeout(post.pause);
    // Whoever stops twice must not take away what came to be meanwhile.
    if (posts.get(postId) === post) posts.delete(postId);
  };

  const leave = (postId: string, reader: string | object): void => {
    const post = postOf(postId);
    const streams = (post.readers.get(reader) ?? 0) - 1;
    if (streams > 0) {
      post.readers.set(reader, streams);
      return;
    }
    post.readers.delete(reader);
    sharing?.changed(postId);
    tell(post);
    forgetWhenEmpty(postId, post);
  };

  return {
    enter(postId, reader) {
      const post = postOf(postId);
      const streams = post.readers.get(reader) ?? 0;
      post.readers.set(reader, streams + 1);
      if (streams === 0) {
        sharing?.changed(postId);
        tell(post);
      }
      let isHere = true;
      return () => {
        if (isHere) leave(postId, reader);
        isHere = false;
      };
    },
    watch(postId, hear) {
      const post = postOf(postId);
      const count = post.readers.size + post.others;
      const watcher: Watcher = { hear, heard: count };
      post.watchers.add(watcher);
      sharing?.wanted(postId);
      hear(count);
      return () => {
        post.watchers.delete(watcher);
        forgetWhenEmpty(postId, post);
      };
    },
    async close() {
      for (const post of posts.values()) {
        clearTimeout(post.pause);
        post.watchers.clear();
      }
      await sharing?.close();
      posts.clear();
    },
  };
}
