import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.js';
import { anyOf, named, readiedSql } from '../db/statement.js';
import { topics } from '../db/tables/events.js';
import type { LoggedEvent, NewEvent } from './catalogue.js';

const append = readiedSql<{ readonly events: string }, { readonly place: number; readonly seq: string }>(
  'events.append',
  sql`
    with given as (
      select place, topic, type, payload, row_number() over (partition by topic order by place) as turn
      from jsonb_to_recordset(${sql.placeholder('events')}::jsonb)
        as given(place int, topic text, type text, payload jsonb)
    ), heads as (
      insert into topics (name, head)
      select topic collate "C", count(*) from given group by topic order by topic collate "C"
      on conflict (name) do update set head = topics.head + excluded.head
      returning name, head
    ), numbered as (
      select given.*, heads.head - count(*) over (partition by topic) + turn as seq
      from given join heads on heads.name = given.topic
    ), appended as (
      insert into events (topic, seq, type, payload, created_at)
      select topic, seq, type, payload, clock_timestamp() from numbered
    )
    select place, seq from numbered`,
);

/**
 * Appends events to the log. The last statement of a transaction: from here to the commit it holds the rows of its
 * topics, so that in each topic `seq` has no hole and follows the order of the commits. Topics are locked in the order
 * of their names, so that two writers never wait for each other.
 *
 * @returns the events with their places, in the order given.
 */
export async function appendEvents(tx: Database, events: readonly NewEvent[]): Promise<LoggedEvent[]> {
  if (events.length === 0) return [];
  const rows = await append(tx, {
    events: JSON.stringify(events.map((event, place) => ({ place, ...event }))),
  });
  const seqs = new Map(rows.map(({ place, seq }) => [place, Number(seq)]));
  return events.map((event, place) => ({ ...event, seq: seqs.get(place) ?? 0 }));
}

/** The `seq` of the last event of each topic, 0 for one that had none; as of the snapshot that `db` reads. */
export async function headsOf(db: Database, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await named(
    'events.heads',
    db
      .select({ name: topics.name, head: topics.head })
      .from(topics)
      .where(anyOf(topics.name, names, 'text')),
  );
  const heads = new Map(rows.map(({ name, head }) => [name, head]));
  return new Map(names.map((name) => [name, heads.get(name) ?? 0]));
}
