/** The fields of a row; null is NULL. Lines may break in them; there are no tabs and no backslashes. */
export type Row = readonly (string | number | null)[];

/** A moment in milliseconds as PostgreSQL reads it. */
export const iso = (moment: number): string => new Date(moment).toISOString();

/** A row in the text format of COPY. */
export function lineOfCopy(row: Row): string {
  let line = '';
  let before = '';
  for (const field of row) {
    const text = typeof field === 'string' && field.includes('\n') ? field.replaceAll('\n', '\\n') : field;
    line += before + (text ?? '\\N');
    before = '\t';
  }
  return `${line}\n`;
}
