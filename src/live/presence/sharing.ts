import { randomUUID } from 'node:crypto';
import type { Redis, Result } from 'ioredis';
import { z } from 'zod';
import { endConnection } from '../../redis.js';

declare module 'ioredis' {
  // The names of its parameters have to be those of ioredis.
  interface RedisCommander<Context> {
    shareReaders(
      key: string,
      instance: string,
      count: number,
      longestSilence: number,
    ): Result<number, Context>;
  }
}

/**
 * KEYS[1]: a hash, for each instance `count:seenAt`. ARGV: the instance, its count, milliseconds until one is forgotten. Time is
 * that of Redis, so no clock of an instance matters. Answers the sum.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest = tonumber(ARGV[3])
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%s:%.0f', ARGV[2], now))
end
local sum = 0
local fields = redis.call('HGETALL', KEYS[1])
for place = 1, #fields, 2 do
  local count, seenAt = string.match(fields[place + 1], '^(%d+):(%d+)$')
  if count and now - tonumber(seenAt) < longest then
    sum = sum + tonumber(count)
  else
    redis.call('HDEL', KEYS[1], fields[place])
  end
end
redis.call('PEXPIRE', KEYS[1], longest)
return sum`;

/** Where instances say of which posts the number of their readers changed. */
const HINTS = 'tidings:readers';

const hint = z.object({ from: z.string(), postIds: z.array(z.string()) });

/** Refreshes that an instance may miss until the others forget it. */
const MISSES = 5;

/** Milliseconds that changes are collected for. */
const COLLECTING = 100;

/** The readers of this instance, and where to put what is learned of the others. */
export interface ReadersHere {
  /** The posts that somebody here reads or watches. */
  postIds(): readonly string[];
  countHere(postId: string): number;
  /** @param others how many other instances have; 0 while that cannot be known. */
  learn(postId: string, others: number): void;
}

/** The numbers of readers, shared by all instances. */
export interface Sharing {
  /** The number here changed: it is shared, and the others are told to look. */
  changed(postId: string): void;
  /** Somebody here wants to know, now and not with the next refresh. */
  wanted(postId: string): void;
  close(): Promise<void>;
}

function readHint(text: string): z.infer<typeof hint> | undefined {
  try {
    return hint.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Begins to share. @param interval milliseconds between two refreshes. */
export function shareReaders(redis: Redis, interval: number, here: ReadersHere): Sharing {
  const instance = randomUUID();
  const changed = new Set<string>();
  const wanted = new Set<string>();
  let collecting: NodeJS.Timeout | undefined;
  let isClosed = false;
  redis.defineCommand('shareReaders', { numberOfKeys: 1, lua: SCRIPT });

  /** @param news of which of them the others are told. */
  const share = async (
    postIds: readonly string[],
    news: readonly string[],
    countOf = (postId: string): number => here.countHere(postId),
  ): Promise<void> => {
    if (postIds.length === 0) return;
    const counts = postIds.map(countOf);
    const pipeline = redis.pipeline();
    for (const [place, postId] of postIds.entries()) {
      pipeline.shareReaders(`tidings:readers:${postId}`, instance, counts[place] ?? 0, interval * MISSES);
    }
    if (news.length > 0) pipeline.publish(HINTS, JSON.stringify({ from: instance, postIds: news }));
    const answers = await pipeline.exec().catch(() => null);
    for (const [place, postId] of postIds.entries()) {
      const sum = answers?.[place]?.[1];
      here.learn(postId, typeof sum === 'number' ? sum - (counts[place] ?? 0) : 0);
    }
  };

  const shareAll = (): void => void share(here.postIds(), []);

  const shareCollected = (): void => {
    collecting = undefined;
    const news = [...changed];
    const all = [...new Set([...changed, ...wanted])];
    changed.clear();
    wanted.clear();
    void share(all, news);
  };

  const collect = (into: Set<string>, postId: string): void => {
    if (isClosed) return;
    into.add(postId);
    collecting ??= setTimeout(shareCollected, COLLECTING);
  };

  // A connection that hears can do nothing else in old versions of Redis. Without it the next refresh has the news.
  // It asks to listen by itself: when ioredis does, nobody hears that it was not answered, which ends the process.
  const ear = redis.duplicate({ autoResubscribe: false });
  const listen = (): void => {
    if (ear.status === 'ready') ear.subscribe(HINTS).catch(() => undefined);
  };
  ear.on('error', () => undefined);
  ear.on('ready', listen);
  ear.on('message', (_, text) => {
    const heard = readHint(text);
    if (heard === undefined || heard.from === instance) return;
    const known = new Set(here.postIds());
    for (const postId of heard.postIds) if (known.has(postId)) collect(wanted, postId);
  });
  ear.connect().catch(() => undefined);

  const timer = setInterval(() => {
    shareAll();
    // Asked again and again, so that a connection that is dead without a word is noticed.
    listen();
  }, interval);
  redis.on('ready', shareAll);

  return {
    changed: (postId) => collect(changed, postId),
    wanted: (postId) => collect(wanted, postId),
    async close() {
      isClosed = true;
      clearInterval(timer);
      clearTimeout(collecting);
      redis.off('ready', shareAll);
      const left = [...new Set([...changed, ...here.postIds()])];
      await Promise.all([share(left, left, () => 0), endConnection(ear)]);
    },
  };
}
