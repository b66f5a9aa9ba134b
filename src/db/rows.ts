import { Column, is, SQL, Subquery } from 'drizzle-orm';

/** What a statement of drizzle's reads into a row, in the order of its columns. */
export interface Field {
  /** The names that lead to it: more than one where rows hold objects. */
  readonly path: readonly string[];
  readonly field: unknown;
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

type Decoded = { readonly decoder: Decoder };

const { decoder: noDecoder } = new SQL([]) as unknown as Decoded;

/** What reads a field's values; undefined: they are what the row holds. */
function decoderOf(field: unknown): Decoder | undefined {
  if (is(field, Column)) {
    // Most columns have none of their own.
    const isOwn = field.mapFromDriverValue !== Column.prototype.mapFromDriverValue;
    return isOwn ? field : undefined;
  }
  const written = is(field, SQL)
    ? field
    : is(field, Subquery)
      ? field._.sql
      : (field as { readonly sql: SQL }).sql;
  const { decoder } = written as unknown as Decoded;
  return decoder === noDecoder ? undefined : decoder;
}

/** A value of an object, at its place among those that the driver reads. */
interface Part {
  readonly name: string;
  readonly place: number;
  readonly decoder: Decoder | undefined;
}

type Values = readonly unknown[];
type Row = Record<string, unknown>;

function fill(row: Row, parts: readonly Part[], values: Values): Row {
  for (const { name, place, decoder } of parts) {
    const value = values[place];
    row[name] = decoder === undefined || value === null ? value : decoder.mapFromDriverValue(value);
  }
  return row;
}

/** Parts by the object that they are of. */
function objectsOf(fields: readonly Field[]): Map<string, Part[]> {
  const objects = new Map<string, Part[]>();
  for (const [place, { path, field }] of fields.entries()) {
    if (path.length !== 2) continue;
    const [object = '', name = ''] = path;
    objects.set(object, [...(objects.get(object) ?? []), { name, place, decoder: decoderOf(field) }]);
  }
  return objects;
}

/**
 * Makes rows of what the driver reads, as drizzle does it (`mapResultRow`), which asks what kind of thing each field is for each
 * row: a tenth of the CPU of a page of posts. An object in a row is a row of another table that was joined: null when nothing of
 * it is there. Rows are for several (statement.ts): they cannot be changed.
 *
 * @returns undefined for rows that hold objects in objects: they are drizzle's to make.
 */
export function rowReader(fields: readonly Field[]): ((rows: readonly Values[]) => Row[]) | undefined {
  if (fields.some(({ path }) => path.length > 2)) return undefined;
  const parts = fields.flatMap(({ path: [name = '', below], field }, place) =>
    below === undefined ? [{ name, place, decoder: decoderOf(field) }] : [],
  );
  const objects = [...objectsOf(fields)];
  return (rows) =>
    rows.map((values) => {
      const row = fill({}, parts, values);
      for (const [name, within] of objects) {
        const isThere = within.some(({ place }) => values[place] !== null);
        row[name] = isThere ? Object.freeze(fill({}, within, values)) : null;
      }
      return Object.freeze(row);
    });
}
