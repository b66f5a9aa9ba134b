import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.js';
import { anyOf, named, namedSql, readiedSql } from '../db/statement.js';
import { topics } from '../db/tables/events.js';
import type { LoggedEvent, NewEvent } from './catalogue.js';

/** A moment as ISO 8601, UTC, with milliseconds, whatever the connection's zone. */
const isoOf = (column: string) =>
  sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** What the log adds to an event. */
interface Place {
  readonly seq: string;
  readonly access_seq: string;
  readonly occurred_at: string;
}

const placeOf = ({ seq, access_seq, occurred_at }: Place) => ({
  seq: Number(seq),
  occurredAt: occurred_at,
  accessSeq: Number(access_seq),
});

const append = readiedSql<{ readonly events: string }, Place & { readonly place: number }>(
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
      -- The clock, and which rights were lost, are read with the topic in hand: later numbers have later ones.
      returning name, head, clock_timestamp()::timestamptz(3) as moment, access_head() as access_seq
    ), numbered as (
      select given.*, heads.head - count(*) over (partition by topic) + turn as seq,
        heads.moment, heads.access_seq
      from given join heads on heads.name = given.topic
    ), appended as (
      insert into events (topic, seq, type, payload, access_seq, created_at)
      select topic, seq, type, payload, access_seq, moment from numbered
    )
    select place, seq, access_seq, ${isoOf('moment')} as occurred_at from numbered`,
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
  const places = new Map(rows.map((row) => [row.place, placeOf(row)]));
  return events.map((event, place) => {
    const found = places.get(place);
    if (found === undefined) throw new Error('An event that was appended has no place.');
    return { ...event, ...found };
  });
}

/**
 * The `seq` of the last event of each topic, 0 for one that had none; as of the snapshot that `db` reads.
 *
 * @param statement its name, for who looks without being asked.
 */
export async function headsOf(
  db: Database,
  names: readonly string[],
  statement: 'events.heads' | 'events.beat' = 'events.heads',
): Promise<ReadonlyMap<string, number>> {
  const rows = await named(
    statement,
    db
      .select({ name: topics.name, head: topics.head })
      .from(topics)
      .where(anyOf(topics.name, names, 'text')),
  );
  const heads = new Map(rows.map(({ name, head }) => [name, head]));
  return new Map(names.map((name) => [name, heads.get(name) ?? 0]));
}

type EventRow = NewEvent & Place;

const EVENT = sql`topic, seq, type, payload, access_seq, ${isoOf('created_at')} as occurred_at`;

/** What a row of the log says. The log keeps what {@link appendEvents} was given, so a row has the type it had there. */
const eventOf = ({ seq, access_seq, occurred_at, ...event }: EventRow): LoggedEvent => ({
  ...event,
  ...placeOf({ seq, access_seq, occurred_at }),
});

const read = readiedSql<{ readonly topic: string; readonly after: number; readonly limit: number }, EventRow>(
  'events.read',
  sql`
    select ${EVENT} from events
    where topic = ${sql.placeholder('topic')} and seq > ${sql.placeholder('after')}
    order by seq limit ${sql.placeholder('limit')}`,
);

/**
 * What came in a topic after a place, in its order. The first one is `after + 1` unless the log has forgotten that: it
 * always keeps all that follows what it keeps.
 */
export async function readEvents(
  db: Database,
  topic: string,
  after: number,
  limit: number,
): Promise<LoggedEvent[]> {
  return (await read(db, { topic, after, limit })).map(eventOf);
}

/**
 * Forgets the oldest events that were kept long enough, and all before them in their topics. By the clock alone an event
 * could stay that is followed by one that went, when the clock was set back between the two. This way a topic always keeps
 * an end of itself without a hole: who reads on from a place finds the very next event, or that the log begins behind it.
 *
 * @returns how many; less than `most`: nothing old is left.
 */
export async function forgetEvents(db: Database, hours: number, most: number): Promise<number> {
  const forgotten = await namedSql(
    db,
    'events.forget',
    // `offset 0` keeps it to the key: joined freely, PostgreSQL reads all of the log.
    sql`
      delete from events where ctid = any(array(
        select up_to_last.ctid from (
          select topic, max(seq) as seq from (
            select topic, seq from events
            where created_at < now() - make_interval(hours => ${hours}::int)
            order by created_at limit ${most}
          ) as oldest group by topic
        ) as last
        cross join lateral (
          select ctid from events where events.topic = last.topic and events.seq <= last.seq offset 0
        ) as up_to_last
      )) returning seq`,
  );
  return forgotten.length;
}
