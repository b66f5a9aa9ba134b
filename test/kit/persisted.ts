import { createHash } from 'node:crypto';

/** The hash by which a document is known. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a client sends to name a document by its hash. */
export const extensionsFor = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });
