import postgres from 'postgres';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startTestApp } from '../kit/app.js';
import { createTestDatabase } from '../kit/database.js';
import { createPerson } from '../kit/people.js';

it('an instance forgets old answers to mutations, old events, and sessions and API tokens that ended long ago, and no others', async () => {
  const database = await createTestDatabase();
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  onTestFinished(async () => {
    await sql.end();
    await database.drop();
  });
  const { uuid } = await createPerson({ app: { endpoint: 'http://localhost' }, sql });
  await sql`insert into sessions (id, user_id, refresh_digest, expires_at)
    select gen_random_uuid(), ${uuid}, sha256(n::text::bytea), now() - interval '40 days' from generate_series(1, 1500) n`;
  await sql`insert into idempotency_keys (viewer_id, key, fingerprint, created_at)
    select ${uuid}, 'old ' || n, 'x', now() - interval '73 hours' from generate_series(1, 1500) n`;
  await sql`insert into idempotency_keys (viewer_id, key, fingerprint, created_at)
    values (${uuid}, 'new', 'x', now() - interval '71 hours')`;

  await sql`insert into api_tokens (id, user_id, name, scopes, digest, expires_at)
    select gen_random_uuid(), ${uuid}, 'old', '{}', sha256(n::text::bytea), now() - interval '31 days' from generate_series(1, 1500) n`;
  await sql`insert into api_tokens (id, user_id, name, scopes, digest, expires_at) values
    (gen_random_uuid(), ${uuid}, 'ended', '{}', 'x', now() - interval '29 days'),
    (gen_random_uuid(), ${uuid}, 'for good', '{}', 'y', null)`;
  await sql`insert into topics (name, head) values ('a topic', 1502)`;
  await sql`insert into events (topic, seq, type, payload, created_at)
    select 'a topic', n, 'user.reinstated', '{}', now() - make_interval(hours => 50 - (n > 1500)::int * 3)
    from generate_series(1, 1502) n`;

  const app = await startTestApp({ DATABASE_URL: database.url, TIDINGS_EVENT_RETENTION_HOURS: '48' });
  onTestFinished(() => app.stop());
  await vi.waitFor(
    async () => {
      const [left] = await sql`select (select count(*) from sessions)::int as sessions,
        (select array_agg(key) from idempotency_keys) as keys,
        (select array_agg(name order by name) from api_tokens) as tokens,
        (select array_agg(seq::int order by seq) from events) as events,
        (select head::int from topics) as head`;
      expect(left).toEqual({
        sessions: 1,
        keys: ['new'],
        tokens: ['ended', 'for good'],
        events: [1501, 1502],
        head: 1502,
      });
    },
    { timeout: 15_000, interval: 20 },
  );
});
