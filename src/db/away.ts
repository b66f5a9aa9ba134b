/**
 * What the network, postgres.js or PostgreSQL says, by `code`, when the database is away, full or giving up: refused and
 * broken connections, shutting down, no such database (it is being replaced), read-only (it is being failed over),
 * statement timeout, out of connections, memory or disk, and changes that locked each other out again and again.
 */
const AWAY =
  /^(E(CONN|HOST|NET|PIPE|TIMEDOUT|AI_AGAIN|NOTFOUND)|CONNECT|08|53|57P0|57014|3D000|25006|40P01|40001)/;

/** Whether the `code` of an error says that a database cannot be asked at the moment. */
export const isAwayCode = (code: string): boolean => AWAY.test(code);
