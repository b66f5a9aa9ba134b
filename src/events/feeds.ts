import type { Database } from '../db/client.js';
import { every } from '../lib/every.js';
import { signals } from '../lib/signals.js';
import type { Bus } from './bus.js';
import type { LoggedEvent } from './catalogue.js';
import { createHeads } from './history.js';
import { headsOf, readEvents } from './log.js';

/** Events of a topic that stay in memory for those who are a little behind. */
const REMEMBERED = 256;

/** Events that one statement reads from the log. */
const READ_AT_ONCE = 200;

/** Milliseconds between two looks at the log, and which of them is at every topic while a bus brings what others do. */
const BEAT = 500;
const BEATS_BETWEEN_FULL = 4;

/**
 * Milliseconds after an event in which whoever keeps something from before it hears of it although it is read from the log. By two
 * clocks, so it is longer than anything is kept.
 */
const NEWS = 10_000;

/** Milliseconds to collect topics whose heads are asked for, so that a crowd that arrives asks once. */
const COLLECTING = 2;

/** One topic as this instance knows it: every event, once, in order. */
export interface Feed {
  readonly topic: string;
  /** The `seq` of the last event that is known here. */
  readonly last: number;
  /**
   * What comes after a place, oldest first, at most 200 at a time; none when nothing came yet.
   *
   * @returns undefined when the log does not reach back that far.
   */
  read(after: number): Promise<readonly LoggedEvent[] | undefined>;
}

/** A feed that somebody follows. */
export interface Following {
  readonly feed: Feed;
  stop(): void;
}

/** The topics that somebody on this instance follows: one reader each, however many follow it. */
export interface Feeds {
  /**
   * Follows a topic from now on: what is committed from here on is heard, whatever becomes of the bus.
   *
   * @param advanced called after one or more events came; they are to be read.
   */
  follow(topic: string, advanced: () => void): Promise<Following>;
  /** The `seq` of the last event that is committed in a topic now; 0 for none. */
  headOf(topic: string): Promise<number>;
  /** Looks at the log now, for these topics or for all. */
  refresh(topics?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface FeedsOptions {
  readonly db: Database;
  readonly bus: Bus;
  /** Topics that are looked after at every beat, even when the bus is well: rights that were lost. */
  readonly urgent: ReadonlySet<string>;
  /** Hears the first of several failures to read the log. */
  readonly report: (error: unknown) => void;
  /** Hears of each event of the topics that somebody follows before they do; of one that is no news perhaps not. */
  readonly heard?: (events: readonly LoggedEvent[]) => void;
}

function createReader({ db, heard }: Pick<FeedsOptions, 'db' | 'heard'>, topic: string) {
  const followers = new Set<() => void>();
  /** The last events, without a hole, up to `last`. */
  let recent: LoggedEvent[] = [];
  let last = -1;
  /** The highest `seq` that somebody spoke of, and how often anybody did. */
  let wanted = 0;
  let wishes = 0;
  let filling: Promise<void> | undefined;
  let isBroken = false;

  const take = (event: LoggedEvent): boolean => {
    if (event.seq !== last + 1) return false;
    last = event.seq;
    heard?.([event]);
    recent.push(event);
    if (recent.length > 2 * REMEMBERED) recent = recent.slice(-REMEMBERED);
    return true;
  };
  const tell = (): void => {
    for (const advanced of followers) advanced();
  };
  /** Whoever was away longer than the log reaches back finds that out by reading; here it goes on. */
  const skipTo = (seq: number): void => {
    last = seq;
    recent = [];
  };
  const note = (seq: number): void => {
    wanted = Math.max(wanted, seq);
    wishes += 1;
  };

  const fillHole = async (): Promise<void> => {
    while (last < wanted) {
      const before = wishes;
      const events = await readEvents(db, topic, last, READ_AT_ONCE);
      const [first] = events;
      if (first === undefined) {
        // Somebody spoke of what is not in the log: it is not looked for again and again.
        if (wishes === before) wanted = last;
        continue;
      }
      if (first.seq > last + 1) skipTo(first.seq - 1);
      const found = events.filter(take).length;
      if (found > 0) {
        signals.hole.say({ topic, events: found });
        tell();
      }
    }
  };
  /** Reads what is wanted, as far as the log has it. */
  const fillUp = async (): Promise<void> => {
    // oxlint-disable-next-line no-unmodified-loop-condition -- both are, by what is called and what is heard
    while (last < wanted) {
      filling ??= fillHole().finally(() => (filling = undefined));
      await filling;
    }
  };

  const reader = {
    topic,
    followers,
    get last() {
      return last;
    },
    /** Where the topic stands as this instance begins to listen; everything after it will be heard. */
    begin(head: number): void {
      last = head;
      fillUp().catch(() => undefined);
    },
    /** Somebody says that there is something up to here. */
    want(seq: number): void {
      note(seq);
      // A failure shows at the next beat.
      if (last >= 0) fillUp().catch(() => undefined);
    },
    hear(event: LoggedEvent): void {
      if (last >= 0 && filling === undefined && take(event)) tell();
      else if (event.seq > last) reader.want(event.seq);
    },
    /** The log says less than it did: a database that was restored, or fell back. What was heard is no part of it any more. */
    break(): void {
      isBroken = true;
      tell();
    },
    /** Reads what is missing up to where the log ends. */
    async fill(head: number): Promise<void> {
      note(head);
      await fillUp();
      if (last >= head) return;
      // It was forgotten before it was heard.
      skipTo(head);
      tell();
    },
    async read(after: number): Promise<readonly LoggedEvent[] | undefined> {
      if (isBroken) return undefined;
      if (after >= last) return [];
      const [oldest] = recent;
      if (oldest !== undefined && oldest.seq <= after + 1) {
        return recent.slice(after + 1 - oldest.seq, after + 1 - oldest.seq + READ_AT_ONCE);
      }
      const events = await readEvents(db, topic, after, READ_AT_ONCE);
      if (events[0]?.seq !== after + 1) return undefined;
      // Committed before this instance listened, maybe on another one: nobody here has heard of them.
      const news = events.filter(({ occurredAt }) => Date.now() - Date.parse(occurredAt) < NEWS);
      if (news.length > 0) heard?.(news);
      return events;
    },
  };
  return reader;
}

type Reader = ReturnType<typeof createReader>;

/** @see Feeds */
export function createFeeds(options: FeedsOptions): Feeds {
  const { db, bus, urgent, report } = options;
  const readers = new Map<string, { readonly reader: Reader; readonly ready: Promise<() => void> }>();

  const heads = createHeads(db, (batch) => setTimeout(batch, COLLECTING));

  /** Begins to listen before it asks where the topic stands: nothing falls between the two. */
  const open = (topic: string) => {
    const reader = createReader(options, topic);
    const ready = (async () => {
      // What takes rights away counts only as the log has it; a message of it is no more than a wake-up.
      const hear = (event: LoggedEvent): void =>
        urgent.has(topic) ? reader.want(event.seq) : reader.hear(event);
      const stopListening = await bus.listen(topic, hear);
      try {
        reader.begin(await heads.load(topic));
      } catch (error) {
        stopListening();
        throw error;
      }
      return stopListening;
    })();
    const opened = { reader, ready };
    readers.set(topic, opened);
    ready.catch(() => {
      if (readers.get(topic) === opened) readers.delete(topic);
    });
    return opened;
  };

  const catchUp = async (topics: readonly string[]): Promise<void> => {
    if (topics.length === 0) return;
    // As of before the look: what is heard meanwhile may be newer than what it finds.
    const known = new Map(topics.map((topic) => [topic, readers.get(topic)?.reader.last ?? -1]));
    const found = await headsOf(db, topics, 'events.beat');
    const fills = topics.map(async (topic) => {
      const opened = readers.get(topic);
      const [last, head] = [known.get(topic) ?? -1, found.get(topic) ?? 0];
      if (opened === undefined || last < 0) return;
      if (head >= last) return opened.reader.fill(head);
      readers.delete(topic);
      opened.reader.break();
    });
    await Promise.all(fills);
  };

  let beat = 0;
  const isReliable = (): boolean => bus.isShared && bus.isHealthy;
  const followed = (isUrgent: boolean): string[] =>
    [...readers.keys()].filter((topic) => urgent.has(topic) === isUrgent);
  // Each by itself: a long hole in one topic keeps nobody their rights.
  const beats = [
    every(
      BEAT,
      async () => {
        await catchUp(followed(true));
        return undefined;
      },
      report,
    ),
    every(
      BEAT,
      async () => {
        beat += 1;
        if (!isReliable() || beat % BEATS_BETWEEN_FULL === 0) await catchUp(followed(false));
        return undefined;
      },
      report,
    ),
  ];
  const refresh = (topics: readonly string[] = [...readers.keys()]): Promise<void> => catchUp(topics);
  bus.onGap(() => void refresh().catch(() => undefined));

  return {
    async follow(topic, advanced) {
      const opened = readers.get(topic) ?? open(topic);
      const { reader, ready } = opened;
      reader.followers.add(advanced);
      const stop = (): void => {
        if (!reader.followers.delete(advanced) || reader.followers.size > 0) return;
        if (readers.get(topic) === opened) readers.delete(topic);
        ready.then((stopListening) => stopListening()).catch(() => undefined);
      };
      try {
        await ready;
      } catch (error) {
        stop();
        throw error;
      }
      return { feed: reader, stop };
    },
    headOf: (topic) => heads.load(topic),
    refresh,
    async stop() {
      await Promise.all(beats.map((one) => one.stop()));
    },
  };
}
