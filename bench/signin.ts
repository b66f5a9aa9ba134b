/**
 * The time of a sign-in that fails, for an address that somebody has and one that nobody has: whoever can tell them apart
 * can find out who has an account. Prints the medians, how far they are apart, and how well a guess by time would do.
 *
 *     npm run bench -- signin [tries]
 *
 * Uses an embedded server in a temporary folder.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { median } from './kit/statistics.js';

const tries = Number(process.argv[2] ?? 400);
const home = await mkdtemp(join(tmpdir(), 'tidings-bench-signin-'));
// The embedded server's own user has to pass through.
await chmod(home, 0o755);

const app = createApp({
  config: readConfig({
    PORT: '0',
    TIDINGS_DATA_DIR: home,
    TIDINGS_DEMO: '0',
    TRUSTED_PROXIES: '127.0.0.1,::1',
  }),
  logger: pino({ level: 'error' }),
});

try {
  const endpoint = await app.start();
  /** Each from an address of its own, so that none is throttled. */
  const send = async (query: string): Promise<number> => {
    const began = performance.now();
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`,
      },
      body: JSON.stringify({ query }),
    });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(answer);
    return performance.now() - began;
  };
  const signUp = (name: string): Promise<number> =>
    send(
      `mutation { signUp(input: { email: "${name}@example.org", username: "${name}", password: "a password of the bench" }) { userErrors { code } } }`,
    );
  const signIn = (name: string): Promise<number> =>
    send(
      `mutation { signIn(input: { email: "${name}@example.org", password: "a wrong password" }) { userErrors { code } } }`,
    );

  // One account for every nine tries: after ten an account is throttled.
  const known: string[] = [];
  for (let n = 0; n < Math.ceil((tries + 20) / 9); n += 1) {
    known.push(`user-${randomUUID().slice(0, 13)}`);
    await signUp(known.at(-1) ?? '');
  }
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let round = -20; round < tries; round += 1) {
    const pair = {
      known: known[(round + 20) % known.length] ?? '',
      unknown: `user-${randomUUID().slice(0, 13)}`,
    };
    // In turn, and either first as often: whatever drifts meets both.
    const order = round % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const kind of order) {
      const time = await signIn(pair[kind]);
      if (round >= 0) times[kind].push(time);
    }
  }
  const middle = median([...times.known, ...times.unknown]);
  const rightly =
    times.known.filter((time) => time > middle).length +
    times.unknown.filter((time) => time <= middle).length;
  const share = rightly / (times.known.length + times.unknown.length);
  const [one, other] = [median(times.known), median(times.unknown)];
  console.log(`known address    median ${one.toFixed(2)} ms`);
  console.log(`unknown address  median ${other.toFixed(2)} ms`);
  console.log(
    `apart by ${Math.abs(one - other).toFixed(2)} ms; a guess by time is right in ${(100 * Math.max(share, 1 - share)).toFixed(0)} % (50 % is chance)`,
  );
} finally {
  await app.drain();
  await rm(home, { recursive: true, force: true });
}
