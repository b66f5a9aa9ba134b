import type { Redis, Result } from 'ioredis';

declare module 'ioredis' {
  // The names of its parameters have to be those of ioredis.
  interface RedisCommander<Context> {
    useBucket(
      key: string,
      maximum: number,
      restoreRate: number,
      told: string,
      wanted: number,
    ): Result<[isGranted: number, used: string], Context>;
  }
}

/**
 * KEYS[1]: `used at`, the points that are gone and when that was so, by Redis' clock, so that no clock of an instance matters;
 * nothing for a full bucket. ARGV: the size of the bucket, points that were taken in any case (given back: below zero), points
 * to take if they are there. Answers whether they were, and how many are gone now; a string, as Redis would cut a number.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local maximum, rate, told, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local used = 0
local state = redis.call('GET', KEYS[1])
if state then
  local before, at = string.match(state, '^(%S+) (%S+)$')
  used = math.max(0, tonumber(before) - math.max(0, now - tonumber(at)) * rate / 1000)
end
used = math.max(0, used + told)
local isGranted = 0
if used + wanted <= maximum then
  isGranted = 1
  used = used + wanted
end
if used > 0 then
  local untilFull = string.format('%.0f', math.ceil(used * 1000 / rate))
  redis.call('SET', KEYS[1], string.format('%.3f %.3f', used, now), 'PX', untilFull)
elseif state then
  redis.call('DEL', KEYS[1])
end
return {isGranted, string.format('%.3f', used)}`;

/** Teaches a connection the command `useBucket`. */
export function defineUseBucket(redis: Redis): void {
  redis.defineCommand('useBucket', { numberOfKeys: 1, lua: SCRIPT });
}
