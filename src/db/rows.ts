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

/**
 * Makes rows of what the driver reads, as drizzle does it (`mapResultRow`), which asks what kind of thing each field is for each
 * row: a tenth of the CPU of a page of posts.
 *
 * @returns undefined for rows that hold objects: they are drizzle's to make.
 */
export function rowReader(
  fields: readonly Field[],
): ((rows: readonly (readonly unknown[])[]) => Record<string, unknown>[]) | undefined {
  if (fields.some(({ path }) => path.length !== 1)) return undefined;
  const columns = fields.map(({ path: [name = ''], field }) => ({ name, decoder: decoderOf(field) }));
  return (rows) =>
    rows.map((values) => {
      const row: Record<string, unknown> = {};
      for (let place = 0; place < columns.length; place += 1) {
        const { name, decoder } = columns[place] as (typeof columns)[number];
        const value = values[place];
        row[name] = decoder === undefined || value === null ? value : decoder.mapFromDriverValue(value);
      }
      return row;
    });
}
