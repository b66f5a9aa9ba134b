import type { LoggedEvent } from '../events/catalogue.js';

/** Events that add something, and take nothing out of sight. */
const ADDS = /^(?:comment|entry|reaction)\.added$/;

/** Events that nobody sees but who they concern: no answer to somebody unknown changes. */
const PRIVATE = /^(?:session|apiToken|follow|bookmark)\.|^comment\.reported$/;

/** What happened: nothing, only such as adds something, or more than that. */
export type Happened = 'NOTHING' | 'ADDITIONS' | 'MORE';

/** What happened to posts, as far as viewers see it whom nobody knows. */
export interface Happenings {
  note(this: void, events: readonly LoggedEvent[]): void;
  /** @param moment milliseconds, of the clock of this process; no longer ago than is remembered. */
  since(this: void, moment: number, posts: ReadonlySet<string>): Happened;
}

/** The post that an event is about, alone; undefined: it may show anywhere. */
const postOf = ({ type, payload }: LoggedEvent): string | undefined =>
  !type.startsWith('post.') && 'postId' in payload ? payload.postId : undefined;

/** @param memory milliseconds for which it is remembered. */
export function createHappenings(memory: number): Happenings {
  /** By post: when something last happened to it, or was added. The last one is at the end. */
  const changed = new Map<string, number>();
  const added = new Map<string, number>();
  let everythingAt = -Infinity;

  const forget = (times: Map<string, number>, now: number): void => {
    for (const [post, at] of times) {
      if (now - at <= memory) break;
      times.delete(post);
    }
  };

  return {
    note(events) {
      const now = performance.now();
      for (const event of events) {
        if (PRIVATE.test(event.type)) continue;
        const post = postOf(event);
        if (post === undefined) {
          everythingAt = now;
          continue;
        }
        const times = ADDS.test(event.type) ? added : changed;
        times.delete(post);
        times.set(post, now);
      }
      forget(changed, now);
      forget(added, now);
    },
    since(moment, posts) {
      if (moment <= everythingAt) return 'MORE';
      let happened: Happened = 'NOTHING';
      for (const post of posts) {
        if (moment <= (changed.get(post) ?? -Infinity)) return 'MORE';
        if (moment <= (added.get(post) ?? -Infinity)) happened = 'ADDITIONS';
      }
      return happened;
    },
  };
}
