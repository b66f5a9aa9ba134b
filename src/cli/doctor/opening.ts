import { type DatabaseClient, openDatabase } from '../../db/client.js';

/** Milliseconds that a database may take for an answer. */
const PATIENCE = 5_000;

/** A database to look at, over a connection of its own. */
export const openToLook = (url: string): DatabaseClient =>
  openDatabase({ url, poolSize: 1, statementTimeout: PATIENCE });
