/** The pool of a server that is compared with, as large as that of the product. */
import postgres from 'postgres';

export const sql = postgres(process.env['DATABASE_URL'] ?? '', {
  max: 10,
  onnotice: () => undefined,
  transform: postgres.camel,
});
