import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Config } from '../../config.js';
import { beginConnecting, createRedis, endConnection } from '../../redis.js';
import { type Finding, ok, problem, warning } from './findings.js';

/** The oldest version that is tested. */
const OLDEST = 7;

/** Milliseconds of a command there and back from which on it holds up requests. */
const SLOW = 20;

type Facts = ReadonlyMap<string, string>;

/** INFO as names and values. */
const factsIn = (info: string): Facts =>
  new Map(
    info.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );

function checkVersion(facts: Facts): Finding {
  const version = facts.get('redis_version') ?? '?';
  return Number.parseInt(version, 10) >= OLDEST
    ? ok('redis.version', `Redis ${version}`)
    : warning('redis.version', `Redis ${version} is older than what is tested`, `use ${OLDEST} or newer`);
}

/** What it does when it is full. Counters that it drops let more through than they should. */
function checkMemory(facts: Facts): Finding {
  const policy = facts.get('maxmemory_policy') ?? 'noeviction';
  const limit = Number(facts.get('maxmemory') ?? 0);
  if (policy !== 'noeviction' && limit > 0) {
    return warning(
      'redis.memory',
      `Redis drops keys when it is full (maxmemory-policy ${policy}): limits forget what was counted`,
      'set maxmemory-policy to noeviction; when it is full each instance counts for itself',
    );
  }
  return ok(
    'redis.memory',
    limit > 0
      ? `Redis keeps up to ${Math.round(limit / 1_048_576)} MB, ${policy}`
      : 'Redis has no memory limit',
  );
}

/** Does what instances do, with a key and a channel of its own. */
async function tryRights(redis: Redis): Promise<Finding> {
  const name = `tidings:doctor:${randomUUID()}`;
  try {
    await redis.eval("return redis.call('set', KEYS[1], '1', 'PX', 1000)", 1, name);
    await redis.del(name);
    await redis.publish(name, '');
    await redis.subscribe(name);
    await redis.unsubscribe(name);
    return ok('redis.rights', 'Redis lets us write, run scripts and listen');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return reason.startsWith('READONLY')
      ? problem('redis.rights', 'Redis is a replica, which cannot be written', 'set REDIS_URL to its primary')
      : problem(
          'redis.rights',
          `Redis does not let us do what we need: ${reason}`,
          'give the user of REDIS_URL ~* &* +@all -@admin -@dangerous +info',
        );
  }
}

const LET_IN = /NOAUTH|WRONGPASS|invalid (username|password)|AUTH/i;

async function whatIsWrong(redis: Redis, errors: readonly Error[]): Promise<Finding> {
  const reason = errors.map(({ message }) => message).find((message) => message !== '') ?? redis.status;
  return LET_IN.test(reason)
    ? problem('redis', 'Redis does not let us in', 'check user and password in REDIS_URL')
    : problem(
        'redis',
        `Redis (REDIS_URL) does not answer: ${reason}. Instances go on without it, each for itself`,
        'check REDIS_URL, and that Redis runs there',
      );
}

/** What several instances do without Redis. */
function checkAlone({ production, replicaUrls }: Config, instances: number): readonly Finding[] {
  const alone = 'no REDIS_URL: each instance counts limits for itself';
  const findings = [
    production ? warning('redis', alone, 'set it when there are several instances') : ok('redis', alone),
  ];
  if (replicaUrls.length > 0 && instances > 1) {
    findings.push(
      warning(
        'redis.replicas',
        'there are replicas and no REDIS_URL: who wrote on one instance does not see it at once on another',
        'set REDIS_URL, the same for all instances',
      ),
    );
  }
  return findings;
}

/** A start goes on without Redis; whoever gave an address wants it there. */
export async function checkRedis(config: Config, instances: number): Promise<readonly Finding[]> {
  const { redisUrl } = config;
  if (redisUrl === undefined) return checkAlone(config, instances);
  const errors: Error[] = [];
  const redis = await createRedis(redisUrl);
  redis.on('error', (error: Error) => errors.push(error));
  try {
    await beginConnecting(redis);
    const began = performance.now();
    await redis.ping();
    const took = Math.ceil(performance.now() - began);
    const facts = factsIn(await redis.info());
    return [
      took < SLOW
        ? ok('redis', `Redis answers within ${took} ms`)
        : warning(
            'redis',
            `Redis takes ${took} ms for an answer`,
            'put it nearer: every request waits for it',
          ),
      checkVersion(facts),
      checkMemory(facts),
      await tryRights(redis),
    ];
  } catch (error) {
    if (error instanceof Error) errors.push(error);
    return [await whatIsWrong(redis, errors)];
  } finally {
    await endConnection(redis);
  }
}
